// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace tinymf::host {

/// The first line of a TOML text, from 1 on, at which the dotted names that may lie within each
/// other have more than `most_dots` dots together: those of one statement, however many lines its
/// brackets span. Nothing when there is no such line. Strings, comments and numbers do not count,
/// however long. One pass.
[[nodiscard]] std::optional<std::size_t> line_of_deep_name(std::string_view text,
                                                           std::size_t most_dots);

} // namespace tinymf::host
