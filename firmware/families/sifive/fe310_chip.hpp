// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::sifive {

/// Clock, pins and reset of the FE310-G002 (its manual v19p05, chapters 6, 13, 14, 16 and 17): 256
/// MHz from a crystal of 16 MHz, UART0 on GPIO 16 (receive) and 17 (send). The core-local timer
/// counts a slower crystal.
struct Fe310Chip {
    static constexpr std::uint32_t core_hertz = 256'000'000;
    static constexpr std::uint32_t timer_hertz = 32'768;

    static void start() {
        start_clock();
        constexpr std::uint32_t pins_16_and_17 = 3U << 16;
        pins(0x3c) = pins(0x3c) & ~pins_16_and_17;
        pins(0x38) = pins(0x38) | pins_16_and_17;
    }

    static ResetCause reset_cause() {
        switch (always_on(0x144) >> 8 & 3U) {
        case 0:
            return ResetCause::power_on;
        case 1:
            return ResetCause::pin;
        case 2:
            return ResetCause::watchdog; // also a software reset, which has no other way
        default:
            return ResetCause::unknown;
        }
    }

    /// By a watchdog that expires at once; memory keeps its contents.
    [[noreturn]] static void reset() {
        constexpr std::uint32_t reset_when_expired = 1U << 8;
        constexpr std::uint32_t always_running = 1U << 12;
        unlock_watchdog();
        always_on(0x020) = 0;
        unlock_watchdog();
        always_on(0x000) = reset_when_expired | always_running;
        for (;;) {
        }
    }

private:
    static volatile std::uint32_t& always_on(std::uintptr_t offset) {
        return peripheral_word(0x1000'0000 + offset);
    }
    static volatile std::uint32_t& clocks(std::uintptr_t offset) {
        return peripheral_word(0x1000'8000 + offset);
    }
    static volatile std::uint32_t& pins(std::uintptr_t offset) {
        return peripheral_word(0x1001'2000 + offset);
    }

    /// For one write.
    static void unlock_watchdog() { always_on(0x01c) = 0x0051'f15e; }

    static void wait_for(const volatile std::uint32_t& status, std::uint32_t ready) {
        while ((status & ready) == 0) {
        }
    }

    /// 8 MHz into the loop, 512 MHz in it, half of that to the core; the boot loader may have left
    /// the core on it.
    static void start_clock() {
        constexpr std::uint32_t enable = 1U << 30;
        constexpr std::uint32_t ready = 1U << 31;
        constexpr std::uint32_t run_from_loop = 1U << 16;
        constexpr std::uint32_t from_crystal = 1U << 17;
        constexpr std::uint32_t bypass = 1U << 18;
        constexpr std::uint32_t halved_times_64_halved = 1U | 31U << 4 | 1U << 10;
        constexpr std::uint32_t undivided = 1U << 8;
        constexpr std::uint32_t eighth_of_the_core = 3;
        clocks(0x00) = clocks(0x00) | enable;
        wait_for(clocks(0x00), ready);
        clocks(0x08) = clocks(0x08) & ~run_from_loop;
        clocks(0x04) = clocks(0x04) | enable;
        wait_for(clocks(0x04), ready);
        peripheral_word(0x1001'4000) = eighth_of_the_core; // clock of the flash: 32 MHz
        clocks(0x0c) = undivided;
        clocks(0x08) = halved_times_64_halved | from_crystal | bypass;
        clocks(0x08) = clocks(0x08) & ~bypass;
        wait_until_lock_is_meaningful();
        wait_for(clocks(0x08), ready);
        clocks(0x08) = clocks(0x08) | run_from_loop;
    }

    /// 100 microseconds by the timer.
    static void wait_until_lock_is_meaningful() {
        const volatile std::uint32_t& timer = peripheral_word(0x0200'bff8);
        const std::uint32_t begin = timer;
        while (timer - begin < 5) {
        }
    }
};

} // namespace tinymf::firmware::sifive
