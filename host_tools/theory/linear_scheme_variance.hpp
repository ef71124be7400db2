// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "tinymf/model/integrator.hpp"

namespace tinymf::host {

/// C_x(0) of a linear network under white noise of strength 1, stepped by an integrator that
/// multiplies each mode by a polynomial P(z) of z = dt (gain lambda - 1) and holds the noise over a
/// step: dt < |Q|^2 / (1 - |P|^2) >, Q = (P - 1) / z. The average runs over a circle without
/// reciprocity and over the semicircle law for reciprocity 1 and -1; nothing for other values,
/// where the modes are neither orthogonal nor isotropic. Not for exponential Euler.
[[nodiscard]] std::optional<double> linear_scheme_variance(model::IntegratorKind integrator,
                                                           double dt, double gain,
                                                           double reciprocity);

} // namespace tinymf::host
