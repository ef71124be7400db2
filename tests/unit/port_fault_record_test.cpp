// SPDX-License-Identifier: Apache-2.0
#include "port/fault_record.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

#include <gtest/gtest.h>

#include "port/stack_paint.hpp"
#include "tinymf/stream/crc32c.hpp"

using tinymf::firmware::FaultCause;
using tinymf::firmware::FaultRecord;

namespace {

constexpr FaultRecord sample() {
    FaultRecord record{};
    record.cause = FaultCause::bus_fault;
    record.detail = 3;
    record.pc = 0x1234;
    record.address = 0x2fff'fffc;
    seal(record);
    return record;
}
static_assert(is_sound(sample()));

} // namespace

TEST(FaultRecord, HasTheStreamsCrc) {
    const auto bytes = std::bit_cast<std::array<std::uint8_t, 64>>(sample());
    EXPECT_EQ(sample().crc, tinymf::stream::crc32c(std::span{bytes}.first(60)));
}

TEST(FaultRecord, EveryFlippedBitMakesItUnsound) {
    for (std::size_t bit = 0; bit < 512; ++bit) {
        auto words = std::bit_cast<std::array<std::uint32_t, 16>>(sample());
        words[bit / 32] ^= 1U << (bit % 32);
        EXPECT_FALSE(is_sound(std::bit_cast<FaultRecord>(words))) << bit;
    }
}

TEST(FaultRecord, ClearedAndErasedMemoryHoldNone) {
    EXPECT_FALSE(is_sound(FaultRecord{}));
    std::array<std::uint32_t, 16> erased{};
    erased.fill(0xffff'ffff);
    EXPECT_FALSE(is_sound(std::bit_cast<FaultRecord>(erased)));
}

TEST(StackPaint, HighWaterReachesToTheDeepestChangedWord) {
    std::array<std::uint32_t, 32> stack{};
    stack.fill(tinymf::firmware::stack_paint);
    EXPECT_EQ(tinymf::firmware::painted_high_water(stack), 0U);
    stack[31] = 1;
    EXPECT_EQ(tinymf::firmware::painted_high_water(stack), 4U);
    stack[10] = 1;
    EXPECT_EQ(tinymf::firmware::painted_high_water(stack), 88U);
    stack[0] = 1;
    EXPECT_EQ(tinymf::firmware::painted_high_water(stack), 128U);
}
