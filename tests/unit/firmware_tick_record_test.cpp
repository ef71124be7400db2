// SPDX-License-Identifier: Apache-2.0
#include "app/tick_record.hpp"

#include <array>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

constexpr std::uint32_t top = std::numeric_limits<std::uint32_t>::max();

struct Told {
    std::uint32_t last_tick;
    std::uint32_t missed;
    std::uint32_t worst_late;
    std::uint32_t first_missed;
    std::uint32_t last_missed;

    friend bool operator==(const Told&, const Told&) = default;
};

Told told(const TickRecord& record) {
    const stream::TicksFrame frame = record.frame(0);
    return {.last_tick = frame.last_tick,
            .missed = frame.missed,
            .worst_late = frame.worst_late,
            .first_missed = frame.first_missed,
            .last_missed = frame.last_missed};
}

TEST(TickRecord, EveryTickReleasesOneStep) {
    TickRecord record;
    EXPECT_FALSE(record.releases_a_step());
    for (std::uint32_t tick = 1; tick <= 3; ++tick) {
        record.take({.tick = tick, .late = 10 * tick});
        EXPECT_EQ(record.running(), tick);
        EXPECT_TRUE(record.releases_a_step());
        EXPECT_FALSE(record.judge(1000)) << "no tick passed without a step";
        EXPECT_FALSE(record.releases_a_step()) << "once";
    }
    EXPECT_EQ(
        told(record),
        (Told{.last_tick = 3, .missed = 0, .worst_late = 30, .first_missed = 0, .last_missed = 0}));
}

TEST(TickRecord, TicksWithoutAStepAreMissedAndMakeTheStepLate) {
    TickRecord record;
    record.take({.tick = 1, .late = 7});
    EXPECT_FALSE(record.judge(100));
    record.take({.tick = 4, .late = 5}); // 2 and 3 passed
    EXPECT_TRUE(record.judge(100));
    EXPECT_EQ(record.missed(), 2U);
    EXPECT_EQ(
        told(record),
        (Told{
            .last_tick = 4, .missed = 2, .worst_late = 205, .first_missed = 2, .last_missed = 3}));
    record.take({.tick = 6, .late = 9}); // 5 passed; the first stays, less late than before
    EXPECT_TRUE(record.judge(100));
    EXPECT_EQ(record.last_missed(), 5U);
    EXPECT_EQ(
        told(record),
        (Told{
            .last_tick = 6, .missed = 3, .worst_late = 205, .first_missed = 2, .last_missed = 5}));
}

TEST(TickRecord, CountsOnWhenThePortBeginsAgain) {
    TickRecord record;
    record.take({.tick = 10, .late = 0});
    EXPECT_TRUE(record.judge(100));
    record.restart();
    EXPECT_EQ(record.running(), 0U);
    EXPECT_FALSE(record.releases_a_step());
    record.take({.tick = 2, .late = 0}); // 1, the eleventh of all, passed
    EXPECT_TRUE(record.judge(100));
    EXPECT_EQ(told(record), (Told{.last_tick = 12,
                                  .missed = 10,
                                  .worst_late = 900,
                                  .first_missed = 1,
                                  .last_missed = 11}));
    record.restart();
    record.take({.tick = 3, .late = 0});
    EXPECT_TRUE(record.judge(100));
    EXPECT_EQ(told(record).last_tick, 15U);
    EXPECT_EQ(told(record).last_missed, 14U);
    record.clear();
    EXPECT_EQ(told(record), Told{});
}

TEST(TickRecord, CountersStayAtTheirTop) {
    TickRecord record;
    record.take({.tick = 3, .late = top - 199});
    EXPECT_TRUE(record.judge(100)); // 2 periods and top - 199 counts
    EXPECT_EQ(told(record).worst_late, top);
    TickRecord just_below;
    just_below.take({.tick = 3, .late = top - 201});
    EXPECT_TRUE(just_below.judge(100));
    EXPECT_EQ(told(just_below).worst_late, top - 1);
    TickRecord many;
    many.take({.tick = top, .late = 0}); // top - 1 passed
    EXPECT_TRUE(many.judge(1));
    EXPECT_EQ(many.missed(), top - 1);
    many.restart();
    many.take({.tick = 5, .late = 0});
    EXPECT_TRUE(many.judge(1));
    EXPECT_EQ(many.missed(), top);
}

} // namespace
} // namespace tinymf::firmware
