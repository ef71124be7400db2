// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

/// White noise sigma, Euler with dt = 0.1, x(0) of unit variance.
inline experiment::Parameters<double> euler_run(model::ActivationKind activation, double gain,
                                                double reciprocity, double sigma,
                                                std::uint32_t steps) {
    experiment::Parameters<double> parameters;
    parameters.activation = activation;
    parameters.gain = gain;
    parameters.reciprocity = reciprocity;
    parameters.noise = sigma;
    parameters.dt = 0.1;
    parameters.steps = steps;
    return parameters;
}

inline double largest_difference(const TwoTimeArrays& a, const TwoTimeArrays& b) {
    return std::max({(a.Cx - b.Cx).cwiseAbs().maxCoeff(), (a.Cphi - b.Cphi).cwiseAbs().maxCoeff(),
                     (a.Rx - b.Rx).cwiseAbs().maxCoeff(), (a.Rphi - b.Rphi).cwiseAbs().maxCoeff(),
                     (a.mean - b.mean).cwiseAbs().maxCoeff()});
}

/// z-scores of the differences of one array of two solutions, entry by entry.
struct Disagreement {
    double largest = 0.0;
    double mean_square = 0.0;
};

/// Over s <= t. Entries without an error, which neither solution samples, do not count.
inline Disagreement disagreement(const TwoTimeMatrix& a, const TwoTimeMatrix& error_of_a,
                                 const TwoTimeMatrix& b, const TwoTimeMatrix& error_of_b) {
    Disagreement found;
    double count = 0.0;
    for (Eigen::Index t = 0; t < a.rows(); ++t) {
        for (Eigen::Index s = 0; s <= t; ++s) {
            const double error = std::hypot(error_of_a(t, s), error_of_b(t, s));
            if (error > 1e-13) {
                const double z = (a(t, s) - b(t, s)) / error;
                found.largest = std::max(found.largest, std::abs(z));
                found.mean_square += z * z;
                count += 1.0;
            }
        }
    }
    found.mean_square /= std::max(count, 1.0);
    return found;
}

} // namespace tinymf::host
