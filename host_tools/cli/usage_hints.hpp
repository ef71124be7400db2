// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tinymf::host {

using Names = std::set<std::string, std::less<>>;

/// What the words of a line turned to before they could not be taken further.
struct Addressed {
    std::string command; ///< empty: the program itself
    Names options;       ///< the long ones that can stand there, with their dashes
};

/// What is wrong with a first word after the program's name that is meant as a command but is none,
/// with the nearest one that is; nothing otherwise.
[[nodiscard]] std::string unknown_command_text(const Names& commands,
                                               const std::vector<const char*>& words);

/// Why the words cannot be taken, on one line: the parser's `message`, with the nearest name that
/// is known where an option or a value of a list was written that is not.
[[nodiscard]] std::string usage_error_text(const Addressed& addressed, std::string_view message,
                                           const std::vector<const char*>& words);

} // namespace tinymf::host
