// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/f4_clock.hpp"
#include "families/stm32/independent_watchdog.hpp"

namespace tinymf::firmware::stm32 {

/// Clock and pins of the STM32F405 and F446 (RM0090, RM0390): USART2 on PA2 and PA3, function 7.
/// 168 MHz are the most of the one, and of the other without over-drive.
template <std::uint32_t megahertz, ExternalClock external, std::uint32_t interrupt_count>
struct F4Chip : F4Clock<megahertz, external> {
    using Clock = F4Clock<megahertz, external>;
    static constexpr std::uint32_t interrupts = interrupt_count;
    static constexpr std::uint32_t usart2_hertz = Clock::bus1_hertz;

    static bool start() {
        Clock::start_clock();
        Clock::enable(0x30, 1U << 0);  // port A
        Clock::enable(0x40, 1U << 17); // USART2
        constexpr std::uint32_t alternate_on_2_and_3 = 2U << 4 | 2U << 6;
        constexpr std::uint32_t usart_on_2_and_3 = 7U << 8 | 7U << 12;
        port_a(0x20) = (port_a(0x20) & ~0xff00U) | usart_on_2_and_3;
        port_a(0x00) = (port_a(0x00) & ~0xf0U) | alternate_on_2_and_3;
        return true;
    }
    static void show_dead_clock() {}
    static void start_watchdog() {
        HardwareWatchdog::start(Clock::reset_and_clock(0x00), Clock::core_hertz);
    }
    static void feed_watchdog() { HardwareWatchdog::feed(); }

private:
    using HardwareWatchdog = IndependentWatchdog<0x4000'3000>;
    static volatile std::uint32_t& port_a(std::uintptr_t offset) {
        return peripheral_word(0x4002'0000 + offset);
    }
};

} // namespace tinymf::firmware::stm32
