// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "board.hpp"
#include "conformance/known_work.hpp"
#include "conformance/provocations.hpp"
#include "conformance/scoreboard.hpp"
#include "conformance/text_line.hpp"
#include "port/stack_paint.hpp"
#include "tinymf/observe/work_phase.hpp"

// Tests a board's port with nothing else linked, and prints one line for each function. The host's
// part is small: after ECHO n and BURST n it sends n bytes, of which the first lot comes back.

namespace tinymf::firmware {
namespace {

[[gnu::section(".noinit.scoreboard")]] Scoreboard scoreboard;

constexpr std::uint32_t counts_per_second = BoardPort::cycles_per_second;
constexpr std::uint32_t counts_per_10_ms = counts_per_second / 100;

bool is_near(std::uint32_t value, std::uint32_t expected, std::uint32_t tolerance) {
    return value + tolerance >= expected && value <= expected + tolerance;
}

void check_init(BoardPort& port, const BootFacts& facts) {
    TextLine{port} << "FIGURE reset_cause " << static_cast<std::uint32_t>(facts.reset_cause);
    TextLine{port} << "FIGURE float_mode " << facts.float_mode;
    TextLine{port} << "FIGURE counts_per_second " << counts_per_second;
    constexpr std::uint32_t wrong =
        float_mode::flush_to_zero | float_mode::default_nan | float_mode::other_rounding;
    const volatile float smallest_normal = 0x1p-126F;
    scoreboard.judge(port, "init",
                     facts.boots > 0 && (facts.float_mode & wrong) == 0 &&
                         smallest_normal * 0.5F > 0.0F && !facts.stack.empty());
}

std::uint32_t cost_of(BoardPort& port, std::uint32_t rounds) {
    const std::uint32_t begin = port.cycles();
    count_down(rounds);
    return port.cycles() - begin;
}

void check_cycles(BoardPort& port) {
    constexpr std::uint32_t rounds = 500'000;
    cost_of(port, rounds); // fills caches, where there are any
    const std::uint32_t once = cost_of(port, rounds);
    const std::uint32_t twice = cost_of(port, 2 * rounds);
    TextLine{port} << "FIGURE million_instructions " << once;
    scoreboard.judge(port, "cycles", once > 1000 && is_near(twice, 2 * once, once / 10));
}

/// Computes, and calls no function of the port's byte link, for about `counts`.
void work_for(BoardPort& port, std::uint32_t counts) {
    const std::uint32_t begin = port.cycles();
    while (port.cycles() - begin < counts) {
        count_down(1000);
    }
}

/// Another period restarts the ticks; neither wait sleeps, because tick 0 is not tick 1.
Wake restart_ticks(BoardPort& port, std::uint32_t period) {
    port.wait(period + 1, 1);
    return port.wait(period, 1);
}

/// Ten ticks, each exactly the next and of the right length.
bool ticks_are_identified(BoardPort& port, std::uint32_t period) {
    bool each_next = restart_ticks(port, period).tick == 0;
    const std::uint32_t begin = port.cycles();
    Wake wake{};
    for (std::uint32_t tick = 0; tick < 10; ++tick) {
        wake = port.wait(period, tick);
        each_next = each_next && wake.tick == tick + 1 && wake.late < period / 4;
    }
    const std::uint32_t elapsed = port.cycles() - wake.late - begin;
    static_assert(counts_per_second < 429'000'000, "the figure would not fit 32 bits");
    TextLine{port} << "FIGURE ten_ticks_per_mille " << 100 * elapsed / period;
    TextLine{port} << "FIGURE wake_up_counts " << wake.late;
    return each_next && is_near(elapsed, 10 * period, period / 100);
}

bool overrun_skips_ticks(BoardPort& port, std::uint32_t period) {
    restart_ticks(port, period);
    const Wake first = port.wait(period, 0);
    work_for(port, period * 5 / 2);
    const Wake next = port.wait(period, first.tick);
    return first.tick == 1 && next.tick == 3 && next.late >= period / 4 && next.late < period;
}

bool one_second_is_one_tick(BoardPort& port) {
    restart_ticks(port, counts_per_second);
    const std::uint32_t begin = port.cycles();
    const Wake wake = port.wait(counts_per_second, 0);
    const std::uint32_t elapsed = port.cycles() - begin;
    return wake.tick == 1 && is_near(elapsed, counts_per_second, counts_per_second / 100);
}

bool interrupts_keep_float_registers(BoardPort& port) {
    const volatile std::uint32_t rounds = 50'000; // keeps the two calls two
    constexpr std::uint32_t busy_period = std::max(counts_per_second / 40'000, std::uint32_t{1});
    restart_ticks(port, counts_per_second);
    const float undisturbed = multiply_and_add(rounds);
    restart_ticks(port, busy_period);
    const float disturbed = multiply_and_add(rounds);
    const std::uint32_t ticks = port.wait(busy_period, 0).tick;
    TextLine{port} << "FIGURE interrupts_during_float_work " << ticks;
    return ticks > 3 &&
           std::bit_cast<std::uint32_t>(undisturbed) == std::bit_cast<std::uint32_t>(disturbed);
}

void check_write(BoardPort& port) {
    constexpr std::size_t total = 4096;
    TextLine{port} << "SEND " << total;
    std::array<std::uint8_t, 256> block{};
    for (std::size_t i = 0; i < block.size(); ++i) {
        block[i] = static_cast<std::uint8_t>(i);
    }
    bool honest = port.write(std::span<const std::uint8_t>{}) == 0;
    std::size_t sent = 0;
    while (sent < total) {
        const auto rest = std::span{block}.subspan(sent % block.size());
        const std::size_t taken = port.write(rest);
        honest = honest && taken <= rest.size();
        sent += taken;
        if (taken < rest.size()) {
            port.wait(0, 0);
        }
    }
    scoreboard.judge(port, "write", honest);
}

/// Reads `count` bytes, however long the host takes.
template <class Take>
void receive(BoardPort& port, std::size_t count, Take take) {
    std::array<std::uint8_t, 128> block{};
    while (count > 0) {
        port.wait(0, 0);
        const std::size_t wanted = std::min(block.size(), count);
        const auto bytes = std::span{block}.first(port.read(std::span{block}.first(wanted)));
        take(bytes);
        count -= bytes.size();
    }
}

void check_read(BoardPort& port) {
    constexpr std::size_t echoed = 4096;
    TextLine{port} << "ECHO " << echoed;
    receive(port, echoed, [&](std::span<const std::uint8_t> bytes) { send(port, bytes); });

    // As many as the longest command; they come while the device computes and reads nothing.
    constexpr std::size_t burst = 600;
    TextLine{port} << "BURST " << burst;
    port.wait(0, 0);
    work_for(port, counts_per_second / 5);
    std::array<std::uint8_t, burst> bytes{};
    const std::size_t kept = port.read(bytes);
    std::uint32_t sum = 0;
    for (const std::uint8_t byte : bytes) {
        sum += byte;
    }
    TextLine{port} << "FIGURE burst_sum " << sum;
    scoreboard.judge(port, "read", kept == burst);
}

/// A reset that the port asked for or a fault brought; `stage` is judged after it.
struct ProvokedReset {
    std::string_view name;
    void (*provoke)(BoardPort&);
    FaultCause cause;         ///< expected in the record
    FaultCause coarser_cause; ///< on cores that do not tell faults apart
};

constexpr std::array<ProvokedReset, 7> resets{
    ProvokedReset{"restart",
                  [](BoardPort& port) {
                      TextLine{port} << "FIGURE sent_before_restart 1"; // whole, it must arrive
                      port.fatal(FaultCause::restart, 0);
                  },
                  FaultCause::none, FaultCause::none},
    ProvokedReset{"fatal", [](BoardPort& port) { provoke_fatal(port); }, FaultCause::not_finite,
                  FaultCause::not_finite},
    ProvokedReset{"assertion", [](BoardPort&) { provoke_assertion(0); }, FaultCause::assertion,
                  FaultCause::assertion},
    ProvokedReset{"undefined_instruction", [](BoardPort&) { provoke_undefined_instruction(); },
                  FaultCause::usage_fault, FaultCause::hard_fault},
    ProvokedReset{"bus_fault", [](BoardPort&) { provoke_bus_fault(); }, FaultCause::bus_fault,
                  FaultCause::hard_fault},
    ProvokedReset{"stack_overflow", [](BoardPort&) { provoke_stack_overflow(0xffff'ffff); },
                  FaultCause::stack_overflow, FaultCause::stack_overflow},
    ProvokedReset{"watchdog",
                  [](BoardPort& port) {
                      port.progress.phase = static_cast<std::uint32_t>(observe::first_step_phase);
                      port.progress.patience = 3 * counts_per_10_ms;
                      provoke_endless_step();
                  },
                  FaultCause::watchdog, FaultCause::watchdog},
};

void judge_reset(BoardPort& port, const BootFacts& facts, const ProvokedReset& reset) {
    const FaultRecord& record = *facts.last_fault;
    TextLine{port} << "RECORD " << reset.name << " cause "
                   << static_cast<std::uint32_t>(record.cause) << " detail " << record.detail
                   << " tick " << record.tick;
    (TextLine{port} << "PC " << reset.name << " ").hex(record.pc);
    const bool has_cause = record.cause == reset.cause || record.cause == reset.coarser_cause;
    const bool has_place = reset.cause == FaultCause::none || record.pc != 0;
    const bool has_tick = reset.cause == FaultCause::none || record.tick == scoreboard.stage;
    scoreboard.judge(port, reset.name,
                     has_cause && has_place && has_tick && facts.boots == scoreboard.boots + 1);
}

void check_functions(BoardPort& port, const BootFacts& facts) {
    check_init(port, facts);
    check_cycles(port);
    scoreboard.judge(port, "wait",
                     ticks_are_identified(port, counts_per_10_ms) &&
                         overrun_skips_ticks(port, counts_per_10_ms) &&
                         one_second_is_one_tick(port) && interrupts_keep_float_registers(port));
    check_write(port);
    check_read(port);
    TextLine{port} << "FIGURE stack_bytes " << facts.stack.size_bytes();
    TextLine{port} << "FIGURE stack_high_water " << painted_high_water(facts.stack);
}

/// Returns only where the board let the offence pass.
void provoke(BoardPort& port, const BootFacts& facts, const ProvokedReset& reset) {
    scoreboard.enter(scoreboard.stage + 1, facts.boots);
    port.progress.tick = scoreboard.stage;
    TextLine{port} << "PROVOKE " << reset.name;
    restart_ticks(port, counts_per_10_ms);
    port.wait(counts_per_10_ms, 0); // the line goes out before the fault
    reset.provoke(port);
}

void run(BoardPort& port, const BootFacts& facts) {
    if (!scoreboard.is_sound() || scoreboard.stage == 0) {
        scoreboard.clear();
        check_functions(port, facts);
    } else {
        judge_reset(port, facts, resets[scoreboard.stage - 1]);
    }
    while (scoreboard.stage < resets.size()) {
        const ProvokedReset& reset = resets[scoreboard.stage];
        provoke(port, facts, reset);
        scoreboard.judge(port, reset.name, false);
    }
    TextLine{port} << "CONFORMANCE " << scoreboard.passed << " passed, " << scoreboard.failed
                   << " failed";
    scoreboard.enter(0, 0);
}

} // namespace
} // namespace tinymf::firmware

int main() {
    tinymf::firmware::BoardPort port;
    tinymf::firmware::run(port, port.init());
    for (;;) {
        port.wait(0, 0);
        std::array<std::uint8_t, 16> ignored{};
        port.read(ignored);
    }
}
