// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/clock_control.hpp"
#include "families/stm32/independent_watchdog.hpp"
#include "families/stm32/reset_cause.hpp"

namespace tinymf::firmware::stm32 {

/// Clock and pins of the STM32F100 (RM0041, chapters 6 and 7): 24 MHz from an 8 MHz crystal, or
/// where that does not start from the internal oscillator of 8 MHz, whose 1 % the serial line
/// bears; USART1 on PA9 and PA10. At this clock flash needs no wait states.
struct F100Chip {
    static constexpr std::uint32_t interrupts = 61;
    static constexpr std::uint32_t core_hertz = 24'000'000;

    static bool start() {
        start_clock();
        constexpr std::uint32_t port_a_and_usart1 = 1U << 2 | 1U << 14;
        volatile std::uint32_t& enabled = reset_and_clock(0x18);
        enabled = enabled | port_a_and_usart1;
        static_cast<void>(static_cast<std::uint32_t>(enabled)); // until the clocks have arrived
        constexpr std::uintptr_t pins_8_to_15 = 0x4001'0804;
        constexpr std::uint32_t send_pushes_receive_floats = 0x4b0;
        peripheral_word(pins_8_to_15) =
            (peripheral_word(pins_8_to_15) & ~0xff0U) | send_pushes_receive_floats;
        return true;
    }
    static void show_dead_clock() {}
    static void start_watchdog() { HardwareWatchdog::start(control(), core_hertz); }
    static void feed_watchdog() { HardwareWatchdog::feed(); }

    static ResetCause reset_cause() { return take_reset_cause<reset_flags_of_csr>(0x4002'1024); }

private:
    using HardwareWatchdog = IndependentWatchdog<0x4000'3000>;
    static constexpr std::uint32_t internal_hertz = 8'000'000;
    static constexpr std::uint32_t in_use = 3U << 2;
    static volatile std::uint32_t& reset_and_clock(std::uintptr_t offset) {
        return peripheral_word(0x4002'1000 + offset);
    }
    static volatile std::uint32_t& control() { return reset_and_clock(0x00); }

    static void start_clock() {
        constexpr std::uint32_t crystal_times_3 = 1U << 16 | 1U << 18;
        constexpr std::uint32_t half_internal_times_6 = 4U << 18;
        constexpr std::uint32_t run_from_loop = 2;
        stop_loop();
        const bool has_crystal = start_external<ExternalClock::crystal>(control(), internal_hertz);
        const std::uint32_t factors = has_crystal ? crystal_times_3 : half_internal_times_6;
        reset_and_clock(0x2c) = 0; // the crystal undivided
        reset_and_clock(0x04) = factors;
        control() = control() | loop_on;
        wait_for(control(), control(), loop_ready, loop_ready, 10, internal_hertz);
        reset_and_clock(0x04) = factors | run_from_loop;
        wait_for(control(), reset_and_clock(0x04), in_use, run_from_loop << 2, 10, internal_hertz);
    }

    /// A loader may have left the core on the loop, whose factors cannot change while it runs.
    static void stop_loop() {
        control() = control() | internal_on;
        wait_for(control(), control(), 1U << 1, 1U << 1, 1, internal_hertz);
        reset_and_clock(0x04) = reset_and_clock(0x04) & ~3U;
        wait_for(control(), reset_and_clock(0x04), in_use, 0, 10, core_hertz);
        control() = control() & ~(loop_on | external_on);
        wait_for(control(), control(), loop_ready | external_ready, 0, 10, internal_hertz);
    }
};

} // namespace tinymf::firmware::stm32
