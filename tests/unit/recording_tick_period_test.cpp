// SPDX-License-Identifier: Apache-2.0
// The tick that a run was asked to keep, and the one that the board's clock makes of it.
#include "capture/tick_period.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compare/comparison.hpp"
#include "unit/judged_captures.hpp"
#include "unit/judged_run.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;
using Findings = std::vector<std::string>;

constexpr std::uint32_t watch_crystal = 32'768;

TEST(TickPeriod, IsTheNearestNumberOfCounts) {
    EXPECT_EQ(nearest_counts(1000, watch_crystal), 33U) << "32.768";
    EXPECT_EQ(nearest_counts(100, watch_crystal), 3U) << "3.28";
    EXPECT_EQ(nearest_counts(500'000, 1), 1U) << "a half is rounded upwards";
    EXPECT_EQ(nearest_counts(499'999, 1), 0U);
    EXPECT_EQ(nearest_counts(1'000'000, 4'000'000'000), 4'000'000'000U);
    EXPECT_EQ(nearest_counts(0xFFFF'FFFF, 0xFFFF'FFFF), 18'446'744'065'120U);
}

TEST(TickPeriod, IsSaidInWordsAndNumbers) {
    const TickPeriod inexact{.asked_us = 1000, .counted = CountedTick{33, watch_crystal}};
    EXPECT_EQ(to_text(inexact),
              "1000 us asked, 1007.08 us by the board's clock (33 counts of 32768 a second)");
    const nlohmann::json json = to_json(inexact);
    EXPECT_EQ(json.at("asked_us"), 1000);
    EXPECT_EQ(json.at("counts"), 33);
    EXPECT_EQ(json.at("counts_per_second"), 32768);
    EXPECT_EQ(json.at("true_us"), 1007.080078125);
    EXPECT_NEAR(json.at("deviation").get<double>(), 0.007080078125, 1e-15);
    EXPECT_EQ(to_text({.asked_us = 5, .counted = CountedTick{80, 16'000'000}}),
              "5 us asked, 5 us by the board's clock (80 counts of 16000000 a second)");
    EXPECT_EQ(to_text({.asked_us = 1'000'000, .counted = CountedTick{1, 3}}),
              "1000000 us asked, 333333.3 us by the board's clock (1 counts of 3 a second)");
}

TEST(TickPeriod, ThatIsNotToldIsTheAskedOneAlone) {
    const TickPeriod before{.asked_us = 1000};
    EXPECT_EQ(to_text(before), "1000 us asked");
    EXPECT_EQ(to_json(before), (nlohmann::json{{"asked_us", 1000},
                                               {"true_us", nullptr},
                                               {"deviation", nullptr},
                                               {"counts", nullptr},
                                               {"counts_per_second", nullptr}}));
    EXPECT_FALSE(remark_on(before));
    EXPECT_EQ(to_json(TickPeriod{}), nullptr);
    EXPECT_EQ(to_json({.asked_us = 0, .counted = CountedTick{}}), nullptr);
    EXPECT_FALSE(remark_on({.asked_us = 0, .counted = CountedTick{}}));
}

TEST(TickPeriod, IsWorthAWordFromAThousandthOn) {
    const auto remark = [](std::uint32_t counts) {
        return remark_on({.asked_us = 1'000'000, .counted = CountedTick{counts, 10'000}})
            .value_or("");
    };
    EXPECT_EQ(remark(10'000), "");
    EXPECT_EQ(remark(10'010), "") << "0.1 %";
    EXPECT_EQ(remark(9'990), "");
    EXPECT_EQ(remark(10'011), "the tick lasts 1001100 us, 0.11 % longer than the 1000000 us that "
                              "were asked: the board's clock counts 10000 a second");
    EXPECT_EQ(remark(9'989), "the tick lasts 998900 us, 0.11 % shorter than the 1000000 us that "
                             "were asked: the board's clock counts 10000 a second");
}

/// A run on a clock of 32,768 Hz, whose device tells these counts and this rate.
Findings found_with(std::uint32_t asked_us, std::optional<CountedTick> told,
                    std::optional<std::uint32_t> ticks_period) {
    JudgedRun run(
        [&](Configuration& configuration, experiment::ProfileInfo& /*profile*/) {
            configuration.tick = {.asked_us = asked_us, .counted = told};
        },
        watch_crystal);
    run.whole();
    if (ticks_period) {
        run.soundness.take_ticks({.period = *ticks_period});
    }
    return run.end().unsound();
}

TEST(TickClauses, TheTickIsTheNearestToTheOneAskedFor) {
    EXPECT_EQ(found_with(1000, CountedTick{33, watch_crystal}, 33), Findings{});
    EXPECT_EQ(found_with(1000, CountedTick{34, watch_crystal}, 34),
              Findings{"CONFIGURATION tells a tick of 34 counts, the nearest to 1000 us are 33"});
    EXPECT_EQ(found_with(1000, CountedTick{32, watch_crystal}, 32),
              Findings{"CONFIGURATION tells a tick of 32 counts, the nearest to 1000 us are 33"});
    EXPECT_EQ(found_with(1000, CountedTick{0, watch_crystal}, 0),
              Findings{"CONFIGURATION tells a tick of 0 counts, the nearest to 1000 us are 33"});
}

TEST(TickClauses, TheClockIsThatOfHello) {
    EXPECT_EQ(found_with(1000, CountedTick{33, 32'769}, 33),
              Findings{"CONFIGURATION tells of a clock of 32769 counts a second, HELLO of 32768"});
    EXPECT_EQ(found_with(1000, CountedTick{0, 0}, 33),
              (Findings{"CONFIGURATION tells of a clock of 0 counts a second, HELLO of 32768",
                        "TICKS of 33 counts, CONFIGURATION told 0"}));
}

TEST(TickClauses, TheTicksAreTheToldOnes) {
    EXPECT_EQ(found_with(1000, CountedTick{33, watch_crystal}, 32),
              Findings{"TICKS of 32 counts, CONFIGURATION told 33"});
    EXPECT_EQ(found_with(1000, std::nullopt, 32), Findings{}) << "judged as before";
}

TEST(TickClauses, WithoutATickThereIsNothingToTell) {
    EXPECT_EQ(found_with(0, CountedTick{}, std::nullopt), Findings{});
    EXPECT_EQ(found_with(0, std::nullopt, std::nullopt), Findings{});
    const std::string of_no_tick = " of a run without a tick";
    EXPECT_EQ(found_with(0, CountedTick{1, 0}, std::nullopt),
              Findings{"CONFIGURATION tells 1 counts of 0 a second" + of_no_tick});
    EXPECT_EQ(found_with(0, CountedTick{0, watch_crystal}, std::nullopt),
              Findings{"CONFIGURATION tells 0 counts of 32768 a second" + of_no_tick});
}

class ToldTicks : public JudgedCaptures {
protected:
    static constexpr std::size_t clock_from_end = 4;
    static constexpr std::size_t counts_from_end = 8;

    static ForgedCapture ticking() {
        SessionOptions options;
        options.tick_period_us = 1000;
        return base(test::two_replicas, options);
    }

    static void put_from_end(ForgedFrame& frame, std::size_t from_end, std::uint32_t value) {
        frame.put(frame.payload.size() - from_end, 4, value);
    }

    /// The same run as told by a board whose clock counts `rate` a second.
    static ForgedCapture by_clock(ForgedCapture capture, std::uint32_t rate) {
        const auto counts = static_cast<std::uint32_t>(nearest_counts(1000, rate));
        for (ForgedFrame& frame : capture.frames) {
            if (frame.is(Kind::hello)) {
                put_from_end(frame, 6, rate); // before the counter's unit and the profiles
            }
        }
        put_from_end(capture.frame(Kind::configuration), counts_from_end, counts);
        put_from_end(capture.frame(Kind::configuration), clock_from_end, rate);
        capture.frame(Kind::ticks).put(0, 4, counts);
        return capture;
    }
};

TEST_F(ToldTicks, AreReadBesideTheAskedOnes) {
    const auto path = folder_ / "run.tmf";
    ticking().write(path);
    const TickPeriod exact = read_recording(path).tick;
    EXPECT_EQ(exact.asked_us, 1000U);
    EXPECT_EQ(exact.counted, (CountedTick{1'000'000, 1'000'000'000}));
    by_clock(ticking(), watch_crystal).write(path);
    EXPECT_EQ(read_recording(path).tick.counted, (CountedTick{33, watch_crystal}));
    base(test::two_replicas).write(path);
    const TickPeriod none = read_recording(path).tick;
    EXPECT_EQ(none.asked_us, 0U);
    EXPECT_EQ(none.counted, CountedTick{});
}

TEST_F(ToldTicks, OffByACountAreNotSound) {
    const ForgedCapture whole = by_clock(ticking(), watch_crystal);
    expect_sound(whole);
    ForgedCapture more = whole;
    put_from_end(more.frame(Kind::configuration), counts_from_end, 34);
    expect_unsound(more, "CONFIGURATION tells a tick of 34 counts, the nearest to 1000 us are 33");
    ForgedCapture ticks = whole;
    ticks.frame(Kind::ticks).put(0, 4, 32);
    expect_unsound(ticks, "TICKS of 32 counts, CONFIGURATION told 33");
    ForgedCapture cut = whole;
    cut.frame(Kind::configuration).payload.pop_back();
    cut.write(folder_ / "cut.tmf");
    EXPECT_NE(judge_capture(folder_ / "cut.tmf")
                  .judgement.unsound.back()
                  .find("a frame of kind 0x04 with content that does not belong to it"),
              std::string::npos);
}

TEST_F(ToldTicks, OfACaptureWithoutThemAreNotAskedFor) {
    ForgedCapture capture = ticking();
    auto& payload = capture.frame(Kind::configuration).payload;
    payload.resize(payload.size() - counted_tick_bytes);
    expect_sound(capture);
    capture.frame(Kind::ticks).put(0, 4, 999'999); // as devices rounded that told nothing
    expect_sound(capture);
    const auto path = folder_ / "run.tmf";
    capture.write(path);
    EXPECT_EQ(read_recording(path).tick.counted, std::nullopt);
    EXPECT_TRUE(compare_capture(path, {.against = "host"}).bits->passed());
}

/// Boards with different clocks run the same experiment.
TEST_F(ToldTicks, OfAnotherClockAreTheSameExperiment) {
    const auto fast = folder_ / "fast.tmf";
    const auto slow = folder_ / "slow.tmf";
    ticking().write(fast);
    by_clock(ticking(), watch_crystal).write(slow);
    const Comparison comparison = compare_capture(slow, {.against = fast.string()});
    ASSERT_TRUE(comparison.bits);
    EXPECT_TRUE(comparison.bits->passed());
    EXPECT_TRUE(compare_capture(slow, {.against = "host"}).bits->passed());
}

} // namespace
} // namespace tinymf::host
