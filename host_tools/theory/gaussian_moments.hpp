// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>

#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// Averages over x ~ N(0, variance) of one activation.
struct GaussianMoments {
    double output_variance; ///< q = <phi^2>
    double mean_slope;      ///< b = <phi'>
    double slope_square;    ///< <phi'^2>, infinite for a power of 1/2 or less
};

/// Closed forms for linear, relu, erf and power_law, a trapezoid rule in x / sqrt(variance) for
/// the others (spectrally convergent: they are analytic on the real axis). `variance` > 0.
[[nodiscard]] GaussianMoments gaussian_moments(const experiment::Parameters<double>& parameters,
                                               double variance);

/// E|z|^order, z ~ N(0, 1), order > -1; infinite otherwise.
[[nodiscard]] double absolute_normal_moment(double order);

/// Step of a trapezoid rule in z for which the average of the activation over x = sqrt(variance) z
/// converged: its error falls as exp(-2 pi distance / step), with the distance of the nearest
/// singularity from the real axis.
[[nodiscard]] double quadrature_step(const experiment::Parameters<double>& parameters,
                                     double variance);

/// Beyond this |z| the normal weight, against the fastest growing activation, is below rounding.
inline constexpr double quadrature_reach = 13.0;

/// phi'(0), infinite for a power below 1.
[[nodiscard]] double slope_at_rest(const experiment::Parameters<double>& parameters);

/// True when phi(x) = x for every x, however it is written.
[[nodiscard]] bool is_linear(const experiment::Parameters<double>& parameters);

} // namespace tinymf::host
