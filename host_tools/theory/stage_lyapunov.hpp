// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Eigen/Dense>

#include "equations/stage_scheme.hpp"

namespace tinymf::host {

/// Largest Lyapunov exponent per time constant of a scheme of any number of stages without
/// reciprocity: ln(mu) / dt, where mu is the growth of a step at which correlations of tangent
/// vectors are stationary. They obey the equation of the inputs' (stage_filter.hpp) with fields
/// g^2 <phi' phi'> times the correlation and no drive, the counterpart of the continuum's
/// Schroedinger problem (Sompolinsky, Crisanti & Sommers 1988; Engelken, Wolf & Abbott 2020).
///
/// `slopes` is g^2 <phi'(y_a[t+k]) phi'(y_b[t])>, a row for each pair and a column for each lag
/// from 0 to where it is constant; all finite, none negative. Work: about 20 times 4 stages^6 for
/// each lag.
[[nodiscard]] double stage_lyapunov_exponent(const Eigen::MatrixXd& slopes,
                                             const StageScheme& scheme, double dt);

/// Has the sign of -1 times that exponent, and goes through 0 with it: a twentieth of its work.
[[nodiscard]] double stage_stability_margin(const Eigen::MatrixXd& slopes,
                                            const StageScheme& scheme);

} // namespace tinymf::host
