// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::nrf5 {

/// Clock and reset of the nRF51 (reference manual 3.0, chapters 12 and 13) and nRF52 series
/// (product specification of the nRF52833, chapters POWER and CLOCK).
template <std::uint32_t hertz, std::uint32_t interrupt_count>
struct Chip {
    static constexpr std::uint32_t core_hertz = hertz;
    static constexpr std::uint32_t interrupts = interrupt_count;

    /// The crystal replaces the RC oscillator, whose error may spoil the baud rate. Not waited for
    /// for ever, but some 20 ms or more, at least 5 cycles a poll: a board with a broken one shall
    /// still try to answer.
    static bool start() {
        constexpr std::uint32_t trigger = 1;
        constexpr std::uint32_t polls = core_hertz / 5 / 50;
        peripheral_word(0x4000'0000) = trigger;
        for (std::uint32_t poll = 0; poll < polls && peripheral_word(0x4000'0100) == 0; ++poll) {
        }
        return true;
    }
    static void show_dead_clock() {}

    /// Five seconds of the slow oscillator, which starts by itself; halted with the core. Only a
    /// reset stops it (nRF51 chapter 22, nRF52833 chapter WDT).
    static void start_watchdog() {
        constexpr std::uint32_t counts = 5 * 32'768;
        constexpr std::uint32_t also_in_sleep = 1;
        constexpr std::uint32_t trigger = 1;
        watchdog(0x504) = counts;
        watchdog(0x50c) = also_in_sleep;
        watchdog(0x000) = trigger;
    }
    static void feed_watchdog() { watchdog(0x600) = 0x6e52'4635; }

    /// The pin first: with it the other bits may be set without their cause (nRF52833 errata 136).
    /// QEMU models no reset cause and reports `pin`.
    static ResetCause reset_cause() {
        volatile std::uint32_t& reasons = peripheral_word(0x4000'0400);
        const std::uint32_t seen = reasons;
        reasons = seen; // writing a one clears it; they would add up
        if ((seen & 1U << 0) != 0) {
            return ResetCause::pin;
        }
        if ((seen & 1U << 1) != 0) {
            return ResetCause::watchdog;
        }
        if ((seen & 1U << 3) != 0) {
            return ResetCause::lockup;
        }
        if ((seen & 1U << 2) != 0) {
            return ResetCause::software;
        }
        return ResetCause::power_on; // and a brown-out set none
    }

private:
    static volatile std::uint32_t& watchdog(std::uintptr_t offset) {
        return peripheral_word(0x4001'0000 + offset);
    }
};

} // namespace tinymf::firmware::nrf5
