// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tinymf::host {

/// The text without blanks (spaces, tabs, carriage returns) around it.
[[nodiscard]] std::string_view without_blanks(std::string_view text);

/// The finite number that the text spells, as other programs write them: blanks around it and a
/// plus in front do no harm, and one too small for a double is 0. Nothing for anything else.
[[nodiscard]] std::optional<double> written_real(std::string_view text);

/// The same for a whole number of 32 bits.
[[nodiscard]] std::optional<std::uint32_t> written_whole(std::string_view text);

} // namespace tinymf::host
