// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace tinymf::stream {

/// CRC-32C (Castagnoli: reflected polynomial 0x82F63B78, initial value and final xor all ones) of
/// the bytes added so far; "123456789" gives 0xE3069283. Hamming distance 6 up to 655 bytes
/// counting the CRC's own four.
///
/// Size 4 bytes; table 64 bytes, a half-byte an entry, because flash is scarcer than time on the
/// smallest parts. Work per byte: 2 look-ups, 2 shifts, 3 exclusive ors.
class Crc32c {
public:
    /// value() after any bytes followed by their own CRC, least significant byte first.
    static constexpr std::uint32_t residue = 0x48674BC7U;

    constexpr void add(std::uint8_t byte) {
        state_ ^= byte;
        state_ = half_byte_table[state_ & 15U] ^ (state_ >> 4U);
        state_ = half_byte_table[state_ & 15U] ^ (state_ >> 4U);
    }

    constexpr void add(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes) {
            add(byte);
        }
    }

    [[nodiscard]] constexpr std::uint32_t value() const { return ~state_; }

private:
    static constexpr std::array<std::uint32_t, 16> half_byte_table = [] {
        std::array<std::uint32_t, 16> table{};
        for (std::uint32_t index = 0; index < table.size(); ++index) {
            std::uint32_t remainder = index;
            for (int bit = 0; bit < 4; ++bit) {
                remainder = (remainder >> 1U) ^ ((remainder & 1U) != 0 ? 0x82F63B78U : 0U);
            }
            table[index] = remainder;
        }
        return table;
    }();

    std::uint32_t state_ = 0xFFFFFFFFU;
};

[[nodiscard]] constexpr std::uint32_t crc32c(std::span<const std::uint8_t> bytes) {
    Crc32c crc;
    crc.add(bytes);
    return crc.value();
}

} // namespace tinymf::stream
