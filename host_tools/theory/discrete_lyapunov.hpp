// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "equations/time_scheme.hpp"

namespace tinymf::host {

/// Largest Lyapunov exponent per time constant of a map without reciprocity: ln(mu) / dt, where
/// mu^2 is the top eigenvalue of the tridiagonal operator on lags k
///   (T psi)_k = [beta^2 W_k - alpha^2] psi_k + alpha mu (psi_(k+1) + psi_(k-1)),
/// the counterpart of the continuum's Schroedinger problem (Engelken, Wolf & Abbott 2020).
/// `slopes` is W_k = g^2 <phi'(x_t) phi'(x_(t+k))> from k = 0 to where it is constant. alpha >= 0.
[[nodiscard]] double discrete_lyapunov_exponent(std::span<const double> slopes,
                                                const TimeScheme& scheme);

/// Where W does not depend on the lag: ln(alpha + beta g sqrt<phi'^2>) / dt, in several stages the
/// growth of a linear network of gain g sqrt<phi'^2>.
[[nodiscard]] double fixed_point_lyapunov_exponent(double gain, double slope_square,
                                                   const TimeScheme& scheme);

} // namespace tinymf::host
