// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace tinymf::host {

/// The name that needs the fewest insertions, deletions and replacements of a character and swaps
/// of neighbours to become `written`, or nothing when even that one has little in common with it.
/// Where `written` has no dot, the last part of a dotted name may stand for it: model.gain is near
/// to gain.
[[nodiscard]] std::string nearest_name(std::string_view written,
                                       const std::set<std::string, std::less<>>& names);

} // namespace tinymf::host
