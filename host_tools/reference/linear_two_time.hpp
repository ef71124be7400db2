// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

/// The mean field of a linear network, exact for any reciprocity, drive, input and law of x(0)
/// (Zou & Huang 2023, linear case), as equations between n x n matrices. With D the shift by one
/// step,
///
///     R = (1 - alpha D - kappa beta^2 D R)^-1 D
///     C = (mean) (mean)^T + var x(0) h h^T + beta^2 R (g^2 C + E + nu/beta^2) R^T,
///
/// h the decay of x(0). The first is solved by Newton's method in the first column, exact after
/// log2(n) steps because D is nilpotent; the second by substitution from the first row on.
/// Work n^3 / 2 multiplications and additions, memory 7 n^2 doubles. Throws HostError on overflow.
[[nodiscard]] TwoTimeSolution solve_linear_two_time(const MeanFieldProblem& problem);

} // namespace tinymf::host
