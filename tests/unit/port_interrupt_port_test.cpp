// SPDX-License-Identifier: Apache-2.0
// The port of bare boards over a core, a chip, a link and a clock that only keep accounts.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "families/freestanding/interrupt_port.hpp"
#include "port/boot_facts.hpp"
#include "port/fault_record.hpp"
#include "port/port.hpp"
#include "tinymf/observe/work_phase.hpp"

namespace tinymf::firmware {

Progress progress{};

BootFacts boot_facts(std::uint32_t float_mode) {
    return {.reset_cause = ResetCause::unknown,
            .float_mode = float_mode,
            .boots = 1,
            .last_fault = nullptr,
            .stack = {}};
}

namespace {

struct Reset {};
struct Halt {
    FaultCause cause;
};

struct Core {
    static inline bool holds_all = false;
    static inline bool holds_link = false;
    struct InterruptLock {
        InterruptLock() { holds_all = true; }
        ~InterruptLock() { holds_all = false; }
        void sleep() const {}
    };
    template <const auto& links>
    struct LinkLock {
        LinkLock() { holds_link = true; }
        ~LinkLock() { holds_link = false; }
        static_assert(links.size() == 1 && links[0] == 16);
    };
    static inline bool found_hung = false;
    static inline std::uint32_t clock = 0;
    static inline std::vector<std::uint32_t> links;
    static void enable_exceptions(std::uint32_t of_clock, std::span<const std::uint32_t> of_link) {
        clock = of_clock;
        links.assign(of_link.begin(), of_link.end());
    }
    static std::uint32_t float_mode() { return 0; }
    [[noreturn]] static void reset_system() { throw Reset{}; }
    [[noreturn]] static void halt(FaultCause cause, std::uint32_t /*detail*/) { throw Halt{cause}; }
    static void halt_interrupted() { found_hung = true; }
};

struct Chip {
    static inline bool has_clock = true;
    static inline int flashes = 0;
    static inline int started_watchdogs = 0;
    static inline int feeds = 0;
    static bool start() { return has_clock; }
    static void show_dead_clock() { ++flashes; }
    static void start_watchdog() { ++started_watchdogs; }
    static void feed_watchdog() { ++feeds; }
};

/// Moves by one count whenever it is read.
template <std::uint32_t hertz>
struct Clock {
    static constexpr std::uint32_t counts_per_second = hertz;
    static constexpr std::uint32_t least_period = 3;
    static constexpr CounterUnit unit = CounterUnit::timer_ticks;
    static constexpr std::uint32_t exception = 15;
    static inline std::uint32_t count = 0;
    static void start() {}
    static std::uint32_t now() { return ++count; }
    static void set_period(std::uint32_t /*period*/) {}
    static std::uint32_t period() { return 0; }
    static std::uint32_t tick() { return 0; }
    static std::uint32_t tick_start() { return 0; }
    static void on_interrupt() {}
};

/// Calls itself idle as soon as its buffer is empty, while the byte is still on the line.
template <class Clock>
struct Link {
    static constexpr std::array<std::uint32_t, 1> exceptions = {16};
    static inline std::uint32_t sent_at = 0;
    static inline int waiting = 0;
    static inline int moved_under_the_wrong_lock = 0;
    static void look_at_locks() {
        moved_under_the_wrong_lock += Core::holds_link && !Core::holds_all ? 0 : 1;
    }
    static void start() {}
    static bool can_send() { return true; }
    static void send(std::uint8_t /*byte*/) {
        look_at_locks();
        sent_at = Clock::count;
    }
    static bool has_byte() { return waiting > 0; }
    static std::uint8_t receive() {
        look_at_locks();
        --waiting;
        return 0;
    }
    static bool is_idle() { return true; }
    static void acknowledge() {}
    static void listen(bool /*wanted*/) {}
    static void announce_room(bool /*wanted*/) {}
};

template <std::uint32_t hertz>
using TestedPort = InterruptPort<Core, Chip, Link<Clock<hertz>>, Clock<hertz>, 16, 16>;

template <std::uint32_t hertz>
std::uint32_t counts_between_last_byte_and_reset() {
    const std::uint8_t byte = 1;
    EXPECT_EQ(TestedPort<hertz>::write({&byte, 1}), 1U);
    EXPECT_THROW(TestedPort<hertz>::fatal(FaultCause::restart, 0), Reset);
    return Clock<hertz>::count - Link<Clock<hertz>>::sent_at;
}

TEST(InterruptPort, ARestartWaitsUntilTheLastByteHasLeftTheLine) {
    // Ten bits at 115,200 baud.
    EXPECT_GT(counts_between_last_byte_and_reset<32'768>(), 3U) << "2.8 counts";
    EXPECT_GT(counts_between_last_byte_and_reset<1'000'000>(), 87U) << "86.8 counts";
    EXPECT_GT(counts_between_last_byte_and_reset<16'000'000>(), 1'389U) << "1388.9 counts";
}

TEST(InterruptPort, TheShortestTickIsTenMicrosecondsOrWhatTheClockNeeds) {
    EXPECT_EQ(TestedPort<32'768>::least_period, 3U) << "91.6 microseconds, the clock's own";
    EXPECT_EQ(TestedPort<1'000'000>::least_period, 10U);
    EXPECT_EQ(TestedPort<1'000'001>::least_period, 11U);
    EXPECT_EQ(least_tick_microseconds<TestedPort<32'768>>, 92U);
    EXPECT_EQ(least_tick_microseconds<TestedPort<1'000'000>>, 10U);
}

TEST(InterruptPort, TellsTheClocksExceptionFromTheLinks) {
    (void)TestedPort<1'000'000>::init();
    EXPECT_EQ(Core::clock, 15U);
    EXPECT_EQ(Core::links, std::vector<std::uint32_t>{16});
}

TEST(InterruptPort, BytesHoldBackTheLinkAndNotTheClock) {
    using Board = TestedPort<1'000'000>;
    using BoardLink = Link<Clock<1'000'000>>;
    BoardLink::moved_under_the_wrong_lock = 0;
    std::array<std::uint8_t, 3> bytes{};
    EXPECT_EQ(Board::write(bytes), 3U);
    BoardLink::waiting = 3;
    EXPECT_EQ(Board::wait(0, 0).tick, 0U);
    EXPECT_EQ(BoardLink::waiting, 0);
    BoardLink::waiting = 2;
    EXPECT_EQ(Board::read(bytes), 3U);
    EXPECT_EQ(BoardLink::waiting, 0);
    EXPECT_EQ(Board::read(bytes), 2U);
    EXPECT_EQ(BoardLink::moved_under_the_wrong_lock, 0);
}

TEST(InterruptPort, AChipWithoutClockFlashesAndLeavesARecord) {
    Chip::has_clock = false;
    Chip::flashes = 0;
    try {
        (void)TestedPort<1'000'000>::init();
        FAIL() << "it went on";
    } catch (const Halt& halt) {
        EXPECT_EQ(halt.cause, FaultCause::no_clock);
    }
    EXPECT_EQ(Chip::flashes, 1);
    Chip::has_clock = true;
}

TEST(InterruptPort, TheClockFeedsTheChipsWatchdogWhileTheLoopComesRound) {
    using Board = TestedPort<1'000'000>;
    Chip::started_watchdogs = 0;
    (void)Board::init();
    EXPECT_EQ(Chip::started_watchdogs, 1);
    Chip::feeds = 0;
    progress.phase = static_cast<std::uint32_t>(observe::first_step_phase);
    progress.patience = 100;
    for (std::uint32_t i = 1; i <= 50; ++i) {
        progress.rounds = i;
        Clock<1'000'000>::count += 1000;
        Board::on_clock();
    }
    EXPECT_EQ(Chip::feeds, 50);
    EXPECT_FALSE(Core::found_hung);

    Clock<1'000'000>::count += 98; // and a read: 99 since the last
    Board::on_clock();
    EXPECT_EQ(Chip::feeds, 51) << "still patient";
    Board::on_clock();
    EXPECT_EQ(Chip::feeds, 51) << "a loop that hangs is not fed";
    EXPECT_TRUE(Core::found_hung);
}

} // namespace
} // namespace tinymf::firmware
