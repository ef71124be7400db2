// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "theory/autocorrelation.hpp"

namespace tinymf::host {

/// The largest Lyapunov exponent without reciprocity, -1 + sqrt(-E), from the lowest even level E
/// of the Schroedinger problem -psi'' - W(tau) psi = E psi, W = g^2 <phi'(x_t) phi'(x_(t+tau))>
/// (Sompolinsky, Crisanti & Sommers 1988).
///
/// W is given at lags with `stretch` = d(lag)/d(index), starting at lag 0 and ending where W has
/// become constant. The Riccati equation of psi'/psi is integrated from there back to 0 by RK4,
/// two indices a step.
[[nodiscard]] double lyapunov_from_slopes(std::span<const double> slopes,
                                          std::span<const double> stretch);

/// The same from C_x at ascending lags, which decays at a rate.
[[nodiscard]] double lyapunov_of_correlation(
    const BivariateAverage& average, double gain,
    const std::function<std::vector<double>(std::span<const double>)>& correlation,
    double decay_rate);

/// The same from C_x(tau), on lags that are dense near 0, where ReLU has a square-root cusp.
[[nodiscard]] double largest_lyapunov_exponent(const Autocorrelation& correlation, double gain);

} // namespace tinymf::host
