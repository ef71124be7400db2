// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/clock_control.hpp"
#include "families/stm32/independent_watchdog.hpp"
#include "families/stm32/reset_cause.hpp"

namespace tinymf::firmware::stm32 {

/// Clock and pins of the STM32H743 (RM0433, chapters "Power control", "Reset and clock control" and
/// "Embedded flash memory"): 400 MHz from a clock signal of 8 MHz, or where that does not come from
/// the internal oscillator of 64 MHz, whose 1 % the serial line bears; USART3 on PD8 and PD9, its
/// bus at 100 MHz. Instructions are cached; data lie in tightly coupled memory, which needs no
/// cache.
struct H743Chip {
    static constexpr std::uint32_t interrupts = 150;
    static constexpr std::uint32_t core_hertz = 400'000'000;
    static constexpr std::uint32_t usart3_hertz = 100'000'000;

    static bool start() {
        start_instruction_cache();
        raise_voltage();
        start_clock();
        enable(0xe0, 1U << 3);  // port D
        enable(0xe8, 1U << 18); // USART3
        constexpr std::uint32_t alternate_on_8_and_9 = 2U << 16 | 2U << 18;
        constexpr std::uint32_t usart_on_8_and_9 = 7U << 0 | 7U << 4;
        port_d(0x24) = (port_d(0x24) & ~0xffU) | usart_on_8_and_9;
        port_d(0x00) = (port_d(0x00) & ~(0xfU << 16)) | alternate_on_8_and_9;
        return true;
    }
    static void show_dead_clock() {}
    static void start_watchdog() { HardwareWatchdog::start(control(), core_hertz); }
    static void feed_watchdog() { HardwareWatchdog::feed(); }
    static ResetCause reset_cause() {
        return take_reset_cause<reset_flags_of_rsr>(reset_and_clock_base + 0xd0);
    }

private:
    using HardwareWatchdog = IndependentWatchdog<0x5800'4800>;
    static constexpr std::uintptr_t reset_and_clock_base = 0x5802'4400;
    static constexpr std::uint32_t internal_hertz = 64'000'000;
    static constexpr std::uint32_t in_use = 7U << 3;
    static volatile std::uint32_t& control() { return reset_and_clock(0x00); }
    static volatile std::uint32_t& reset_and_clock(std::uintptr_t offset) {
        return peripheral_word(reset_and_clock_base + offset);
    }
    static volatile std::uint32_t& power(std::uintptr_t offset) {
        return peripheral_word(0x5802'4800 + offset);
    }
    static volatile std::uint32_t& port_d(std::uintptr_t offset) {
        return peripheral_word(0x5802'0c00 + offset);
    }

    /// Read back: a peripheral has its clock two cycles after the write (RM0433, "Peripheral clock
    /// gating control").
    static void enable(std::uintptr_t offset, std::uint32_t peripherals) {
        volatile std::uint32_t& enabled = reset_and_clock(offset);
        enabled = enabled | peripherals;
        static_cast<void>(static_cast<std::uint32_t>(enabled));
    }

    static void start_instruction_cache() {
        volatile std::uint32_t& control = peripheral_word(0xe000'ed14);
        peripheral_word(0xe000'ef50) = 0; // whatever it holds
        asm volatile("dsb\n\tisb" ::: "memory");
        control = control | 1U << 17;
        asm volatile("dsb\n\tisb" ::: "memory");
    }

    /// The linear regulator's highest scale, which 400 MHz need. The supply can be chosen once
    /// after power-on; it stays chosen.
    static void raise_voltage() {
        constexpr std::uint32_t linear_regulator = 1U << 1;
        constexpr std::uint32_t supplies = 7;
        constexpr std::uint32_t ready = 1U << 13;
        constexpr std::uint32_t scale_1 = 3U << 14;
        power(0x0c) = (power(0x0c) & ~supplies) | linear_regulator;
        wait_for(control(), power(0x04), ready, ready, 1, internal_hertz);
        power(0x18) = scale_1;
        wait_for(control(), power(0x18), ready, ready, 1, internal_hertz);
    }

    /// 2 MHz into the loop, 800 MHz out of it, half of that to the core; memories take half of the
    /// core's clock and the peripherals' buses half of theirs.
    static void start_clock() {
        constexpr std::uint32_t external_by_4 = 2U | 4U << 4;
        constexpr std::uint32_t internal_by_32 = 0U | 32U << 4;
        constexpr std::uint32_t input_from_2_mhz_first_output = 1U << 2 | 1U << 16;
        constexpr std::uint32_t times_400_halved = (400U - 1) | (2U - 1) << 9;
        constexpr std::uint32_t memories_and_bus_3_halved = 8U | 4U << 4;
        constexpr std::uint32_t buses_1_and_2_halved = 4U << 4 | 4U << 8;
        constexpr std::uint32_t bus_4_halved = 4U << 4;
        constexpr std::uint32_t wait_states_at_200_mhz = 2U | 2U << 4;
        constexpr std::uint32_t run_from_loop = 3;
        stop_loop();
        const bool has_signal = start_external<ExternalClock::signal>(control(), internal_hertz);
        reset_and_clock(0x28) = has_signal ? external_by_4 : internal_by_32;
        reset_and_clock(0x2c) = input_from_2_mhz_first_output;
        reset_and_clock(0x30) = times_400_halved;
        control() = control() | loop_on;
        wait_for(control(), control(), loop_ready, loop_ready, 10, internal_hertz);
        peripheral_word(0x5200'2000) = wait_states_at_200_mhz;
        reset_and_clock(0x18) = memories_and_bus_3_halved;
        reset_and_clock(0x1c) = buses_1_and_2_halved;
        reset_and_clock(0x20) = bus_4_halved;
        reset_and_clock(0x10) = run_from_loop;
        wait_for(control(), reset_and_clock(0x10), in_use, run_from_loop << 3, 10, internal_hertz);
    }

    /// A loader may have left the core on the loop, whose factors cannot change while it runs.
    static void stop_loop() {
        control() = control() | internal_on;
        wait_for(control(), control(), 1U << 2, 1U << 2, 1, internal_hertz);
        reset_and_clock(0x10) = 0;
        wait_for(control(), reset_and_clock(0x10), in_use, 0, 10, core_hertz);
        control() = control() & ~(loop_on | external_on);
        wait_for(control(), control(), loop_ready | external_ready, 0, 10, internal_hertz);
    }
};

} // namespace tinymf::firmware::stm32
