// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::stm32 {

/// Where the status register of a series tells of each cause, and the flag that clears them.
struct ResetFlags {
    std::uint32_t clear;
    std::uint32_t watchdog;
    std::uint32_t software;
    std::uint32_t power_on;
    std::uint32_t brown_out;
    std::uint32_t pin;
};

/// Of RCC_CSR in the F1 and F4 series.
inline constexpr ResetFlags reset_flags_of_csr{.clear = 1U << 24,
                                               .watchdog = 1U << 29 | 1U << 30,
                                               .software = 1U << 28,
                                               .power_on = 1U << 27,
                                               .brown_out = 1U << 25,
                                               .pin = 1U << 26};

/// Of RCC_RSR in the H7 series.
inline constexpr ResetFlags reset_flags_of_rsr{.clear = 1U << 16,
                                               .watchdog = 1U << 26 | 1U << 28,
                                               .software = 1U << 24,
                                               .power_on = 1U << 23,
                                               .brown_out = 1U << 21,
                                               .pin = 1U << 22};

/// Takes the cause from the status register at `address`. Every reset pulls the pin too, and a
/// power-on reports a brown-out as well. QEMU models no such register and reads 0: unknown.
template <ResetFlags flags>
ResetCause take_reset_cause(std::uintptr_t address) {
    volatile std::uint32_t& status = peripheral_word(address);
    const std::uint32_t seen = status;
    status = seen | flags.clear;
    if ((seen & flags.watchdog) != 0) {
        return ResetCause::watchdog;
    }
    if ((seen & flags.software) != 0) {
        return ResetCause::software;
    }
    if ((seen & flags.power_on) != 0) {
        return ResetCause::power_on;
    }
    if ((seen & flags.brown_out) != 0) {
        return ResetCause::brown_out;
    }
    return (seen & flags.pin) != 0 ? ResetCause::pin : ResetCause::unknown;
}

} // namespace tinymf::firmware::stm32
