// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "equations/time_scheme.hpp"
#include "theory/bivariate_average.hpp"

namespace tinymf::host {

// The stationary mean field without reciprocity in the continuum: C_x(tau) moves like a particle in
// the potential V(c) = -c^2/2 + g^2 int_0^c F (Sompolinsky, Crisanti & Sommers 1988; with white
// noise Schuecker, Goedeke & Helias 2018).

/// Where C_x(tau) ends: 0 for an odd activation without static noise, otherwise the lowest solution
/// of c = s2 + g^2 F(c) below the variance, s2 being the strength of static noise. Nothing when
/// there is none (ReLU from gain sqrt 2; static noise too strong for anything but fixed points).
[[nodiscard]] std::optional<double> correlation_plateau(const BivariateAverage& average,
                                                        double gain, double frozen_strength);

/// c'^2 of the particle that comes to rest at the plateau, as a function of its place:
/// 2 V(plateau) - 2 V(c), where static noise adds s2 c to V.
[[nodiscard]] double particle_speed_square(const BivariateAverage& average, double gain,
                                           double frozen_strength, double plateau,
                                           double covariance);

/// C_x(0) of the chaotic state under static noise, where the fixed points have lost their stability
/// (g^2 <phi'^2> > 1): the variance below theirs from which the particle, at rest, falls to the
/// plateau. Nothing for stable fixed points, and for ReLU, whose fixed points lose their stability
/// only where activity grows without bound.
[[nodiscard]] std::optional<double>
chaotic_variance(const experiment::Parameters<double>& parameters, double frozen_strength);

/// C_x(0) for no drive, white or frozen drive; 0 when the network falls silent, nothing when no
/// stationary state exists. Of several solutions the one continuous from vanishing coupling;
/// without drive, the first above 0.
///   white: s2^2/8 + V(C_x(0)) = V(plateau);   none: the same with s2 = 0;
///   frozen: C_x(0) = s2 + g^2 <phi^2>, the fixed points, stable or not.
[[nodiscard]] std::optional<double>
stationary_variance(const experiment::Parameters<double>& parameters, const Drive& drive);

} // namespace tinymf::host
