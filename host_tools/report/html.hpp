// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tinymf::host {

/// The text with the characters escaped that mean something in HTML or an attribute; control
/// characters, which XML does not allow, become spaces.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A table of names and values; the values are escaped.
[[nodiscard]] std::string fact_table(const std::vector<std::pair<std::string, std::string>>& facts);

/// A table with a heading row. Cells are HTML already.
[[nodiscard]] std::string table(const std::vector<std::string>& heading,
                                const std::vector<std::vector<std::string>>& rows);

/// A drawing, an <svg> element, over its caption. Both are HTML already.
[[nodiscard]] std::string figure(const std::string& svg, std::string_view caption);

/// Two drawings beside each other where the page is wide enough, over one caption.
[[nodiscard]] std::string figure_pair(const std::string& left, const std::string& right,
                                      std::string_view caption);

/// A coloured word: class "pass", "fail", "unsound" or "none".
[[nodiscard]] std::string badge(std::string_view kind, std::string_view word);

/// A whole page that is well-formed XML as well as HTML 5 and loads nothing from anywhere.
[[nodiscard]] std::string page(std::string_view title, std::string_view body);

} // namespace tinymf::host
