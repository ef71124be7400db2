// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/cortex_m/core.hpp"
#include "families/register.hpp"
#include "port/port.hpp"

namespace tinymf::firmware::nrf5 {

/// Counter and tick from TIMER0 (reference manual of the nRF51 3.0, chapter 18); the nRF51's core
/// has no SysTick, and the nRF52's stands still in sleep. Runs free over 32 bits at 16 MHz, the
/// nRF51's core clock. One interrupt per tick, by a compare value that moves ahead.
template <std::uint32_t core_hertz>
class TimerClock {
public:
    static constexpr std::uint32_t counts_per_second = 16'000'000;
    /// Some three services of 90 to 103 instructions (docs/embedded.md, "How long a tick waits").
    static constexpr std::uint32_t least_period = core_hertz == counts_per_second ? 320 : 200;
    static constexpr CounterUnit unit =
        core_hertz == counts_per_second ? CounterUnit::core_cycles : CounterUnit::timer_ticks;
    static constexpr std::uint32_t exception = 16 + 8;

    static void start() {
        constexpr std::uint32_t bits_32 = 3;
        timer(0x508) = bits_32;
        constexpr std::uint32_t undivided = 0;
        timer(0x510) = undivided;
        timer(0x00c) = trigger; // clear
        timer(0x000) = trigger; // start
        set_period(0);
    }

    static std::uint32_t now() {
        const cortex_m::InterruptLock lock; // the interrupt uses the same capture register
        return capture();
    }

    static void set_period(std::uint32_t period) {
        const cortex_m::InterruptLock lock;
        period_ = period;
        tick_ = 0;
        tick_start_ = capture();
        compared() = 0;
        ask_at(tick_start_ + (period == 0 ? idle_interval : period));
        timer(0x304) = compare_request;
    }

    static std::uint32_t period() { return period_; }
    static std::uint32_t tick() { return tick_; }
    static std::uint32_t tick_start() { return tick_start_; }

    /// Catches up with every tick that has begun, and asks for the next.
    static void on_interrupt() {
        compared() = 0;
        if (period_ == 0) {
            ask_at(capture() + idle_interval);
        }
        while (period_ != 0 && capture() - tick_start_ >= period_) {
            tick_start_ = tick_start_ + period_;
            tick_ = tick_ + 1;
        }
        if (period_ != 0) {
            const std::uint32_t next = tick_start_ + period_;
            ask_at(is_ahead(next - breathing_space) ? next : capture() + breathing_space);
        }
    }

private:
    /// Without ticks the watchdog still wants an interrupt a second.
    static constexpr std::uint32_t idle_interval = counts_per_second;
    static bool is_ahead(std::uint32_t count) { return count - capture() - 1 < 1U << 31; }

    /// The request comes when the counter reaches the compare value: one that was overtaken while
    /// it was written would come after 2^32 counts. Then the loop gets some time first, however
    /// late this is; ticks that pass in it are caught up with.
    static void ask_at(std::uint32_t count) {
        compare_value() = count;
        while (!is_ahead(count) && compared() == 0) {
            count = capture() + breathing_space;
            compare_value() = count;
        }
    }

    static constexpr std::uint32_t breathing_space = 160; // 10 microseconds
    static constexpr std::uint32_t trigger = 1;
    static constexpr std::uint32_t compare_request = 1U << 16;
    static volatile std::uint32_t& timer(std::uintptr_t offset) {
        return peripheral_word(0x4000'8000 + offset);
    }
    static volatile std::uint32_t& compared() { return timer(0x140); }
    static volatile std::uint32_t& compare_value() { return timer(0x540); }

    static std::uint32_t capture() {
        timer(0x044) = trigger;
        return timer(0x544);
    }

    // Written by the interrupt, or by the main loop with interrupts held back.
    static inline constinit volatile std::uint32_t tick_ = 0;
    static inline constinit volatile std::uint32_t tick_start_ = 0;
    static inline constinit std::uint32_t period_ = 0;
};

} // namespace tinymf::firmware::nrf5
