// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theory/finite_size_term.hpp"
#include "theory/linear_correlation.hpp"

namespace tinymf::host {

/// 1/N corrections to the exact covariance C of a linear network with one J, over draws of the
/// noise, by integration by parts over J (resolvent_loops.hpp).
struct LinearFiniteSize {
    FiniteSizeTerm variance;  ///< tr C / N
    FiniteSizeTerm square;    ///< tr C^2 / N
    FiniteSizeTerm dimension; ///< their quotient, (tr C)^2 / (N tr C^2); the same for its own mean
};

/// Any reciprocity, drive but `none`, and scheme of one stage; below the critical gain. The scatter
/// of square and dimension is given for a frozen drive, for others that of the dimension by
/// dimension_scatter. `self_couplings`: whether J_ii is drawn,
/// with variance (1 + reciprocity)/N, or zero as in this project's networks. Work: milliseconds for
/// a frozen drive, 1200 pairs of frequencies otherwise.
[[nodiscard]] LinearFiniteSize linear_finite_size(const LinearModel& model,
                                                  bool self_couplings = false);

/// The same of N Var(C_ij), i != j, for a frozen drive of unit strength and reciprocity 0, J_ii =
/// 0.
[[nodiscard]] FiniteSizeTerm static_spread_finite_size(double gain);

} // namespace tinymf::host
