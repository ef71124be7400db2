// SPDX-License-Identifier: Apache-2.0
// What the loop does with its port: the order of its phases, when it sleeps and for how long, and
// how it minds its stack.
#include "app/application.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "device_bench.hpp"
#include "port/stack_paint.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using observe::WorkPhase;
using Small = network::Network<float, 8, model::CouplingKind::gaussian>;

constexpr std::uint32_t period_us = 1000;
constexpr std::uint32_t period = period_us * 1000; ///< counts of the host's port

Parameters<float> quiet_run(std::uint32_t steps) {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.steps = steps;
    parameters.state_every = 0;
    parameters.digest_every = 0;
    return parameters;
}

/// Notes the phase at each reading of its counter, which ends that phase, and at each transfer.
class PhasePort : public HostPort<> {
public:
    std::vector<WorkPhase> ended{};
    std::vector<WorkPhase> reads_in{};
    std::vector<WorkPhase> writes_in{};
    std::vector<WorkPhase> waits_in{};

    std::uint32_t cycles() {
        ended.push_back(phase());
        return HostPort::cycles();
    }
    std::size_t read(std::span<std::uint8_t> bytes) {
        reads_in.push_back(phase());
        return HostPort::read(bytes);
    }
    std::size_t write(std::span<const std::uint8_t> bytes) {
        writes_in.push_back(phase());
        return HostPort::write(bytes);
    }
    Wake wait(std::uint32_t counts, std::uint32_t tick) {
        waits_in.push_back(phase());
        return HostPort::wait(counts, tick);
    }

    void forget() {
        for (auto* list : {&ended, &reads_in, &writes_in, &waits_in}) {
            list->clear();
        }
    }

private:
    [[nodiscard]] WorkPhase phase() const { return static_cast<WorkPhase>(progress.phase); }
};

TEST(Loop, GoesThroughItsPhasesInOrder) {
    using enum WorkPhase;
    DeviceBench<Small, 4096, PhasePort> bench;
    (void)bench.settle();
    bench.configure(1, quiet_run(100), {.delivery = stream::Delivery::realtime});
    (void)bench.settle();
    bench.device().pass(); // nothing to do: it rests
    bench.port().forget();
    bench.device().pass();
    EXPECT_EQ(bench.port().ended, (std::vector{idle, receive, pack, send}));
    EXPECT_EQ(bench.port().reads_in, (std::vector{receive}));
    EXPECT_EQ(bench.port().waits_in, (std::vector{idle}));
    EXPECT_TRUE(bench.port().writes_in.empty()) << "there was nothing to send";

    bench.command(Kind::start, 2);
    bench.port().forget();
    (void)bench.device().turn(); // takes the command, answers and makes a step
    const std::vector<WorkPhase>& ended = bench.port().ended;
    ASSERT_GE(ended.size(), 5U);
    EXPECT_EQ(ended[0], idle);
    EXPECT_EQ(ended[1], receive);
    EXPECT_EQ(ended[2], pack);
    EXPECT_EQ(ended.back(), observe) << "the step's last phase, ended by sending";
    EXPECT_EQ(std::count(ended.begin(), ended.end(), mat_vec), 1);
    EXPECT_EQ(std::count(ended.begin(), ended.end(), activation), 1);
    EXPECT_EQ(bench.port().writes_in, (std::vector{send}));
}

TEST(Loop, TellsWhenThereWasNothingToDo) {
    Bench bench;
    (void)bench.settle();
    EXPECT_FALSE(bench.device().turn());
    bench.command(Kind::query_status, 1);
    EXPECT_TRUE(bench.device().turn()) << "a command";
    (void)bench.settle();
    bench.put(std::array<std::uint8_t, 1>{0x55});
    EXPECT_TRUE(bench.device().turn()) << "a byte that is no command yet";
    EXPECT_FALSE(bench.device().turn());
    bench.put(std::array<std::uint8_t, 1>{0});
    (void)bench.settle();
    bench.configure(1, quiet_run(2));
    (void)bench.settle();
    bench.command(Kind::start, 2);
    (void)bench.device().turn();
    EXPECT_TRUE(bench.device().turn()) << "a step";
}

/// A line that takes nothing while it is told so.
class StoppablePort : public HostPort<> {
public:
    bool stopped = false;
    std::size_t write(std::span<const std::uint8_t> bytes) {
        return stopped ? 0 : HostPort::write(bytes);
    }
};

TEST(Loop, ALineThatTakesNothingIsNothingToDo) {
    DeviceBench<Small, 4096, StoppablePort> bench;
    (void)bench.settle();
    bench.port().stopped = true;
    bench.command(Kind::query_status, 1);
    while (bench.device().turn()) {
    }
    EXPECT_TRUE(bench.settle().empty());
    bench.port().stopped = false;
    EXPECT_TRUE(bench.device().turn()) << "bytes went out";
    EXPECT_FALSE(bench.settle().empty());
}

/// A line that takes one byte at a time.
class BytewisePort : public HostPort<> {
public:
    std::size_t write(std::span<const std::uint8_t> bytes) {
        return HostPort::write(bytes.first(std::min<std::size_t>(bytes.size(), 1)));
    }
};

TEST(Loop, EveryByteThatGoesOutIsSomethingDone) {
    DeviceBench<Small, 4096, BytewisePort> bench;
    (void)bench.settle();
    bench.command(Kind::query_status, 1);
    std::vector<ReceivedFrame> frames;
    while (frames.size() < 2) {
        ASSERT_TRUE(bench.device().turn());
        bench.drain(frames);
    }
    EXPECT_EQ(kinds(frames), (std::vector{Kind::ack, Kind::status}));
    EXPECT_FALSE(bench.device().turn());
}

/// Notes for how long the application wants to wait.
class WaitPort : public HostPort<> {
public:
    struct Asked {
        std::uint32_t period;
        std::uint32_t tick;
    };
    std::vector<Asked> asked{};

    Wake wait(std::uint32_t counts, std::uint32_t tick) {
        asked.push_back({counts, tick});
        return HostPort::wait(counts, tick);
    }
};

TEST(Loop, TicksRunOnlyWhileTheRunDoes) {
    DeviceBench<Small, 4096, WaitPort> bench;
    const auto passes = [&bench](int count) {
        bench.port().asked.clear();
        std::vector<ReceivedFrame> frames;
        for (int i = 0; i < count; ++i) {
            bench.device().pass();
            bench.drain(frames);
        }
        return bench.port().asked;
    };
    const auto all_without_ticks = [](const std::vector<WaitPort::Asked>& asked) {
        return std::all_of(asked.begin(), asked.end(), [](const auto& a) { return a.period == 0; });
    };
    EXPECT_TRUE(all_without_ticks(passes(60))) << "idle";
    bench.configure(1, quiet_run(20),
                    {.delivery = stream::Delivery::realtime, .period_us = period_us});
    EXPECT_TRUE(all_without_ticks(passes(10))) << "configured";
    bench.command(Kind::step, 2,
                  [](stream::ByteWriter& payload) { payload.put(std::uint32_t{3}); });
    const auto running = passes(10);
    EXPECT_FALSE(all_without_ticks(running));
    EXPECT_EQ(bench.device().state(), RunState::paused);
    EXPECT_TRUE(all_without_ticks(passes(10))) << "paused";
    bench.command(Kind::start, 3);
    (void)passes(60);
    EXPECT_EQ(bench.device().state(), RunState::ended);
    EXPECT_TRUE(all_without_ticks(passes(10))) << "ended";
    // Another period first, so that the port begins to count anew; then the tick that runs.
    ASSERT_GE(running.size(), 2U);
    EXPECT_NE(running[0].period, period);
    EXPECT_NE(running[0].period, 0U);
    for (std::size_t i = 1; i < running.size() && running[i].period != 0; ++i) {
        EXPECT_EQ(running[i].period, period);
    }
}

TEST(Loop, ARunWithoutTicksWaitsForNone) {
    DeviceBench<Small, 4096, WaitPort> bench;
    (void)bench.settle();
    bench.configure(1, quiet_run(20));
    bench.command(Kind::start, 2);
    for (int i = 0; i < 30; ++i) {
        bench.device().pass();
    }
    EXPECT_EQ(bench.device().engine().step_index(), 20U) << "free running";
    for (const auto& [counts, tick] : bench.port().asked) {
        EXPECT_EQ(counts, 0U);
    }
}

/// A board that owns its stack.
class StackPort : public HostPort<> {
public:
    std::array<std::uint32_t, 100> words{};

    StackPort() { words.fill(stack_paint); }
    BootFacts init() {
        BootFacts facts = HostPort::init();
        facts.stack = words;
        return facts;
    }
};

std::uint32_t told_high_water(DeviceBench<Small, 4096, StackPort>& bench, std::uint32_t number) {
    bench.command(Kind::query_status, number);
    const auto frame = find(bench.settle(), Kind::status);
    EXPECT_TRUE(frame.has_value());
    stream::ByteReader payload(frame->payload);
    (void)payload.get_bytes(4 + 4 + 1 + 4 + 4 + 4);
    return payload.get<std::uint32_t>();
}

TEST(Loop, TheLowestWordOfTheStackMustStayPainted) {
    DeviceBench<Small, 4096, StackPort> bench;
    (void)bench.settle();
    bench.use_session(0);
    EXPECT_EQ(told_high_water(bench, 1), 0U);
    bench.port().words[1] = 7;
    EXPECT_EQ(told_high_water(bench, 2), 4U * 99U) << "all but the lowest: no overflow yet";
    bench.port().words[0] = 7;
    try {
        (void)bench.device().turn();
        FAIL() << "the overflow was not seen";
    } catch (const HostReset& reset) {
        EXPECT_EQ(reset.cause, FaultCause::stack_overflow);
    }
    bench.reset();
    bench.port().words.fill(stack_paint);
    const auto told = find(bench.settle(), Kind::fault);
    ASSERT_TRUE(told.has_value());
    stream::ByteReader payload(told->payload);
    EXPECT_EQ(payload.get<std::uint8_t>(), static_cast<std::uint8_t>(FaultCause::stack_overflow));
    (void)payload.get<std::uint32_t>(); // the step
    EXPECT_EQ(payload.get<std::uint32_t>(), 0U) << "no detail";
}

/// A clock so slow that a microsecond is no count of it.
class SlowPort : public HostPort<> {
public:
    static constexpr std::uint32_t cycles_per_second = 32768;
};

/// Its interrupts want 10 counts between two ticks: 305.2 microseconds.
class BusyPort : public SlowPort {
public:
    static constexpr std::uint32_t least_period = 10;
};

template <class P>
std::vector<ReceivedFrame> configured_with_tick(std::uint32_t microseconds) {
    DeviceBench<Small, 4096, P> bench;
    (void)bench.settle();
    bench.configure(1, quiet_run(2), {.period_us = microseconds});
    return bench.settle();
}

TEST(Loop, ATickShorterThanThePortBearsIsRefusedWithTheRange) {
    const experiment::Refusal too_short{RefusalCode::out_of_range, Field::tick_period};
    const experiment::Refusal none{};
    EXPECT_EQ(answer_in(configured_with_tick<SlowPort>(0)), none) << "free running";
    EXPECT_EQ(answer_in(configured_with_tick<SlowPort>(1)), too_short);
    EXPECT_EQ(answer_in(configured_with_tick<SlowPort>(30)), too_short) << "0.98 counts";
    EXPECT_EQ(answer_in(configured_with_tick<SlowPort>(31)), none) << "1.02 counts";
    EXPECT_EQ(answer_in(configured_with_tick<BusyPort>(305)), too_short) << "9.994 counts";
    EXPECT_EQ(answer_in(configured_with_tick<BusyPort>(306)), none) << "10.03 counts";
    EXPECT_EQ(answer_in(configured_with_tick<BusyPort>(0)), none) << "free running";

    const auto answer = find(configured_with_tick<BusyPort>(305), Kind::nak);
    ASSERT_TRUE(answer);
    stream::ByteReader payload(answer->payload);
    (void)payload.get_bytes(10); // session, number, code and field
    EXPECT_EQ(payload.get<float>(), 306.0F);
    EXPECT_EQ(payload.get<float>(), 1e6F);
    EXPECT_TRUE(payload.finished());
}

TEST(Loop, ATickIsRoundedToTheNearestCount) {
    const auto period_of = [](std::uint32_t microseconds) {
        DeviceBench<Small, 4096, SlowPort> bench;
        (void)bench.settle();
        bench.configure(1, quiet_run(2),
                        {.delivery = stream::Delivery::realtime, .period_us = microseconds});
        (void)bench.settle();
        bench.command(Kind::stop, 2);
        const auto ticks = find(bench.settle(), Kind::ticks);
        return ticks ? stream::ByteReader(ticks->payload).get<std::uint32_t>() : 0U;
    };
    EXPECT_EQ(period_of(31), 1U) << "1.02";
    EXPECT_EQ(period_of(50), 2U) << "1.64";
    EXPECT_EQ(period_of(100), 3U) << "3.28";
    EXPECT_EQ(period_of(1'000), 33U) << "32.77";
    EXPECT_EQ(period_of(10'000), 328U) << "327.68";
    EXPECT_EQ(period_of(1'000'000), 32'768U);
}

} // namespace
} // namespace tinymf::firmware
