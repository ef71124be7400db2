// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::stm32 {

/// Takes the cause from the control and status register RCC_CSR at `address`; the flags have the
/// same places in the STM32F1 and F4 series. QEMU models no such register and reads 0: unknown.
inline ResetCause take_reset_cause(std::uintptr_t address) {
    constexpr std::uint32_t remove_flags = 1U << 24;
    volatile std::uint32_t& status = peripheral_word(address);
    const std::uint32_t seen = status;
    status = seen | remove_flags;
    // Every reset pulls the pin too, and a power-on reports a brown-out as well.
    if ((seen & (1U << 29 | 1U << 30)) != 0) {
        return ResetCause::watchdog;
    }
    if ((seen & 1U << 28) != 0) {
        return ResetCause::software;
    }
    if ((seen & 1U << 27) != 0) {
        return ResetCause::power_on;
    }
    if ((seen & 1U << 25) != 0) {
        return ResetCause::brown_out;
    }
    return (seen & 1U << 26) != 0 ? ResetCause::pin : ResetCause::unknown;
}

} // namespace tinymf::firmware::stm32
