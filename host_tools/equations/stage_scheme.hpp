// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "tinymf/model/integrator.hpp"

namespace tinymf::host {

/// One step of an integrator as a linear map of what it meets on the way. The field f_b, couplings
/// and input, is evaluated at the inputs y_b of `stages()` stages, of which y_0 is the state:
///
///     y_a[t] = state(a) x[t] + sum_{b<a} field(a,b) f_b[t] + white(a) n[t],
///
/// and x[t+1] is the same with a = stages(). Without reciprocity all y and f are jointly Gaussian,
/// so that with one index for time and stage the mean field of a scheme of several stages closes as
/// that of one stage does (Zou & Huang 2023; the equations of motion of Gerbelot et
/// al. 2022 for any first-order iteration).
///
/// White noise is held over a step, n / sqrt(dt), which for Heun is the product's one increment in
/// predictor and corrector; exponential Euler takes its exact variance instead.
struct StageScheme {
    Eigen::VectorXd state;  ///< stages + 1, state(0) = 1
    Eigen::MatrixXd field;  ///< (stages + 1) x stages, zero for b >= a
    Eigen::VectorXd white;  ///< stages + 1, at noise strength 1; n is standard normal
    Eigen::VectorXd offset; ///< stages; when in the step they are, 0 to 1
    /// Of the input, in responses: dt, for exponential Euler 1 - exp(-dt).
    double input_unit = 0.0;

    [[nodiscard]] Eigen::Index stages() const { return field.cols(); }
    /// What a step leaves of the state.
    [[nodiscard]] double decay() const { return state(stages()); }
    /// What a field that is constant over a step adds: 1 - decay(), so that fixed points do not
    /// depend on the scheme.
    [[nodiscard]] double field_share() const { return field.row(stages()).sum(); }
    /// dx[t+1] / dI[t] for an input held over the step: 1 for one stage, exp(-dt/2) up to O(dt^2)
    /// for more.
    [[nodiscard]] double impulse() const { return field_share() / input_unit; }
};

[[nodiscard]] StageScheme stage_scheme(model::IntegratorKind integrator, double dt);

} // namespace tinymf::host
