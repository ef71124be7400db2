// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/reset_cause.hpp"

namespace tinymf::firmware::stm32 {

/// What is soldered to the oscillator's pins.
enum class ExternalClock : std::uint8_t { crystal, signal };

/// Clock tree of the STM32F405 and F446 (RM0090 and RM0390, chapters "Reset and clock control" and
/// "Embedded flash memory"): 168 MHz from an external clock of `megahertz`.
template <std::uint32_t megahertz, ExternalClock external>
struct F4Clock {
    static constexpr std::uint32_t core_hertz = 168'000'000;
    static constexpr std::uint32_t bus1_hertz = core_hertz / 4;
    static constexpr std::uint32_t bus2_hertz = core_hertz / 2;

    static volatile std::uint32_t& reset_and_clock(std::uintptr_t offset) {
        return peripheral_word(0x4002'3800 + offset);
    }

    static ResetCause reset_cause() { return take_reset_cause(0x4002'3874); }

    /// 1 MHz into the loop, 336 MHz out of it, half of that to the core; the peripherals' buses
    /// take a quarter and a half of the core's clock.
    static void start_clock() {
        constexpr std::uint32_t external_on =
            1U << 16 | (external == ExternalClock::signal ? 1U << 18 : 0U);
        constexpr std::uint32_t loop_on = 1U << 24;
        constexpr std::uint32_t from_external_halved_times_336 =
            megahertz | 336U << 6 | 0U << 16 | 1U << 22 | 7U << 24 | 2U << 28;
        constexpr std::uint32_t buses = 5U << 10 | 4U << 13;
        constexpr std::uint32_t run_from_loop = 2;
        constexpr std::uint32_t five_wait_states_with_caches = 5U | 7U << 8;
        reset_and_clock(0x00) |= external_on;
        wait_for(1U << 17);
        reset_and_clock(0x04) = from_external_halved_times_336;
        reset_and_clock(0x00) |= loop_on;
        peripheral_word(0x4002'3c00) = five_wait_states_with_caches;
        wait_for(1U << 25);
        reset_and_clock(0x08) = buses | run_from_loop;
    }

private:
    /// Not for ever: a crystal may be broken, and QEMU models no clocks and reads 0.
    static void wait_for(std::uint32_t ready) {
        for (int polls = 0; polls < 20'000 && (reset_and_clock(0x00) & ready) == 0; ++polls) {
        }
    }
};

} // namespace tinymf::firmware::stm32
