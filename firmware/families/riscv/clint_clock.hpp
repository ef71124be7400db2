// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "families/register.hpp"
#include "families/riscv/core.hpp"
#include "port/port.hpp"

namespace tinymf::firmware::riscv {

/// Counter and tick from the core-local timer: 64 bits at `hertz`, one interrupt per tick by a
/// compare value that moves ahead. Its rate is not the core's.
template <std::uint32_t hertz, std::uintptr_t base = 0x0200'0000>
class ClintClock {
public:
    static constexpr std::uint32_t counts_per_second = hertz;
    static constexpr std::uint32_t least_period = 1;
    static constexpr CounterUnit unit = CounterUnit::timer_ticks;
    static constexpr std::uint32_t exception = machine_timer;

    static void start() { ask_at(time() + idle_interval); }

    static std::uint32_t now() { return peripheral_word(base + 0xbff8); }

    /// 0: no ticks. Otherwise tick 0 begins now.
    static void set_period(std::uint32_t period) {
        const InterruptLock lock;
        period_ = period;
        tick_ = 0;
        start_ = time();
        ask_at(start_ + (period == 0 ? idle_interval : period));
    }

    static std::uint32_t period() { return period_; }
    static std::uint32_t tick() { return tick_; }
    static std::uint32_t tick_start() { return static_cast<std::uint32_t>(start_); }

    /// Catches up with every tick that has begun, and asks for the next.
    static void on_interrupt() {
        if (period_ == 0) {
            ask_at(time() + idle_interval);
            return;
        }
        while (time() - start_ >= period_) {
            start_ = start_ + period_;
            tick_ = tick_ + 1;
        }
        // Some time for the loop, however late this is: ticks that pass in it are caught up with.
        ask_at(std::max<std::uint64_t>(start_ + period_, time() + breathing_space));
    }

private:
    /// Without ticks the timer still asks once a second: an emulator that leaps to the next request
    /// would otherwise leap to the end of time.
    static constexpr std::uint32_t idle_interval = hertz;
    static constexpr std::uint32_t breathing_space = hertz / 200'000; // 5 microseconds

    /// The upper half once more after the lower one, which may have run over in between.
    static std::uint64_t time() {
        for (;;) {
            const std::uint32_t upper = peripheral_word(base + 0xbffc);
            const std::uint32_t lower = now();
            if (upper == peripheral_word(base + 0xbffc)) {
                return std::uint64_t{upper} << 32 | lower;
            }
        }
    }

    /// No half-written value lies in the past.
    static void ask_at(std::uint64_t count) {
        volatile std::uint32_t& lower = peripheral_word(base + 0x4000);
        volatile std::uint32_t& upper = peripheral_word(base + 0x4004);
        upper = 0xffff'ffff;
        lower = static_cast<std::uint32_t>(count);
        upper = static_cast<std::uint32_t>(count >> 32);
    }

    // Written by the interrupt, or by the main loop with interrupts held back.
    static inline constinit volatile std::uint32_t tick_ = 0;
    static inline constinit volatile std::uint64_t start_ = 0;
    static inline constinit std::uint32_t period_ = 0;
};

} // namespace tinymf::firmware::riscv
