// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "compare/theory_comparison.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// Networks that differ in their seeds, beside the recorded mean field of the same experiment:
/// C(t,t') = (1/N) sum_i x_i(t) x_i(t') and the same of phi, averaged over the networks, whose
/// scatter gives the error. The mean field is the limit N -> infinity; what finite networks lie off
/// it, a relative 1/N, is stated in the rows' origin and not added to the errors.
///
/// Compares at the times that all of them sent. Throws HostError (exit_bad_input) for fewer than
/// two networks, equal seeds, another experiment, or no common times. Work: networks T^2 N.
[[nodiscard]] TheoryComparison compare_ensemble(std::span<const Recording> networks,
                                                const Recording& mean_field);

} // namespace tinymf::host
