// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compare/theory_comparison.hpp"
#include "recording/recording.hpp"
#include "reference/lyapunov.hpp"

namespace tinymf::host {

/// Statistics of the states that one network reported, beside the theory of N -> infinity on its
/// scheme and dt: C_x and C_phi at some lags, the mean, the mean gain, and the Lyapunov exponent
/// that the reference measured on the same couplings.
///
/// From the second half of the run, the first being taken as the way to stationarity. Errors, in
/// quadrature:
/// - sampling: the scatter of four to eight blocks, each three integrated correlation times long
///   at least (of C_x, measured), so that successive blocks are nearly independent;
/// - one draw of the couplings: sqrt(2/N) of a second moment, as N independent neurons have, and,
///   unless the state is chaotic, where u is near 1 and the expansion says nothing,
///   |value| / (N (1 - u)^2), u = (g <phi'>)^2, the expansion parameter of the corrections at
///   finite N;
/// - of the exponent, 1 + lambda being proportional to the gain in effect: (1 + lambda)/sqrt N.
///
/// Throws HostError (exit_bad_input) with the reason where there is nothing to compare: a
/// stimulus, too few states for the correlation time, or no theory.
[[nodiscard]] TheoryComparison compare_states_with_theory(const Recording& recording,
                                                          const LyapunovEstimate& lyapunov);

} // namespace tinymf::host
