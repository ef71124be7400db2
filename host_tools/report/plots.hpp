// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "compare/comparison.hpp"

namespace tinymf::host {

// One run's drawings, as <svg> elements. `name` must differ between the drawings of a page. Long
// runs are thinned out to what the eye can tell apart.

/// x_i(t) of a few neurons spread over the population. Needs at least two states.
[[nodiscard]] std::string plot_traces(std::string_view name, const Recording& recording);

/// x_i(t) of all neurons as colours, time to the right.
[[nodiscard]] std::string plot_population(std::string_view name, const Recording& recording);

/// Whether a distance or its bound is above zero anywhere: a silent network has neither.
[[nodiscard]] bool has_reference_error(const ReferenceComparison& reference);

/// Distance from the reference and its bound over time, logarithmic. Needs `has_reference_error`.
[[nodiscard]] std::string plot_reference_error(std::string_view name,
                                               const ReferenceComparison& reference);

/// Which reported states, or rows of a mean field, and digests agree with the other run.
[[nodiscard]] std::string plot_agreement(std::string_view name, const Recording& recording,
                                         const BitComparison& bits);

} // namespace tinymf::host
