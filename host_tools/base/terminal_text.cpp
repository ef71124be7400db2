// SPDX-License-Identifier: Apache-2.0
#include "base/terminal_text.hpp"

#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

namespace tinymf::host {
namespace {

/// The character that begins a text; `size` bytes long, 0 when they are no UTF-8.
struct Character {
    std::uint32_t code = 0;
    std::size_t size = 0;
};

/// As Unicode's table of well-formed byte sequences: no surrogates, no longer form than needed.
Character first_character(std::string_view text) {
    constexpr std::uint32_t continuation_bits = 6;
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const std::uint32_t lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) {
        return {};
    }
    std::uint32_t code = lead & (0x7FU >> size);
    for (std::size_t at = 1; at < size; ++at) {
        if ((byte(at) & 0xC0U) != 0x80U) {
            return {};
        }
        code = code << continuation_bits | (byte(at) & 0x3FU);
    }
    constexpr std::uint32_t least_of_three = 0x800;
    constexpr std::uint32_t least_of_four = 0x10000;
    constexpr std::uint32_t most = 0x10FFFF;
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const bool overlong =
        (size == 3 && code < least_of_three) || (size == 4 && code < least_of_four);
    return surrogate || overlong || code > most ? Character{} : Character{code, size};
}

bool is_harmless(std::uint32_t code) {
    const bool control =
        (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code < 0xA0);
    const bool turns_direction = code == 0x061C || code == 0x200E || code == 0x200F ||
                                 (code >= 0x202A && code <= 0x202E) ||
                                 (code >= 0x2066 && code <= 0x2069);
    const bool ends_line = code == 0x2028 || code == 0x2029;
    return !control && !turns_direction && !ends_line;
}

} // namespace

std::string terminal_text(std::string_view text) {
    std::string shown;
    shown.reserve(text.size());
    while (!text.empty()) {
        const Character character = first_character(text);
        const std::size_t size = character.size == 0 ? 1 : character.size;
        if (character.size != 0 && is_harmless(character.code)) {
            shown += text.substr(0, size);
        } else {
            for (const char c : text.substr(0, size)) {
                shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
            }
        }
        text.remove_prefix(size);
    }
    return shown;
}

} // namespace tinymf::host
