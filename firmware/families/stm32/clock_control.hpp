// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"

/// What the clock control register RCC_CR of the STM32F1, F4 and H7 series has in common (RM0041,
/// RM0090, RM0390 and RM0433, "Clock control register"): oscillators, the loop, and waiting.
namespace tinymf::firmware::stm32 {

inline constexpr std::uint32_t internal_on = 1U << 0;
inline constexpr std::uint32_t external_on = 1U << 16;
inline constexpr std::uint32_t external_ready = 1U << 17;
inline constexpr std::uint32_t external_is_a_signal = 1U << 18;
inline constexpr std::uint32_t loop_on = 1U << 24;
inline constexpr std::uint32_t loop_ready = 1U << 25;

/// What is soldered to the oscillator's pins.
enum class ExternalClock : std::uint8_t { crystal, signal };

/// Waits until the bits of `status` that `mask` selects have the value `wanted`, at least
/// `milliseconds` at a core of `core_hertz`; true when they have. A poll takes six cycles or more,
/// so that the longest wait is some times that.
///
/// QEMU models no clocks: `control` reads 0 there, though every core runs from an oscillator that
/// is on, and nothing is waited for.
inline bool wait_for(const volatile std::uint32_t& control, const volatile std::uint32_t& status,
                     std::uint32_t mask, std::uint32_t wanted, std::uint32_t milliseconds,
                     std::uint32_t core_hertz) {
    const std::uint32_t polls = core_hertz / 6000 * milliseconds;
    for (std::uint32_t poll = 0; poll < polls && control != 0; ++poll) {
        if ((status & mask) == wanted) {
            return true;
        }
    }
    return false;
}

/// Starts the crystal, or takes the signal, in the 100 ms that ST's own start-up allows a slow one;
/// false when there is none.
template <ExternalClock external>
bool start_external(volatile std::uint32_t& control, std::uint32_t core_hertz) {
    if constexpr (external == ExternalClock::signal) {
        control = control | external_is_a_signal; // may change only while it is off
    }
    control = control | external_on;
    return wait_for(control, control, external_ready, external_ready, 100, core_hertz);
}

} // namespace tinymf::firmware::stm32
