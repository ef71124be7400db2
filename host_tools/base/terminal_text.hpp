// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tinymf::host {

/// The text as a terminal may get it, whoever wrote it: newlines, tabs and printable UTF-8 stay,
/// every byte of anything else becomes \xNN. That is control characters of either range, marks
/// that turn the direction of writing, and bytes that are no UTF-8.
[[nodiscard]] std::string terminal_text(std::string_view text);

} // namespace tinymf::host
