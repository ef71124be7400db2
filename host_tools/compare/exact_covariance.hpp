// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compare/theory_comparison.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// Whether the observed statistics of the run have an exact value for its very couplings: a linear
/// network on a scheme with one stage, driven by white noise or by static noise drawn anew.
[[nodiscard]] bool has_exact_covariance(const Recording& recording);

/// What such a network observed of itself, against the exact statistics of the couplings that its
/// seed draws; no limit of large N is taken, and the errors are those of sampling alone. With A =
/// alpha + beta g J:
///
///     white noise: S = A S A^T + nu 1, C_x(k) = tr A^k S/N, R(k) = tr A^(k-1)/N;
///     static noise: S = sigma^2 (1 - g J)^-1 (1 - g J)^-T;
///
/// the Lyapunov exponent is ln max |eigenvalue of A|/dt. Work: some 40 N^3.
/// Throws HostError (exit_bad_input) when nothing was observed or the network is unstable.
[[nodiscard]] TheoryComparison compare_with_exact_covariance(const Recording& recording);

} // namespace tinymf::host
