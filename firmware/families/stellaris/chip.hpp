// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::stellaris {

/// Clock, pins and reset of the LM3S6965 (its data sheet's chapters 5 and 8): 50 MHz from an 8 MHz
/// crystal, UART0 on PA0 and PA1, the evaluation board's light on PF0.
struct Chip {
    static constexpr std::uint32_t interrupts = 44;
    static constexpr std::uint32_t core_hertz = 50'000'000;

    static bool start() {
        if (!start_clock()) {
            return false;
        }
        enable(0x104, 1U << 0); // UART0
        enable(0x108, 1U << 0); // port A
        constexpr std::uint32_t pins_0_and_1 = 3;
        port_a(0x420) |= pins_0_and_1; // belong to the UART
        port_a(0x51c) |= pins_0_and_1; // are digital
        return true;
    }

    /// Long flashes on the internal oscillator, which is too inexact for a serial line.
    static void show_dead_clock() {
        constexpr std::uint32_t light = 1U << 0;
        constexpr std::uintptr_t port_f = 0x4002'5000;
        enable(0x108, 1U << 5);
        peripheral_word(port_f + 0x400) = light; // output
        peripheral_word(port_f + 0x51c) = light; // digital
        for (std::uint32_t change = 0; change < 20; ++change) {
            peripheral_word(port_f + 4 * light) = change % 2 == 0 ? light : 0;
            wait_at_least(400);
        }
    }

    /// It resets when it has run down for the second time, after five seconds (data sheet, chapter
    /// "Watchdog timer"). The core's interrupt for the first time stays disabled.
    static void start_watchdog() {
        constexpr std::uint32_t interrupt_and_reset = 3;
        enable(0x100, 1U << 3);
        watchdog(0x000) = core_hertz / 2 * 5;
        watchdog(0x008) = interrupt_and_reset;
    }
    static void feed_watchdog() { watchdog(0x00c) = 1; }

    static ResetCause reset_cause() {
        volatile std::uint32_t& causes = system(0x05c);
        const std::uint32_t seen = causes;
        causes = 0;
        if ((seen & 1U << 3) != 0) {
            return ResetCause::watchdog;
        }
        if ((seen & 1U << 4) != 0) {
            return ResetCause::software;
        }
        if ((seen & 1U << 1) != 0) {
            return ResetCause::power_on;
        }
        if ((seen & 1U << 2) != 0) {
            return ResetCause::brown_out;
        }
        return (seen & 1U << 0) != 0 ? ResetCause::pin : ResetCause::unknown;
    }

private:
    static volatile std::uint32_t& system(std::uintptr_t offset) {
        return peripheral_word(0x400f'e000 + offset);
    }
    static volatile std::uint32_t& watchdog(std::uintptr_t offset) {
        return peripheral_word(0x4000'0000 + offset);
    }
    static volatile std::uint32_t& port_a(std::uintptr_t offset) {
        return peripheral_word(0x4000'4000 + offset);
    }

    /// Gives peripherals their clocks, and three cycles, which must pass before the first access
    /// (data sheet, run-mode clock gating control).
    static void enable(std::uintptr_t offset, std::uint32_t peripherals) {
        system(offset) |= peripherals;
        asm volatile("nop\n\tnop\n\tnop\n\tnop" ::: "memory");
    }

    /// By polls of at least six cycles, for an internal oscillator of up to 15.6 MHz.
    static void wait_at_least(std::uint32_t milliseconds) {
        for (std::uint32_t poll = 0; poll < 2600 * milliseconds; ++poll) {
            static_cast<void>(static_cast<std::uint32_t>(system(0x050)));
        }
    }

    /// 200 MHz out of the loop, a quarter of it to the core, in the steps of the data sheet's
    /// section "Initialization and configuration" of system control (5.3): bypass; crystal, source
    /// and power; divider; the lock; the loop. A loader may have left the core on the loop, also by
    /// the second register: it is switched off, so that the lock tells of a new start. False when
    /// it does not lock, with the core on the bypass.
    static bool start_clock() {
        constexpr std::uint32_t past_the_loop = 1U << 11;
        constexpr std::uint32_t divided = 1U << 22;
        constexpr std::uint32_t loop_off = 1U << 13;
        constexpr std::uint32_t by_4 = 3U << 23;
        constexpr std::uint32_t crystal_8_mhz = 0xeU << 6;
        constexpr std::uint32_t crystal_off = 1U << 0;
        constexpr std::uint32_t internal_source = 1U << 4;
        constexpr std::uint32_t source = 0x3U << 4;
        constexpr std::uint32_t crystal = 0xfU << 6;
        constexpr std::uint32_t divider = 0xfU << 23;
        constexpr std::uint32_t loop_is_stable = 1U << 6;
        constexpr std::uint32_t second_register_rules = 1U << 31;
        volatile std::uint32_t& run = system(0x060);
        run = (run & ~divided) | past_the_loop;
        system(0x070) = system(0x070) & ~second_register_rules;
        run = run | loop_off;
        system(0x058) = loop_is_stable; // that of before
        run = run & ~crystal_off;
        wait_at_least(10);
        run = (run & ~(source | crystal | loop_off)) | crystal_8_mhz;
        run = (run & ~divider) | by_4 | divided;
        for (std::uint32_t poll = 0; poll < 50'000; ++poll) {
            if ((system(0x050) & loop_is_stable) != 0) {
                run = run & ~past_the_loop;
                return true;
            }
        }
        run = run & ~divided;
        run = (run & ~source) | internal_source;
        return false;
    }
};

} // namespace tinymf::firmware::stellaris
