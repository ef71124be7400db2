// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/parameters.hpp"

namespace tinymf::mean_field {

/// Every row that one population of a model makes, as double.
struct TwoTimeRun {
    using Triangle = std::vector<std::vector<double>>;

    Triangle Cx;
    Triangle Cphi;
    Triangle Rx;
    Triangle Rphi;
    std::vector<double> mean;
    std::vector<double> lyapunov;

    template <class T>
    void take(const TwoTimeRow<T>& row) {
        const std::vector<double> values(row.values.begin(), row.values.end());
        switch (row.array) {
        case TwoTimeArray::state_correlation:
            return Cx.push_back(values);
        case TwoTimeArray::output_correlation:
            return Cphi.push_back(values);
        case TwoTimeArray::state_response:
            return Rx.push_back(values);
        case TwoTimeArray::output_response:
            return Rphi.push_back(values);
        case TwoTimeArray::mean:
            return mean.push_back(values.at(0));
        case TwoTimeArray::lyapunov:
            return lyapunov.push_back(values.at(0));
        }
    }
};

/// Runs `model` from its first row to row `parameters.steps`.
template <class Model>
TwoTimeRun run(const model::Parameters<typename Model::Scalar>& parameters) {
    const auto model = std::make_unique<Model>();
    model->configure(parameters);
    TwoTimeRun result;
    for (std::uint32_t t = 0; t <= parameters.steps; ++t) {
        if (t > 0) {
            model->step();
        }
        for (const auto& row : model->rows()) {
            result.take(row);
        }
    }
    return result;
}

/// Largest difference between entries of two triangles of one shape.
inline double largest_difference(const TwoTimeRun::Triangle& a, const TwoTimeRun::Triangle& b) {
    double largest = 0;
    for (std::size_t t = 0; t < a.size(); ++t) {
        for (std::size_t s = 0; s < a[t].size(); ++s) {
            const double difference = a[t][s] - b.at(t).at(s);
            largest = largest < difference ? difference : largest;
            largest = largest < -difference ? -difference : largest;
        }
    }
    return largest;
}

/// White noise of strength sigma, Euler with dt = 0.1, x(0) of unit variance.
template <class T>
model::Parameters<T> white_noise_run(model::ActivationKind activation, double gain,
                                     double reciprocity, double sigma, std::uint32_t steps) {
    model::Parameters<T> parameters;
    parameters.activation = activation;
    parameters.gain = static_cast<T>(gain);
    parameters.reciprocity = static_cast<T>(reciprocity);
    parameters.noise = static_cast<T>(sigma);
    parameters.dt = static_cast<T>(0.1);
    parameters.steps = steps;
    return parameters;
}

} // namespace tinymf::mean_field
