// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/f4_clock.hpp"

namespace tinymf::firmware::stm32 {

/// Clock and pins of the STM32F405 (RM0090): a crystal of `crystal_megahertz`, USART1 on PA9 and
/// PA10.
template <std::uint32_t crystal_megahertz>
struct F405Chip : F4Clock<crystal_megahertz, ExternalClock::crystal> {
    using Clock = F4Clock<crystal_megahertz, ExternalClock::crystal>;
    static constexpr std::uint32_t interrupts = 82;
    static constexpr std::uint32_t usart1_hertz = Clock::bus2_hertz;

    static void start() {
        Clock::start_clock();
        Clock::reset_and_clock(0x30) |= 1U << 0; // port A
        Clock::reset_and_clock(0x44) |= 1U << 4; // USART1
        constexpr std::uint32_t alternate_on_9_and_10 = 2U << 18 | 2U << 20;
        constexpr std::uint32_t usart_on_9_and_10 = 7U << 4 | 7U << 8;
        port_a(0x24) = (port_a(0x24) & ~0xff0U) | usart_on_9_and_10;
        port_a(0x00) = (port_a(0x00) & ~(0xfU << 18)) | alternate_on_9_and_10;
    }

private:
    static volatile std::uint32_t& port_a(std::uintptr_t offset) {
        return peripheral_word(0x4002'0000 + offset);
    }
};

} // namespace tinymf::firmware::stm32
