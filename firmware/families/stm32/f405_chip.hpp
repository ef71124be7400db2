// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/reset_cause.hpp"

namespace tinymf::firmware::stm32 {

/// Clock and pins of the STM32F405 (RM0090, chapters 3, 7 and 8): 168 MHz from a crystal of
/// `crystal_megahertz`, USART1 on PA9 and PA10, its bus at 84 MHz.
template <std::uint32_t crystal_megahertz>
struct F405Chip {
    static constexpr std::uint32_t interrupts = 82;
    static constexpr std::uint32_t core_hertz = 168'000'000;
    static constexpr std::uint32_t usart1_hertz = 84'000'000;

    static void start() {
        start_clock();
        reset_and_clock(0x30) |= 1U << 0; // port A
        reset_and_clock(0x44) |= 1U << 4; // USART1
        constexpr std::uint32_t alternate_on_9_and_10 = 2U << 18 | 2U << 20;
        constexpr std::uint32_t usart_on_9_and_10 = 7U << 4 | 7U << 8;
        port_a(0x24) = (port_a(0x24) & ~0xff0U) | usart_on_9_and_10;
        port_a(0x00) = (port_a(0x00) & ~(0xfU << 18)) | alternate_on_9_and_10;
    }

    static ResetCause reset_cause() { return take_reset_cause(0x4002'3874); }

private:
    static volatile std::uint32_t& reset_and_clock(std::uintptr_t offset) {
        return peripheral_word(0x4002'3800 + offset);
    }
    static volatile std::uint32_t& port_a(std::uintptr_t offset) {
        return peripheral_word(0x4002'0000 + offset);
    }

    /// 1 MHz into the loop, 336 MHz out of it, half of that to the core; the peripherals' buses
    /// take a quarter and a half of the core's clock.
    static void start_clock() {
        constexpr std::uint32_t crystal_on = 1U << 16;
        constexpr std::uint32_t loop_on = 1U << 24;
        constexpr std::uint32_t from_crystal_halved_times_336 =
            crystal_megahertz | 336U << 6 | 0U << 16 | 1U << 22 | 7U << 24;
        constexpr std::uint32_t buses = 5U << 10 | 4U << 13;
        constexpr std::uint32_t run_from_loop = 2;
        constexpr std::uint32_t five_wait_states_with_caches = 5U | 7U << 8;
        reset_and_clock(0x00) |= crystal_on;
        wait_for(1U << 17);
        reset_and_clock(0x04) = from_crystal_halved_times_336;
        reset_and_clock(0x00) |= loop_on;
        peripheral_word(0x4002'3c00) = five_wait_states_with_caches;
        wait_for(1U << 25);
        reset_and_clock(0x08) = buses | run_from_loop;
    }

    /// Not for ever: a crystal may be broken, and QEMU models no clocks and reads 0.
    static void wait_for(std::uint32_t ready) {
        for (int polls = 0; polls < 20'000 && (reset_and_clock(0x00) & ready) == 0; ++polls) {
        }
    }
};

} // namespace tinymf::firmware::stm32
