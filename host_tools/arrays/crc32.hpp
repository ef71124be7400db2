// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tinymf::host {

/// CRC-32 of IEEE 802.3, which zip archives store for each member, of bytes that come piece by
/// piece. (Frames use CRC-32C.) Eight tables of 256 words; eight bytes a turn.
class Crc32 {
public:
    constexpr void add(std::string_view bytes) {
        while (bytes.size() >= tables.size()) {
            std::uint32_t next = 0;
            for (std::size_t k = 0; k < tables.size(); ++k) {
                const std::uint32_t byte = static_cast<std::uint8_t>(bytes[k]);
                const std::uint32_t carried = k < 4 ? remainder_ >> (8U * k) & 0xFFU : 0U;
                next ^= tables[tables.size() - 1 - k][byte ^ carried];
            }
            remainder_ = next;
            bytes.remove_prefix(tables.size());
        }
        for (const char byte : bytes) {
            remainder_ = (remainder_ >> 8U) ^
                         tables[0][(remainder_ ^ static_cast<std::uint8_t>(byte)) & 0xFFU];
        }
    }

    [[nodiscard]] constexpr std::uint32_t value() const { return ~remainder_; }

private:
    using Table = std::array<std::uint32_t, 256>;

    /// Table k holds what a byte leaves that k more bytes follow.
    static constexpr std::array<Table, 8> tables = [] {
        constexpr std::uint32_t reflected_polynomial = 0xEDB88320U;
        std::array<Table, 8> all{};
        for (std::uint32_t byte = 0; byte < 256; ++byte) {
            std::uint32_t remainder = byte;
            for (int bit = 0; bit < 8; ++bit) {
                remainder =
                    (remainder >> 1U) ^ ((remainder & 1U) != 0U ? reflected_polynomial : 0U);
            }
            all[0][byte] = remainder;
        }
        for (std::size_t k = 1; k < all.size(); ++k) {
            for (std::size_t byte = 0; byte < 256; ++byte) {
                const std::uint32_t before = all[k - 1][byte];
                all[k][byte] = (before >> 8U) ^ all[0][before & 0xFFU];
            }
        }
        return all;
    }();

    std::uint32_t remainder_ = 0xFFFFFFFFU;
};

[[nodiscard]] constexpr std::uint32_t crc32(std::string_view bytes) {
    Crc32 crc;
    crc.add(bytes);
    return crc.value();
}

static_assert(crc32("123456789") == 0xCBF43926U);

} // namespace tinymf::host
