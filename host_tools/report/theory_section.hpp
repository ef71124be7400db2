// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compare/theory_comparison.hpp"

namespace tinymf::host {

/// Cells for the table of verdicts: what, verdict, finding.
[[nodiscard]] std::vector<std::string> theory_verdict_row(const TheoryComparison& comparison);

/// Every number and curve beside its prediction; of more than 40 numbers the 40 that deviate most.
/// `run` numbers the runs of a page. Throws HostError as draw_svg.
[[nodiscard]] std::string theory_section(const TheoryComparison& comparison, std::size_t run);

} // namespace tinymf::host
