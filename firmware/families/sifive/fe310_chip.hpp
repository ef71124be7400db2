// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::sifive {

/// Clock, pins and reset of the FE310-G002 (its manual v19p05, chapters 6, 13, 14, 16 and 17): 256
/// MHz from a crystal of 16 MHz, UART0 on GPIO 16 (receive) and 17 (send), the HiFive1's red light
/// on GPIO 22. The core-local timer counts a slower crystal.
struct Fe310Chip {
    static constexpr std::uint32_t core_hertz = 256'000'000;
    static constexpr std::uint32_t timer_hertz = 32'768;

    static bool start() {
        if (!start_clock()) {
            return false;
        }
        constexpr std::uint32_t pins_16_and_17 = 3U << 16;
        pins(0x3c) = pins(0x3c) & ~pins_16_and_17;
        pins(0x38) = pins(0x38) | pins_16_and_17;
        return true;
    }

    /// Long flashes on the ring oscillator, which is too inexact for a serial line.
    static void show_dead_clock() {
        constexpr std::uint32_t light = 1U << 22;
        pins(0x08) = pins(0x08) | light; // output
        for (int change = 0; change < 20; ++change) {
            pins(0x0c) = pins(0x0c) ^ light;
            for (std::uint32_t poll = 0; poll < 1'000'000; ++poll) {
                static_cast<void>(static_cast<std::uint32_t>(clocks(0x00)));
            }
        }
    }

    /// Five seconds of the slow clock, divided by 8.
    static void start_watchdog() {
        constexpr std::uint32_t by_8 = 3;
        feed_watchdog();
        unlock_watchdog();
        always_on(0x020) = 5 * timer_hertz / 8;
        unlock_watchdog();
        always_on(0x000) = by_8 | reset_when_expired | always_running;
    }
    static void feed_watchdog() {
        unlock_watchdog();
        always_on(0x018) = 0x0d09'f00d;
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
        unlock_watchdog();
        always_on(0x020) = 0;
        unlock_watchdog();
        always_on(0x000) = reset_when_expired | always_running;
        for (;;) {
        }
    }

private:
    static constexpr std::uint32_t reset_when_expired = 1U << 8;
    static constexpr std::uint32_t always_running = 1U << 12;
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

    /// Not for ever: half a second or more on a ring oscillator of up to 72 MHz, six cycles a poll.
    static constexpr std::uint32_t polls = 6'000'000;
    static bool wait_for(const volatile std::uint32_t& status, std::uint32_t ready) {
        for (std::uint32_t poll = 0; poll < polls; ++poll) {
            if ((status & ready) != 0) {
                return true;
            }
        }
        return false;
    }

    /// 8 MHz into the loop, 512 MHz in it, half of that to the core; the boot loader may have left
    /// the core on it. False without one of the crystals, with the core on the ring oscillator.
    static bool start_clock() {
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
        if (!choose_slow_crystal() || !wait_for(clocks(0x04), ready)) {
            return false;
        }
        peripheral_word(0x1001'4000) = eighth_of_the_core; // clock of the flash: 32 MHz
        clocks(0x0c) = undivided;
        clocks(0x08) = halved_times_64_halved | from_crystal | bypass;
        clocks(0x08) = clocks(0x08) & ~bypass;
        wait_for_counts(5); // 100 microseconds, until the lock is meaningful
        if (!wait_for(clocks(0x08), ready)) {
            return false;
        }
        clocks(0x08) = clocks(0x08) | run_from_loop;
        return true;
    }

    /// The timer's clock: after reset an internal ring oscillator, far from the crystal's
    /// rate. Unless a pin of the chip has the choice (bit 31 is 0), it must read back. True once
    /// the timer counts.
    static bool choose_slow_crystal() {
        constexpr std::uint32_t external = 1U << 0;
        constexpr std::uint32_t is_ours_to_choose = 1U << 31;
        volatile std::uint32_t& source = always_on(0x07c);
        source = external;
        const std::uint32_t chosen = source;
        const bool is_external = (chosen & is_ours_to_choose) == 0 || (chosen & external) != 0;
        return is_external && wait_for_counts(2);
    }

    static bool wait_for_counts(std::uint32_t counts) {
        const volatile std::uint32_t& timer = peripheral_word(0x0200'bff8);
        const std::uint32_t begin = timer;
        for (std::uint32_t poll = 0; poll < polls; ++poll) {
            if (timer - begin >= counts) {
                return true;
            }
        }
        return false;
    }
};

} // namespace tinymf::firmware::sifive
