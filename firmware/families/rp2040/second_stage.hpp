// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tinymf::firmware::rp2040 {

/// What the boot ROM reads from the first 256 bytes of flash, copies to RAM and runs if the
/// checksum at their end is right (data sheet of the RP2040, chapter 2.8.1.3.1): it lets the core
/// execute out of flash, and goes on there. As words, little-endian.
using SecondStage = std::array<std::uint32_t, 64>;

struct RegisterValue {
    std::uint32_t address;
    std::uint32_t value;
};

/// Address of the vectors, straight after the second stage.
inline constexpr std::uint32_t vectors_address = 0x1000'0100;

/// The serial interface to the flash (chapter 4.10): every read becomes the command 03h with 24
/// bits of address and answers 32 bits, which each flash chip knows, at a quarter of the core's
/// clock. Written in this order; the last one moves the processor's vectors.
inline constexpr std::array<RegisterValue, 7> second_stage_writes{{
    {0x1800'0008, 0},                               // off while it is set up
    {0x1800'0014, 4},                               // divider
    {0x1800'0000, 31U << 16 | 3U << 8},             // frames of 32 bits, send then receive
    {0x1800'0004, 0},                               // one frame a read
    {0x1800'00f4, 0x03U << 24 | 2U << 8 | 6U << 2}, // command; bits of command / 4, of address / 4
    {0x1800'0008, 1},                               // on
    {0xe000'ed08, vectors_address},                 // VTOR
}};

/// CRC-32 as the boot ROM takes it: polynomial 04c11db7h, most significant bit of each byte first,
/// starting from all ones, not inverted at the end.
constexpr std::uint32_t boot_checksum(const SecondStage& stage) {
    std::uint32_t crc = 0xffff'ffff;
    for (std::size_t i = 0; i + 1 < stage.size(); ++i) {
        for (unsigned byte = 0; byte < 4; ++byte) {
            crc ^= (stage[i] >> (8 * byte) & 0xffU) << 24;
            for (int bit = 0; bit < 8; ++bit) {
                crc = (crc << 1) ^ ((crc >> 31) != 0 ? 0x04c1'1db7U : 0U);
            }
        }
    }
    return crc;
}

/// Puts Thumb instructions (ARMv6-M) and the constants they load in place: the instructions from
/// the front, the constants behind them.
class SecondStageWriter {
public:
    explicit constexpr SecondStageWriter(std::size_t instructions)
        : next_constant_{(instructions + 1) / 2} {}

    constexpr void load(unsigned target, std::uint32_t constant) {
        stage_[next_constant_] = constant;
        const std::size_t counter = (next_instruction_ + 2) / 2; // ahead by two instructions
        append(0x4800U | target << 8 | static_cast<unsigned>(next_constant_ - counter));
        ++next_constant_;
    }
    constexpr void load_from(unsigned target, unsigned base, unsigned word) {
        append(0x6800U | word << 6 | base << 3 | target);
    }
    constexpr void store_to(unsigned source, unsigned base) {
        append(0x6000U | base << 3 | source);
    }
    constexpr void set_stack_pointer(unsigned source) {
        append(0xf380U | source);
        append(0x8808U);
    }
    constexpr void go_to(unsigned target) { append(0x4700U | target << 3); }

    constexpr SecondStage finished() {
        stage_.back() = boot_checksum(stage_);
        return stage_;
    }

private:
    constexpr void append(unsigned instruction) {
        stage_[next_instruction_ / 2] |= instruction << (16 * (next_instruction_ % 2));
        ++next_instruction_;
    }

    SecondStage stage_{};
    std::size_t next_instruction_ = 0;
    std::size_t next_constant_;
};

constexpr SecondStage make_second_stage() {
    constexpr std::size_t a_write = 3;
    constexpr std::size_t the_jump = 6;
    SecondStageWriter code{a_write * second_stage_writes.size() + the_jump};
    for (const auto [address, value] : second_stage_writes) {
        code.load(0, address);
        code.load(1, value);
        code.store_to(1, 0);
    }
    code.load(0, vectors_address);
    code.load_from(1, 0, 0);
    code.load_from(2, 0, 1);
    code.set_stack_pointer(1);
    code.go_to(2);
    return code.finished();
}

} // namespace tinymf::firmware::rp2040
