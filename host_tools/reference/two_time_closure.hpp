// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <limits>

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

/// How the averages over two Gaussian inputs are found: by quadrature, which shares nothing with
/// what a device does, or, where there is one, by the series that makes thousands of steps take
/// seconds.
enum class PairRule : bool { quadrature, series };

/// The mean field without reciprocity and with a normal or fixed x(0), for any activation and any
/// integrator: the effective process is Gaussian, and its covariance closes (Sompolinsky, Crisanti
/// & Sommers 1988; Zou & Huang 2023). Each evaluation of the couplings inside a step is a field of
/// its own (equations/stage_scheme.hpp). For the field f_b[t] of a stage, with
/// K = g^2 <phi phi> + noise the covariance of fields,
///
///     <y_a[s] f_b[t]> = state(a) <x[s] f_b[t]> + sum_{c<a} field(a,c) K(c[s], b[t])
///     <y_a[t] y>      = state(a) <x[t] y> + sum_{b<a} field(a,b) <f_b[t] y> + white noise
///
/// for every earlier y, and the Gaussian averages <phi phi> by quadrature
/// (gaussian_pair_average.hpp) or by series (series_pair_average.hpp). Responses are d/dI over dt,
/// for exponential Euler over beta, to an input held over a step. Work m^2 / 2 averages, m = stages
/// n; memory 4 n^2 + 4 stages m doubles. Throws HostError on overflow, and where quadratures in the
/// plane would take more than `most_evaluations` of phi: their number grows with the variances.
[[nodiscard]] TwoTimeSolution
solve_two_time_closure(const MeanFieldProblem& problem, PairRule rule = PairRule::quadrature,
                       double most_evaluations = std::numeric_limits<double>::infinity());

/// Some 5 s where averages are unusually wide, and of 1000 points a minute where they are not.
[[nodiscard]] inline double affordable_evaluations(const MeanFieldProblem& problem) {
    constexpr double of_a_wide_pair = 4e4;
    const auto pairs = static_cast<double>(problem.points * problem.points / 2);
    return std::max(2.5e9, of_a_wide_pair * pairs);
}

} // namespace tinymf::host
