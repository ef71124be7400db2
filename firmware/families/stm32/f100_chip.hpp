// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/reset_cause.hpp"

namespace tinymf::firmware::stm32 {

/// Clock and pins of the STM32F100 (RM0041, chapters 6 and 7): 24 MHz from an 8 MHz crystal, USART1
/// on PA9 and PA10. At this clock flash needs no wait states.
struct F100Chip {
    static constexpr std::uint32_t interrupts = 61;
    static constexpr std::uint32_t core_hertz = 24'000'000;

    static void start() {
        start_clock();
        constexpr std::uint32_t port_a_and_usart1 = 1U << 2 | 1U << 14;
        reset_and_clock(0x18) |= port_a_and_usart1;
        constexpr std::uintptr_t pins_8_to_15 = 0x4001'0804;
        constexpr std::uint32_t send_pushes_receive_floats = 0x4b0;
        peripheral_word(pins_8_to_15) =
            (peripheral_word(pins_8_to_15) & ~0xff0U) | send_pushes_receive_floats;
    }

    static ResetCause reset_cause() { return take_reset_cause(0x4002'1024); }

private:
    static volatile std::uint32_t& reset_and_clock(std::uintptr_t offset) {
        return peripheral_word(0x4002'1000 + offset);
    }

    static void start_clock() {
        constexpr std::uint32_t crystal_on = 1U << 16;
        constexpr std::uint32_t multiplier_on = 1U << 24;
        constexpr std::uint32_t crystal_times_3 = 1U << 16 | 1U << 18;
        constexpr std::uint32_t run_from_multiplier = 2;
        reset_and_clock(0x00) |= crystal_on;
        wait_for(1U << 17);
        reset_and_clock(0x04) = crystal_times_3;
        reset_and_clock(0x00) |= multiplier_on;
        wait_for(1U << 25);
        reset_and_clock(0x04) = crystal_times_3 | run_from_multiplier;
    }

    /// Not for ever: a crystal may be broken, and QEMU models no clocks and reads 0.
    static void wait_for(std::uint32_t ready) {
        for (int polls = 0; polls < 20'000 && (reset_and_clock(0x00) & ready) == 0; ++polls) {
        }
    }
};

} // namespace tinymf::firmware::stm32
