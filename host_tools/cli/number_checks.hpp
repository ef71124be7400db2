// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

namespace tinymf::host {

// Checks of options that are real numbers. Unlike CLI11's own range they refuse what is no finite
// number, which lies in every range because no comparison with it holds.

/// A finite number from `lowest` to `highest`.
[[nodiscard]] CLI::Validator real_between(double lowest, double highest);

/// The same, or 0: nothing between 0 and `lowest`.
[[nodiscard]] CLI::Validator zero_or_between(double lowest, double highest);

} // namespace tinymf::host
