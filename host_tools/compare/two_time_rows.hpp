// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "compare/theory_comparison.hpp"
#include "equations/two_time_solution.hpp"

namespace tinymf::host {

/// Whether the observed side knows a response; a plain network does not.
enum class Responses : bool { absent, present };

/// A dozen numbers of two solutions on the same times, spread over the run: C(t,t) at its quarters,
/// C(t,t') across half of it, and the integral of R_phi. The errors of both sides are added in
/// quadrature; `origin` says what they come from.
[[nodiscard]] std::vector<TheoryRow> two_time_rows(const TwoTimeSolution& observed,
                                                   const TwoTimeSolution& predicted,
                                                   Responses responses, const std::string& origin);

/// C(t,t) against t, and C(T, T - tau) and R_phi(T, T - tau) against the lag.
[[nodiscard]] std::vector<TheoryCurve> two_time_curves(const TwoTimeSolution& observed,
                                                       const TwoTimeSolution& predicted,
                                                       Responses responses);

} // namespace tinymf::host
