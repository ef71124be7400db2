// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <complex>
#include <vector>

#include "equations/time_scheme.hpp"

namespace tinymf::host {

/// The averaged response of a linear network to a field on one neuron (Zou & Huang 2023, linear
/// case), for any reciprocity. `kappa` is reciprocity times gain squared.
///
/// In frequency it solves p R - kappa R^2 = 1, p = 1/(response without couplings), on the branch
/// that goes to 1/p.
[[nodiscard]] std::complex<double> linear_response(std::complex<double> p, double kappa);

/// R at zero frequency, the same on every grid: [1 - sqrt(1 - 4 kappa)] / (2 kappa).
[[nodiscard]] double static_linear_response(double kappa);

/// R(tau) in the continuum: a Bessel function over its argument times exp(-tau). 0 at tau = 0
/// (Ito), where the limit from above is 1.
[[nodiscard]] double linear_response_at(double tau, double kappa);

/// r[k], k = 0 .. count - 1, on a grid of time steps; r[0] = 0, r[1] = 1. Work count^2 / 2.
[[nodiscard]] std::vector<double> discrete_linear_response(const TimeScheme& scheme, double kappa,
                                                           std::size_t count);

} // namespace tinymf::host
