// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

/// The mean field without reciprocity and with a normal or fixed x(0), for any activation: the
/// effective process is Gaussian, and its covariance closes (Sompolinsky, Crisanti & Sommers 1988;
/// Zou & Huang 2023, section 3.1). With K the covariance of the field,
///
///     <x_s gamma_t> = beta sum_{u<s} R_x[s,u] K[u,t]
///     C[t+1,s] = alpha C[t,s] + beta <x_s gamma_t>  and the same for s = t + 1,
///
/// and the Gaussian averages <phi phi> by quadrature (gaussian_pair_average.hpp). Work n^2 / 2
/// averages and n^3 / 3 multiplications, memory 6 n^2 doubles. Throws HostError on overflow.
[[nodiscard]] TwoTimeSolution solve_two_time_closure(const MeanFieldProblem& problem);

} // namespace tinymf::host
