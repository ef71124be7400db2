// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::stellaris {

/// Clock, pins and reset of the LM3S6965 (its data sheet's chapters 5 and 8): 50 MHz from an 8 MHz
/// crystal, UART0 on PA0 and PA1.
struct Chip {
    static constexpr std::uint32_t interrupts = 44;
    static constexpr std::uint32_t core_hertz = 50'000'000;

    static void start() {
        start_clock();
        system(0x104) |= 1U << 0; // UART0
        system(0x108) |= 1U << 0; // port A
        constexpr std::uint32_t pins_0_and_1 = 3;
        port_a(0x420) |= pins_0_and_1; // belong to the UART
        port_a(0x51c) |= pins_0_and_1; // are digital
    }

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
    static volatile std::uint32_t& port_a(std::uintptr_t offset) {
        return peripheral_word(0x4000'4000 + offset);
    }

    /// 200 MHz out of the loop, a quarter of it to the core.
    static void start_clock() {
        constexpr std::uint32_t past_the_loop = 1U << 11;
        constexpr std::uint32_t divided = 1U << 22;
        constexpr std::uint32_t loop_off = 1U << 13;
        constexpr std::uint32_t by_4 = 3U << 23;
        constexpr std::uint32_t crystal_8_mhz = 0xeU << 6;
        constexpr std::uint32_t source_and_crystal = 0x3U << 4 | 0xfU << 6 | 1U << 0;
        constexpr std::uint32_t loop_is_stable = 1U << 6;
        volatile std::uint32_t& run = system(0x060);
        run = (run & ~divided) | past_the_loop;
        run =
            (run & ~(source_and_crystal | loop_off | 0xfU << 23)) | crystal_8_mhz | by_4 | divided;
        while ((system(0x050) & loop_is_stable) == 0) {
        }
        run = run & ~past_the_loop;
    }
};

} // namespace tinymf::firmware::stellaris
