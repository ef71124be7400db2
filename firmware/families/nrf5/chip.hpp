// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::nrf5 {

/// Clock and reset of the nRF51 (reference manual 3.0, chapters 12 and 13) and nRF52 series
/// (product specification of the nRF52833, chapters POWER and CLOCK).
template <std::uint32_t interrupt_count>
struct Chip {
    static constexpr std::uint32_t interrupts = interrupt_count;

    /// The crystal replaces the RC oscillator, whose error would spoil the baud rate.
    static void start() {
        constexpr std::uint32_t trigger = 1;
        peripheral_word(0x4000'0000) = trigger;
        while (peripheral_word(0x4000'0100) == 0) {
        }
    }

    /// QEMU models no reset cause and reports `pin`.
    static ResetCause reset_cause() {
        volatile std::uint32_t& reasons = peripheral_word(0x4000'0400);
        const std::uint32_t seen = reasons;
        reasons = seen; // writing a one clears it; they would add up
        if ((seen & 1U << 1) != 0) {
            return ResetCause::watchdog;
        }
        if ((seen & 1U << 3) != 0) {
            return ResetCause::lockup;
        }
        if ((seen & 1U << 2) != 0) {
            return ResetCause::software;
        }
        // A power-on and a brown-out set none.
        return (seen & 1U << 0) != 0 ? ResetCause::pin : ResetCause::power_on;
    }
};

} // namespace tinymf::firmware::nrf5
