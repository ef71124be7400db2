// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/cortex_m/core.hpp"

namespace tinymf::firmware::cortex_m {

/// Takes back what a boot loader may have left, which jumps here instead of resetting: its vector
/// table, its timer, its interrupts, enabled or pending, and what it held back by priority or let
/// through in groups. Nothing to undo after a reset.
///
/// The vectors' place is fixed in ARMv6-M cores without VTOR; the RP2040's second stage sets its.
inline void leave_the_loader_behind([[maybe_unused]] const void* vectors,
                                    std::uint32_t interrupts) {
    asm volatile("cpsid i" ::: "memory");
    peripheral_word(0xe000'e010) = 0;
    for (std::uint32_t word = 0; 32 * word < interrupts; ++word) {
        peripheral_word(0xe000'e180 + 4 * word) = 0xffff'ffff; // disabled
        peripheral_word(0xe000'e280 + 4 * word) = 0xffff'ffff; // not pending
    }
    interrupt_control() = systick_unpend | request_unpend;
#ifndef __ARM_ARCH_6M__
    peripheral_word(0xe000'ed08) = reinterpret_cast<std::uintptr_t>(vectors);
    constexpr std::uint32_t key_and_no_groups = 0x05fa'0000;
    peripheral_word(0xe000'ed0c) = key_and_no_groups;
    asm volatile("msr basepri, %0" ::"r"(0));
#endif
    asm volatile("dsb\n\tisb\n\tcpsie i" ::: "memory");
}

} // namespace tinymf::firmware::cortex_m
