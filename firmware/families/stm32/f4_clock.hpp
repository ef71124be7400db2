// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/clock_control.hpp"
#include "families/stm32/reset_cause.hpp"

namespace tinymf::firmware::stm32 {

/// Clock tree of the STM32F405 and F446 (RM0090 and RM0390, chapters "Reset and clock control" and
/// "Embedded flash memory"): 168 MHz from an external clock of `megahertz`, or where that does not
/// start from the internal oscillator of 16 MHz, whose 1 % the serial line bears.
template <std::uint32_t megahertz, ExternalClock external>
struct F4Clock {
    static constexpr std::uint32_t core_hertz = 168'000'000;
    static constexpr std::uint32_t bus1_hertz = core_hertz / 4;
    static constexpr std::uint32_t bus2_hertz = core_hertz / 2;

    static volatile std::uint32_t& reset_and_clock(std::uintptr_t offset) {
        return peripheral_word(0x4002'3800 + offset);
    }

    static ResetCause reset_cause() { return take_reset_cause<reset_flags_of_csr>(0x4002'3874); }

    /// Switches clocks of peripherals on; each has its clock when this returns (errata sheets
    /// ES0182 and ES0298, "Delay after an RCC peripheral clock enabling": read it back).
    static void enable(std::uintptr_t offset, std::uint32_t peripherals) {
        volatile std::uint32_t& enabled = reset_and_clock(offset);
        enabled = enabled | peripherals;
        static_cast<void>(static_cast<std::uint32_t>(enabled));
    }

    /// 1 MHz into the loop, 336 MHz out of it, half of that to the core; the peripherals' buses
    /// take a quarter and a half of the core's clock.
    static void start_clock() {
        constexpr std::uint32_t times_336_halved = 336U << 6 | 0U << 16 | 7U << 24 | 2U << 28;
        constexpr std::uint32_t from_external = 1U << 22 | megahertz;
        constexpr std::uint32_t from_internal = internal_hertz / 1'000'000;
        constexpr std::uint32_t buses = 5U << 10 | 4U << 13;
        constexpr std::uint32_t run_from_loop = 2;
        constexpr std::uint32_t five_wait_states_with_caches = 5U | 7U << 8;
        stop_loop();
        const bool has_external = start_external<external>(control(), internal_hertz);
        reset_and_clock(0x04) = times_336_halved | (has_external ? from_external : from_internal);
        control() = control() | loop_on;
        peripheral_word(0x4002'3c00) = five_wait_states_with_caches;
        wait_for(control(), control(), loop_ready, loop_ready, 10, internal_hertz);
        reset_and_clock(0x08) = buses | run_from_loop;
        wait_for(control(), reset_and_clock(0x08), in_use, run_from_loop << 2, 10, internal_hertz);
    }

private:
    static constexpr std::uint32_t internal_hertz = 16'000'000;
    static constexpr std::uint32_t in_use = 3U << 2;
    static volatile std::uint32_t& control() { return reset_and_clock(0x00); }

    /// A loader may have left the core on the loop, whose factors cannot change while it runs.
    static void stop_loop() {
        control() = control() | internal_on;
        wait_for(control(), control(), 1U << 1, 1U << 1, 1, internal_hertz);
        reset_and_clock(0x08) = 0;
        wait_for(control(), reset_and_clock(0x08), in_use, 0, 10, core_hertz);
        control() = control() & ~(loop_on | external_on);
        wait_for(control(), control(), loop_ready | external_ready, 0, 10, internal_hertz);
    }
};

} // namespace tinymf::firmware::stm32
