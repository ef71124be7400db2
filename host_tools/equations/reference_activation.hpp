// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <Eigen/Dense>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// phi and phi' in double precision from the C++ standard library's functions, element by element.
struct ReferenceActivation {
    std::function<double(double)> value;
    std::function<double(double)> slope;

    [[nodiscard]] Eigen::MatrixXd values(const Eigen::MatrixXd& x) const {
        return x.unaryExpr(value);
    }
    [[nodiscard]] Eigen::MatrixXd slopes(const Eigen::MatrixXd& x) const {
        return x.unaryExpr(slope);
    }
};

/// At x = 0, where a power below 1 has no slope, the slope is 0 as in the model.
[[nodiscard]] ReferenceActivation
reference_activation(const experiment::Parameters<double>& parameters);

/// Distance of the singularities of phi from the real axis: pi/2 for tanh, for pade that of the
/// roots of its denominator, as values of x. Infinite without any.
[[nodiscard]] double pole_distance(const experiment::Parameters<double>& parameters);

} // namespace tinymf::host
