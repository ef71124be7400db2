// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "compare/theory_comparison.hpp"

namespace tinymf::host {

/// Every row's z in ascending order beside the quantiles of the standard normal distribution that
/// exact error bars would give. Needs at least two rows.
[[nodiscard]] std::string plot_deviations(std::string_view name,
                                          const TheoryComparison& comparison);

/// What was observed and what was predicted, with bands of two standard errors to each side.
[[nodiscard]] std::string plot_theory_curve(std::string_view name, const TheoryCurve& curve);

} // namespace tinymf::host
