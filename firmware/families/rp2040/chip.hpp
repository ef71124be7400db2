// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::rp2040 {

/// Clock and pins of the RP2040 (its data sheet, chapters 2.14 to 2.19): 125 MHz from a crystal of
/// 12 MHz, for the core and the peripherals; UART0 on GPIO 0 and 1, the Pico's light on GPIO 25.
/// The second core stays asleep in the boot ROM.
struct Chip {
    static constexpr std::uint32_t interrupts = 32;
    static constexpr std::uint32_t core_hertz = 125'000'000;

    /// A reset of the core leaves the rest of the chip running, so that this starts from any state.
    static bool start() {
        scratch() = own_mark;
        run_from_ring_oscillator();
        restart(loop_block | pins_block | pads_block);
        if (!start_crystal() || !start_loop()) {
            return false;
        }
        run_from_loop();
        restart(uart0_block); // its reset ends only once the peripherals' clock runs
        constexpr std::uint32_t uart = 2;
        pin_function(0) = uart;
        pin_function(1) = uart;
        return true;
    }

    /// Long flashes on the ring oscillator, which is too inexact for a serial line.
    static void show_dead_clock() {
        constexpr std::uint32_t light = 25;
        constexpr std::uint32_t from_core = 5;
        pin_function(light) = from_core;
        peripheral_word(0xd000'0024) = 1U << light; // output
        for (int change = 0; change < 20; ++change) {
            peripheral_word(0xd000'001c) = 1U << light; // toggles
            for (std::uint32_t poll = 0; poll < 500'000; ++poll) {
                static_cast<void>(static_cast<std::uint32_t>(crystal(0x04)));
            }
        }
    }

    /// Five seconds of the crystal in microseconds, which it counts twice (data sheet, erratum E1);
    /// halted with the core. It resets all but the two oscillators.
    static void start_watchdog() {
        constexpr std::uint32_t microseconds_of_the_crystal = 12U | 1U << 9;
        constexpr std::uint32_t enable_and_halt_with_cores = 1U << 30 | 7U << 24;
        constexpr std::uint32_t all_but_oscillators = 0x1'fffc;
        peripheral_word(0x4005'802c) = microseconds_of_the_crystal;
        peripheral_word(0x4001'0008) = all_but_oscillators;
        feed_watchdog();
        peripheral_word(0x4005'8000) = enable_and_halt_with_cores;
    }
    static void feed_watchdog() { peripheral_word(0x4005'8004) = 2 * 5'000'000; }

    /// The core's own reset leaves no mark but the peripherals that still run. The boot ROM ends a
    /// copy to its drive by the watchdog, which counts as one only when this program ran before:
    /// the scratch registers outlive all but a power-on and the reset pin.
    static ResetCause reset_cause() {
        if ((blocks_in_reset() & uart0_block) == 0) {
            return ResetCause::software;
        }
        if (peripheral_word(0x4005'8008) != 0) {
            return scratch() == own_mark ? ResetCause::watchdog : ResetCause::software;
        }
        const std::uint32_t seen = peripheral_word(0x4006'4008);
        if ((seen & 1U << 8) != 0) {
            return ResetCause::power_on; // or a brown-out
        }
        return (seen & 1U << 16) != 0 ? ResetCause::pin : ResetCause::unknown;
    }

private:
    static constexpr std::uint32_t pins_block = 1U << 5;
    static constexpr std::uint32_t pads_block = 1U << 8;
    static constexpr std::uint32_t loop_block = 1U << 12;
    static constexpr std::uint32_t uart0_block = 1U << 22;

    static constexpr std::uint32_t own_mark = 0x464d'4e54; ///< "TNMF"
    static volatile std::uint32_t& scratch() { return peripheral_word(0x4005'800c); }
    static volatile std::uint32_t& blocks_in_reset() { return peripheral_word(0x4000'c000); }
    static volatile std::uint32_t& clocks(std::uintptr_t offset) {
        return peripheral_word(0x4000'8000 + offset);
    }
    static volatile std::uint32_t& crystal(std::uintptr_t offset) {
        return peripheral_word(0x4002'4000 + offset);
    }
    static volatile std::uint32_t& loop(std::uintptr_t offset) {
        return peripheral_word(0x4002'8000 + offset);
    }
    static volatile std::uint32_t& reference_clock() { return clocks(0x30); }
    static volatile std::uint32_t& system_clock() { return clocks(0x3c); }
    static volatile std::uint32_t& pin_function(std::uint32_t pin) {
        return peripheral_word(0x4001'4004 + 8 * pin);
    }

    /// Not for ever: 40 ms or more on a ring oscillator of up to 12 MHz, six cycles a poll.
    static bool wait_for(const volatile std::uint32_t& status, std::uint32_t bits) {
        for (std::uint32_t poll = 0; poll < 80'000; ++poll) {
            if ((status & bits) == bits) {
                return true;
            }
        }
        return false;
    }

    static void restart(std::uint32_t blocks) {
        blocks_in_reset() = blocks_in_reset() | blocks;
        blocks_in_reset() = blocks_in_reset() & ~blocks;
        wait_for(peripheral_word(0x4000'c008), blocks);
    }

    static void run_from_ring_oscillator() {
        system_clock() = 0;
        wait_for(clocks(0x44), 1U << 0);
        reference_clock() = 0;
        wait_for(clocks(0x38), 1U << 0);
    }

    /// Called stable after 6 ms, which slow crystals take.
    static bool start_crystal() {
        constexpr std::uint32_t up_to_15_mhz = 0xaa0;
        constexpr std::uint32_t enable = 0xfabU << 12;
        constexpr std::uint32_t six_milliseconds_in_256_cycles = (12'000 * 6 + 255) / 256;
        crystal(0x0c) = six_milliseconds_in_256_cycles;
        crystal(0x00) = enable | up_to_15_mhz;
        return wait_for(crystal(0x04), 1U << 31);
    }

    /// 12 MHz into the loop, 1500 MHz in it, divided by 6 and by 2.
    static bool start_loop() {
        constexpr std::uint32_t unused_modulator_off = 1U << 2;
        constexpr std::uint32_t dividers_off = 1U << 3;
        constexpr std::uint32_t by_6_and_2 = 6U << 16 | 2U << 12;
        loop(0x00) = 1;
        loop(0x08) = 125;
        loop(0x04) = unused_modulator_off | dividers_off;
        const bool locked = wait_for(loop(0x00), 1U << 31);
        loop(0x0c) = by_6_and_2;
        loop(0x04) = unused_modulator_off;
        return locked;
    }

    static void run_from_loop() {
        constexpr std::uint32_t from_crystal = 2;
        constexpr std::uint32_t from_loop = 1;
        constexpr std::uint32_t enable_from_system_clock = 1U << 11;
        reference_clock() = from_crystal;
        wait_for(clocks(0x38), 1U << from_crystal);
        system_clock() = from_loop;
        wait_for(clocks(0x44), 1U << from_loop);
        clocks(0x48) = enable_from_system_clock; // peripherals
    }
};

} // namespace tinymf::firmware::rp2040
