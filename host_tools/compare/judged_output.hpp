// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "compare/mean_field_comparison.hpp"
#include "compare/reference_comparison.hpp"
#include "compare/theory_comparison.hpp"

namespace tinymf::host {

// What comparisons with the reference and with theory found, as parts of `compare --json` and as
// lines for a terminal, without a newline at the end. A failed line names the first point outside
// its bound, a passed one the point that comes nearest to it; so does `violation` (null where there
// is none) and `nearest` in JSON.

[[nodiscard]] nlohmann::json to_json(const ReferenceComparison& reference);
[[nodiscard]] std::string to_text(const ReferenceComparison& reference);

[[nodiscard]] nlohmann::json to_json(const MeanFieldDistance& mean_field);
[[nodiscard]] std::string to_text(const MeanFieldDistance& mean_field);

/// The rows alone.
[[nodiscard]] nlohmann::json to_json(const TheoryComparison& theory);
[[nodiscard]] std::string to_text(const TheoryComparison& theory);

/// "up to t = 37.5, where the bound reaches a tenth of the state's size (0.12); nearest at ..." or
/// "at t = 3, neuron 5: error 0.2, bound 0.1". For one distance of a network.
[[nodiscard]] std::string findings_of(const ReferenceComparison& reference,
                                      const BoundedDistance& distance);
[[nodiscard]] std::string findings_of(const MeanFieldDistance& mean_field);

} // namespace tinymf::host
