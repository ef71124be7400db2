// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "compare/theory_comparison.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// What networks observed of themselves against the theory of N -> infinity on the scheme and dt
/// that they ran: variances, correlations and responses by lag, mean gain, participation ratio and
/// spread of the covariances, largest Lyapunov exponent - whatever was asked for and theory gives.
///
/// Several networks that differ in their seeds: the error of an average over them comes from their
/// scatter, which holds sampling and disorder. One network: from the scatter of its blocks, which
/// holds sampling only. Either way |value|/(N (1 - u)^2), u = (g <phi'>)^2, is added for finite N:
/// the expansion parameter of the corrections to covariances, not their coefficient.
///
/// Throws HostError (exit_bad_input) when the networks are not of one experiment, observed nothing,
/// or theory gives nothing of it.
[[nodiscard]] TheoryComparison compare_with_theory(std::span<const Recording> networks);

} // namespace tinymf::host
