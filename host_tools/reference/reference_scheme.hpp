// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>

#include <Eigen/Dense>

#include "tinymf/model/integrator.hpp"

namespace tinymf::host {

/// One step of x' = -x + F(x, t) + white noise by the named scheme, in double precision.
///
/// `drive(x, offset)` gives F at the stage `offset` in {0, 1/2, 1} of the way through the step;
/// `increment` is the white noise integrated over the step. Columns of x are independent copies.
template <class Drive>
[[nodiscard]] Eigen::MatrixXd reference_step(model::IntegratorKind integrator, double dt,
                                             const Eigen::MatrixXd& x, const Drive& drive,
                                             const Eigen::MatrixXd& increment) {
    using Eigen::MatrixXd;
    const auto slope = [&drive](const MatrixXd& at, double offset) -> MatrixXd {
        return drive(at, offset) - at;
    };
    switch (integrator) {
    case model::IntegratorKind::euler:
        return x + dt * slope(x, 0.0) + increment;
    case model::IntegratorKind::exponential_euler:
        return std::exp(-dt) * x - std::expm1(-dt) * drive(x, 0.0) + increment;
    case model::IntegratorKind::heun: {
        const MatrixXd before = slope(x, 0.0);
        const MatrixXd predicted = x + dt * before + increment;
        return x + dt / 2.0 * (before + slope(predicted, 1.0)) + increment;
    }
    case model::IntegratorKind::rk4:
        break;
    }
    const MatrixXd k1 = slope(x, 0.0);
    const MatrixXd k2 = slope(x + dt / 2.0 * k1, 0.5);
    const MatrixXd k3 = slope(x + dt / 2.0 * k2, 0.5);
    const MatrixXd k4 = slope(x + dt * k3, 1.0);
    return x + dt / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
}

} // namespace tinymf::host
