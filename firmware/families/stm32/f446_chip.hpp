// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/f4_clock.hpp"

namespace tinymf::firmware::stm32 {

/// Clock and pins of the STM32F446 (RM0390): a clock signal of `signal_megahertz`, USART2 on PA2
/// and PA3. 168 MHz are the most without over-drive.
template <std::uint32_t signal_megahertz>
struct F446Chip : F4Clock<signal_megahertz, ExternalClock::signal> {
    using Clock = F4Clock<signal_megahertz, ExternalClock::signal>;
    static constexpr std::uint32_t interrupts = 97;
    static constexpr std::uint32_t usart2_hertz = Clock::bus1_hertz;

    static void start() {
        Clock::start_clock();
        Clock::reset_and_clock(0x30) |= 1U << 0;  // port A
        Clock::reset_and_clock(0x40) |= 1U << 17; // USART2
        constexpr std::uint32_t alternate_on_2_and_3 = 2U << 4 | 2U << 6;
        constexpr std::uint32_t usart_on_2_and_3 = 7U << 8 | 7U << 12;
        port_a(0x20) = (port_a(0x20) & ~0xff00U) | usart_on_2_and_3;
        port_a(0x00) = (port_a(0x00) & ~0xf0U) | alternate_on_2_and_3;
    }

private:
    static volatile std::uint32_t& port_a(std::uintptr_t offset) {
        return peripheral_word(0x4002'0000 + offset);
    }
};

} // namespace tinymf::firmware::stm32
