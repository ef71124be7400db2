// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tinymf::host {

namespace detail {

inline constexpr std::array<std::uint32_t, 256> crc32_table = [] {
    constexpr std::uint32_t reflected_polynomial = 0xEDB88320U;
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit) {
            remainder = (remainder >> 1U) ^ ((remainder & 1U) != 0U ? reflected_polynomial : 0U);
        }
        table[byte] = remainder;
    }
    return table;
}();

} // namespace detail

/// CRC-32 of IEEE 802.3, which zip archives store for each member. (Frames use CRC-32C.)
[[nodiscard]] constexpr std::uint32_t crc32(std::string_view bytes) {
    std::uint32_t remainder = 0xFFFFFFFFU;
    for (const char byte : bytes) {
        remainder = (remainder >> 8U) ^
                    detail::crc32_table[(remainder ^ static_cast<std::uint8_t>(byte)) & 0xFFU];
    }
    return ~remainder;
}

static_assert(crc32("123456789") == 0xCBF43926U);

} // namespace tinymf::host
