// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tinymf::host {

/// Everything wrong with one input, a line each, so that a user corrects all of it at once.
class ProblemList {
public:
    void add(std::string line) { lines_.push_back(std::move(line)); }

    [[nodiscard]] bool empty() const { return lines_.empty(); }

    /// Throws HostError (exit code 2) with all lines, unless there are none.
    void throw_if_any() const;

private:
    std::vector<std::string> lines_;
};

/// The text with control characters, quotes and bytes outside ASCII escaped, and its middle cut out
/// beyond `longest` characters: safe to print on a terminal, and one line.
[[nodiscard]] std::string printable(std::string_view text, std::size_t longest = 60);

} // namespace tinymf::host
