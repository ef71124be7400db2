// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "families/stm32/clock_control.hpp"

namespace tinymf::firmware::stm32 {

/// The independent watchdog of all series (RM0041 chapter 18, RM0090 chapter 21, RM0390 chapter 19,
/// RM0433 chapter 45), on an oscillator of its own of 17 to 60 kHz: 2.7 to 9.4 s. Once started only
/// a reset stops it, and a debugger that halts the core does not.
template <std::uintptr_t base>
struct IndependentWatchdog {
    /// `control`: RCC_CR.
    static void start(const volatile std::uint32_t& control, std::uint32_t core_hertz) {
        constexpr std::uint32_t run = 0xcccc;
        constexpr std::uint32_t unlock = 0x5555;
        constexpr std::uint32_t by_128 = 5;
        constexpr std::uint32_t five_seconds_at_32_khz = 1249;
        constexpr std::uint32_t updates_under_way = 3;
        key() = run;
        key() = unlock;
        peripheral_word(base + 0x4) = by_128;
        peripheral_word(base + 0x8) = five_seconds_at_32_khz;
        wait_for(control, peripheral_word(base + 0xc), updates_under_way, 0, 100, core_hertz);
        feed();
    }
    static void feed() {
        constexpr std::uint32_t reload = 0xaaaa;
        key() = reload;
    }

private:
    static volatile std::uint32_t& key() { return peripheral_word(base); }
};

} // namespace tinymf::firmware::stm32
