// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/cortex_m/core.hpp"
#include "families/cortex_m/tick_intervals.hpp"
#include "port/port.hpp"

namespace tinymf::firmware::cortex_m {

/// Counter and tick from the core's own 24-bit timer, extended to 32 bits by its interrupt.
/// One count is one cycle of the core clock. Interrupts: one per tick, and at least one per 2^24
/// cycles. A longer period is cut into equal parts, exactly if it is one of whole microseconds.
template <std::uint32_t hertz>
class SysTickClock {
    static constexpr std::uint32_t megahertz = hertz / 1'000'000;
    static_assert(hertz % 1'000'000 == 0, "a microsecond is a whole number of counts");

public:
    static constexpr std::uint32_t counts_per_second = hertz;
    /// Core cycles: some three services of 70 instructions (docs/embedded.md, "How long a tick
    /// waits").
    static constexpr std::uint32_t least_period = 240;
    static constexpr CounterUnit unit = CounterUnit::core_cycles;
    static constexpr std::uint32_t exception = 15;

    static void start() { run_intervals_of(longest_interval); }

    static std::uint32_t now() {
        const InterruptLock lock;
        const std::uint32_t position = interval_position();
        // The interval may have ended under the lock, before or after the position was read.
        if ((interrupt_control() & systick_pending) != 0) {
            return interval_start_ + interval_ + interval_position();
        }
        return interval_start_ + position;
    }

    /// 0: no ticks. Otherwise tick 0 begins now.
    static void set_period(std::uint32_t period) {
        const std::uint32_t intervals = intervals_of(period, megahertz);
        const InterruptLock lock;
        period_ = period;
        intervals_per_tick_ = intervals;
        interval_start_ = now();
        run_intervals_of(period == 0 ? longest_interval : period / intervals_per_tick_);
        intervals_done_ = 0;
        tick_ = 0;
        tick_start_ = interval_start_;
    }

    static std::uint32_t period() { return period_; }
    static std::uint32_t tick() { return tick_; }
    static std::uint32_t tick_start() { return tick_start_; }

    static void on_interrupt() {
        interval_start_ = interval_start_ + interval_;
        if (period_ == 0) {
            return;
        }
        intervals_done_ = intervals_done_ + 1;
        if (intervals_done_ == intervals_per_tick_) {
            intervals_done_ = 0;
            tick_start_ = interval_start_;
            tick_ = tick_ + 1;
        }
    }

private:
    static volatile std::uint32_t& control() { return peripheral_word(0xe000'e010); }
    static volatile std::uint32_t& reload() { return peripheral_word(0xe000'e014); }
    static volatile std::uint32_t& value() { return peripheral_word(0xe000'e018); }

    static void run_intervals_of(std::uint32_t counts) {
        constexpr std::uint32_t enable_with_interrupt_from_core_clock = 7;
        interval_ = counts;
        reload() = counts - 1;
        value() = 0;
        interrupt_control() = systick_unpend;
        control() = enable_with_interrupt_from_core_clock;
    }

    /// Counts since the timer last reached 0, which is when it asks for its interrupt.
    static std::uint32_t interval_position() {
        const std::uint32_t left = value();
        return left == 0 ? 0 : interval_ - left;
    }

    // Written by the interrupt, or by the main loop with interrupts held back.
    static inline constinit volatile std::uint32_t interval_start_ = 0;
    static inline constinit volatile std::uint32_t interval_ = longest_interval;
    static inline constinit volatile std::uint32_t intervals_done_ = 0;
    static inline constinit volatile std::uint32_t tick_ = 0;
    static inline constinit volatile std::uint32_t tick_start_ = 0;
    static inline constinit std::uint32_t intervals_per_tick_ = 0;
    static inline constinit std::uint32_t period_ = 0;
};

} // namespace tinymf::firmware::cortex_m
