// SPDX-License-Identifier: Apache-2.0
// Into how many intervals of a 24-bit timer a tick is cut.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>

#include "families/cortex_m/tick_intervals.hpp"

namespace tinymf::firmware::cortex_m {
namespace {

TEST(TickIntervals, OfWholeMicrosecondsGiveTheTickExactly) {
    std::uint64_t periods = 0;
    for (const std::uint32_t megahertz : {20U, 24U, 25U, 32U, 50U, 125U, 168U, 400U}) {
        for (std::uint32_t us = 1; us <= 1'000'000; us = us + 1 + us / 997) {
            const std::uint32_t period = us * megahertz;
            const std::uint32_t intervals = intervals_of(period, megahertz);
            ASSERT_EQ(period % intervals, 0U) << us << " us at " << megahertz << " MHz";
            ASSERT_LE(period / intervals, longest_interval);
            ASSERT_TRUE(period > longest_interval || intervals == 1);
            ++periods;
        }
    }
    std::printf("%llu periods\n", static_cast<unsigned long long>(periods));
}

TEST(TickIntervals, AreTheFewest) {
    EXPECT_EQ(intervals_of(0, 168), 0U) << "no tick";
    EXPECT_EQ(intervals_of(1, 168), 1U);
    EXPECT_EQ(intervals_of(1U << 24, 168), 1U);
    EXPECT_EQ(intervals_of((1U << 24) + 2, 168), 2U);
    EXPECT_EQ(intervals_of((1U << 24) + 5, 168), 3U) << "odd, and a multiple of 3";
    EXPECT_EQ(intervals_of(168'000'000, 168), 12U) << "11 would leave 3 counts over";
}

TEST(TickIntervals, LoseARemainderOnlyWhereNothingElseIsLeft) {
    constexpr std::uint32_t prime = 16'777'259; // the first beyond 2^24
    EXPECT_EQ(intervals_of(prime, 400), 2U);
    EXPECT_EQ(intervals_of(0xFFFF'FFFFU, 400), 257U) << "3 5 17 257 65537";
    EXPECT_EQ(intervals_of(0xFFFF'FFFFU, 256), 256U) << "16777215 counts each, 255 are lost";
}

} // namespace
} // namespace tinymf::firmware::cortex_m
