// SPDX-License-Identifier: Apache-2.0
// Ticks and the times of phases: a clock under control, on which every step costs what a test says.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "app/phase_timer.hpp"
#include "app/tick_record.hpp"
#include "device_bench.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using Small = network::Network<float, 8, model::CouplingKind::gaussian>;

constexpr std::uint32_t period_us = 1000;
constexpr std::uint32_t period = period_us * 1000; ///< counts of the host's port

struct Ticks {
    std::uint32_t period = 0;
    std::uint32_t last = 0;
    std::uint32_t missed = 0;
    std::uint32_t worst_late = 0;
    std::uint32_t first_missed = 0;
    std::uint32_t last_missed = 0;
};

struct Outcome {
    Ticks ticks;
    stream::EndReason reason{};
    std::uint32_t steps = 0;
    std::uint64_t digest = 0;
};

Outcome outcome_of(const std::vector<ReceivedFrame>& frames) {
    Outcome run;
    if (const auto frame = find(frames, Kind::ticks)) {
        stream::ByteReader payload(frame->payload);
        for (std::uint32_t* value :
             {&run.ticks.period, &run.ticks.last, &run.ticks.missed, &run.ticks.worst_late,
              &run.ticks.first_missed, &run.ticks.last_missed}) {
            *value = payload.get<std::uint32_t>();
        }
        EXPECT_TRUE(payload.finished());
    }
    const auto end = find(frames, Kind::end);
    EXPECT_TRUE(end);
    if (end) {
        stream::ByteReader payload(end->payload);
        run.reason = static_cast<stream::EndReason>(payload.get<std::uint8_t>());
        run.steps = payload.get<std::uint32_t>();
        run.digest = payload.get<std::uint64_t>();
    }
    return run;
}

/// Runs 100 steps with a tick; `cost(step)` counts pass while a step is computed.
template <class Cost>
Outcome run_with(Cost cost, stream::DeadlinePolicy deadline = stream::DeadlinePolicy::late) {
    DeviceBench<Small> bench;
    (void)bench.settle();
    experiment::Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.steps = 100;
    bench.configure(
        1, parameters,
        {.delivery = stream::Delivery::realtime, .deadline = deadline, .period_us = period_us});
    (void)bench.settle();
    bench.command(Kind::start, 2);
    std::vector<ReceivedFrame> frames;
    const auto step = [&bench] { return bench.device().engine().step_index(); };
    while (!find(frames, Kind::end)) {
        const std::uint32_t before = step();
        bench.device().pass();
        if (step() != before) {
            bench.port().advance(cost(step()));
        }
        bench.drain(frames);
    }
    return outcome_of(frames);
}

TEST(Ticks, AStepThatFitsMissesNothing) {
    const Outcome run = run_with([](std::uint32_t) { return period * 9 / 10; });
    EXPECT_EQ(run.reason, stream::EndReason::completed);
    EXPECT_EQ(run.ticks.period, period);
    EXPECT_EQ(run.ticks.last, 100U);
    EXPECT_EQ(run.ticks.missed, 0U);
    EXPECT_EQ(run.ticks.worst_late, 0U);
    EXPECT_EQ(run.ticks.first_missed, 0U);
}

TEST(Ticks, AStepThatIsLateOnceLosesItsTicksAndNothingElse) {
    // Step 10, released by tick 10, ends 3.25 ticks later: ticks 11 and 12 pass without a step.
    const Outcome run =
        run_with([](std::uint32_t step) { return step == 10 ? period * 13 / 4 : period / 2; });
    EXPECT_EQ(run.steps, 100U);
    EXPECT_EQ(run.ticks.missed, 2U);
    EXPECT_EQ(run.ticks.first_missed, 11U);
    EXPECT_EQ(run.ticks.last_missed, 12U);
    EXPECT_EQ(run.ticks.worst_late, period * 9 / 4); // since tick 11, which was due
    EXPECT_EQ(run.ticks.last, 102U);
}

TEST(Ticks, ARateThatCannotFitIsCountedExactly) {
    // 1.25 ticks a step: the fourth of every four begins a whole tick late.
    const Outcome run = run_with([](std::uint32_t) { return period * 5 / 4; });
    EXPECT_EQ(run.steps, 100U);
    EXPECT_EQ(run.ticks.last, 100U + run.ticks.missed);
    EXPECT_EQ(run.ticks.missed, 24U); // 99 steps end 123.75 ticks after tick 1
    EXPECT_EQ(run.ticks.worst_late, period);
}

TEST(Ticks, LatenessChangesNoNumber) {
    const Outcome fits = run_with([](std::uint32_t) { return period / 2; });
    const Outcome does_not = run_with([](std::uint32_t step) { return period * (step % 7); });
    EXPECT_GT(does_not.ticks.missed, 100U);
    EXPECT_EQ(fits.digest, does_not.digest);
}

TEST(Ticks, ThePolicyStopEndsTheRunAtTheFirstMissedTick) {
    const Outcome run =
        run_with([](std::uint32_t step) { return step == 10 ? period * 13 / 4 : period / 2; },
                 stream::DeadlinePolicy::stop);
    EXPECT_EQ(run.reason, stream::EndReason::missed_deadline);
    EXPECT_EQ(run.steps, 10U);
    EXPECT_EQ(run.ticks.missed, 2U);
    EXPECT_EQ(run.ticks.first_missed, 11U);
}

TEST(Ticks, AHostThatGivesNoCreditCostsTicksAndNoStep) {
    DeviceBench<Small> bench;
    (void)bench.settle();
    experiment::Parameters<float> parameters;
    parameters.steps = 20;
    parameters.state_every = 1;
    bench.configure(1, parameters, {.period_us = period_us});
    bench.command(Kind::start, 2);
    bench.credit(6); // states of steps 0 to 4, and the digest of step 0
    std::vector<ReceivedFrame> frames;
    for (int pass = 0; pass < 100; ++pass) {
        bench.device().pass();
        bench.drain(frames);
    }
    EXPECT_EQ(bench.device().engine().step_index(), 5U); // computed, and not told yet
    bench.credit(1000);
    while (!find(frames, Kind::end)) {
        bench.device().pass();
        bench.drain(frames);
    }
    const Outcome run = outcome_of(frames);
    EXPECT_EQ(run.steps, 20U);
    EXPECT_GT(run.ticks.missed, 10U);
    EXPECT_EQ(run.ticks.first_missed, 6U);
    EXPECT_EQ(run.ticks.last, 20U + run.ticks.missed);
}

TEST(Ticks, PausesAreNoMissedTicks) {
    DeviceBench<Small> bench;
    (void)bench.settle();
    experiment::Parameters<float> parameters;
    parameters.steps = 20;
    bench.configure(1, parameters,
                    {.delivery = stream::Delivery::realtime, .period_us = period_us});
    std::vector<ReceivedFrame> frames;
    const auto pass = [&](int times) {
        for (int i = 0; i < times; ++i) {
            bench.device().pass();
            bench.drain(frames);
        }
    };
    pass(10);
    bench.command(Kind::step, 2,
                  [](stream::ByteWriter& payload) { payload.put(std::uint32_t{7}); });
    pass(100);
    EXPECT_EQ(bench.device().state(), RunState::paused);
    bench.port().advance(std::uint64_t{1000} * period);
    pass(10);
    bench.command(Kind::start, 3);
    pass(200);
    const Outcome run = outcome_of(frames);
    EXPECT_EQ(run.steps, 20U);
    EXPECT_EQ(run.ticks.missed, 0U);
    EXPECT_EQ(run.ticks.last, 20U);
}

/// A host whose bytes never stop: the loop has no time to rest, and looks at the clock instead.
struct Flooded {
    DeviceBench<Small> bench;
    std::vector<ReceivedFrame> frames;

    /// One turn of the loop at the present time, then `counts` pass.
    void pass(std::uint32_t counts) {
        const std::array<std::uint8_t, 1> byte{0};
        bench.put(byte);
        bench.device().pass();
        bench.port().advance(counts);
        bench.drain(frames);
    }
};

TEST(Ticks, AreSeenByALoopThatNeverRests) {
    Flooded device;
    (void)device.bench.settle();
    experiment::Parameters<float> parameters;
    parameters.steps = 20;
    device.bench.configure(1, parameters,
                           {.delivery = stream::Delivery::realtime, .period_us = period_us});
    (void)device.bench.settle();
    device.bench.command(Kind::start, 2);
    for (int pass = 0; pass < 100; ++pass) {
        device.pass(period * 3 / 10);
    }
    const Outcome run = outcome_of(device.frames);
    EXPECT_EQ(run.steps, 20U);
    EXPECT_EQ(run.ticks.missed, 0U);
    EXPECT_EQ(run.ticks.last, 20U);
    // Looked at every 0.3 periods: tick 1 is seen 0.2 periods late, at 1.2, which is the worst.
    EXPECT_EQ(run.ticks.worst_late, period / 5);
}

TEST(Ticks, ATickIsAsLateAsItWasFirstSeen) {
    Flooded device;
    (void)device.bench.settle();
    experiment::Parameters<float> parameters;
    parameters.steps = 3;
    parameters.state_every = 1;
    device.bench.configure(1, parameters, {.period_us = period_us});
    (void)device.bench.settle();
    device.bench.command(Kind::start, 2);
    for (int pass = 0; pass < 6; ++pass) {
        device.pass(period * 3 / 10); // at 1.2 and 1.5 periods step 0 is not told yet
    }
    EXPECT_EQ(device.bench.device().engine().step_index(), 0U);
    device.bench.credit(1000);
    for (int pass = 0; pass < 10; ++pass) {
        device.pass(period * 3 / 10);
    }
    const Outcome run = outcome_of(device.frames);
    EXPECT_EQ(run.steps, 3U);
    EXPECT_EQ(run.ticks.missed, 0U);
    EXPECT_EQ(run.ticks.worst_late, period / 5);
}

TEST(Ticks, BeginAnewWithoutARestInBetween) {
    DeviceBench<Small> bench;
    (void)bench.settle();
    experiment::Parameters<float> parameters;
    parameters.steps = 20;
    bench.configure(1, parameters,
                    {.delivery = stream::Delivery::realtime, .period_us = period_us});
    (void)bench.settle();
    bench.command(Kind::step, 2,
                  [](stream::ByteWriter& payload) { payload.put(std::uint32_t{7}); });
    std::vector<ReceivedFrame> frames;
    do {
        bench.device().pass();
        bench.drain(frames);
    } while (bench.device().state() != RunState::paused);
    bench.command(Kind::start, 3); // the pass that made the seventh step did not rest
    for (int pass = 0; pass < 200; ++pass) {
        bench.device().pass();
        bench.drain(frames);
    }
    const Outcome run = outcome_of(frames);
    EXPECT_EQ(run.ticks.missed, 0U);
    EXPECT_EQ(run.ticks.last, 20U);
}

TEST(Ticks, BeginAnewWithEachConfiguration) {
    DeviceBench<Small> bench;
    (void)bench.settle();
    experiment::Parameters<float> parameters;
    parameters.steps = 5;
    for (std::uint32_t session = 1; session <= 3; ++session) {
        bench.use_session(session);
        bench.configure(1, parameters,
                        {.delivery = stream::Delivery::realtime, .period_us = period_us});
        (void)bench.settle();
        bench.command(Kind::start, 2);
        std::vector<ReceivedFrame> frames;
        while (!find(frames, Kind::end)) {
            bench.device().pass();
            // The first run loses 3 ticks after each of its steps.
            bench.port().advance(session == 1 ? 4 * std::uint64_t{period} : 0);
            bench.drain(frames);
        }
        const Outcome run = outcome_of(frames);
        EXPECT_EQ(run.ticks.missed > 0, session == 1);
        EXPECT_EQ(run.ticks.worst_late > 0, session == 1);
        EXPECT_EQ(run.ticks.last, 5U + run.ticks.missed);
    }
}

TEST(TickRecord, CountsOnAcrossRestartsAndStaysAtTheTop) {
    TickRecord record;
    record.take({.tick = 3, .late = 5});
    EXPECT_TRUE(record.judge(100));
    EXPECT_EQ(record.missed(), 2U);
    record.restart();
    EXPECT_FALSE(record.releases_a_step());
    record.take({.tick = 2, .late = 0});
    EXPECT_TRUE(record.judge(100));
    EXPECT_EQ(record.missed(), 3U);
    EXPECT_EQ(record.last_missed(), 4U); // tick 1 after the three before
    record.take({.tick = 0xFFFFFFFFU, .late = 0});
    EXPECT_TRUE(record.judge(0xFFFFFFFFU));
    EXPECT_EQ(record.missed(), 0xFFFFFFFFU);
}

TEST(PhaseStatistics, BinsBySignificantBits) {
    PhaseStatistics statistics;
    for (const std::uint32_t sample : {0U, 1U, 2U, 3U, 4U, 0x40000000U, 0x80000000U, 0xFFFFFFFFU}) {
        statistics.add(sample);
    }
    EXPECT_EQ(statistics.histogram[0], 1U);
    EXPECT_EQ(statistics.histogram[1], 1U);
    EXPECT_EQ(statistics.histogram[2], 2U);
    EXPECT_EQ(statistics.histogram[3], 1U);
    EXPECT_EQ(statistics.histogram[31], 3U);
    EXPECT_EQ(statistics.least, 0U);
    EXPECT_EQ(statistics.most, 0xFFFFFFFFU);
    EXPECT_EQ(statistics.total, std::uint64_t{10} + 0x40000000U + 0x80000000U + 0xFFFFFFFFU);
}

/// A port whose counter moves by 3 whenever it is read, as a real one moves while it is.
struct ReadingPort {
    static constexpr std::uint32_t cycles_per_second = 1'000'000;
    static constexpr std::uint32_t least_period = 1;
    static constexpr CounterUnit counter_unit = CounterUnit::core_cycles;
    BootFacts init() { return {}; }
    std::uint32_t cycles() { return now += 3; }
    Wake wait(std::uint32_t, std::uint32_t) { return {}; }
    std::size_t write(std::span<const std::uint8_t>) { return 0; }
    std::size_t read(std::span<std::uint8_t>) { return 0; }
    void fatal(FaultCause, std::uint32_t) {}
    Progress progress{};
    std::uint32_t now = 0xFFFFFF00U; // it wraps in the first steps
};

TEST(PhaseTimer, SubtractsWhatAnEmptyMeasurementTakes) {
    ReadingPort port;
    PhaseTimer<ReadingPort> timer(port);
    timer.clear();
    for (std::uint32_t step = 1; step <= 100; ++step) {
        timer.begin_step();
        timer.enter(WorkPhase::mat_vec);
        port.now += 100;
        timer.enter(WorkPhase::update);
        timer.enter(WorkPhase::mat_vec); // a second stage
        port.now += step;
        timer.enter(WorkPhase::observe);
    }
    timer.end_step();
    const auto of = [&timer](WorkPhase phase) {
        return timer.statistics()[static_cast<std::size_t>(phase) -
                                  static_cast<std::size_t>(observe::first_step_phase)];
    };
    EXPECT_EQ(of(WorkPhase::mat_vec).least, 101U);
    EXPECT_EQ(of(WorkPhase::mat_vec).most, 200U);
    EXPECT_EQ(of(WorkPhase::mat_vec).total, 100U * 100U + 5050U);
    EXPECT_EQ(of(WorkPhase::update).most, 0U);
    EXPECT_EQ(of(WorkPhase::update).histogram[0], 100U);
    EXPECT_EQ(of(WorkPhase::activation).total, 0U);
}

} // namespace
} // namespace tinymf::firmware
