// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/freestanding/memory_map.hpp"
#include "families/register.hpp"

namespace tinymf::firmware::cortex_m {

/// Makes an overflow fault also where something answers below RAM. ARMv8-M holds the stack pointer
/// against a limit of its own (DDI 0553, B3.8). Older cores forbid the 4 KiB below the stack by
/// their protection unit, where the chip carries one (DDI 0403, B3.5; DDI 0419, B3.5: the same
/// registers); no frame is large enough to leap over it (-Wstack-usage). Takes no memory, and the
/// first region; everything else stays as without the unit.
inline void guard_stack() {
#if defined(__ARM_ARCH_8M_MAIN__)
    asm volatile("msr msplim, %0" ::"r"(tinymf_stack_bottom));
#else
    constexpr std::uintptr_t guarded = 4096;
    constexpr std::uint32_t regions = 0xffU << 8;
    constexpr std::uint32_t no_access_to_4_kib = 11U << 1 | 1U << 0;
    constexpr std::uint32_t enable_with_default_map = 1U << 0 | 1U << 2;
    if ((peripheral_word(0xe000'ed90) & regions) == 0) {
        return;
    }
    peripheral_word(0xe000'ed98) = 0;
    peripheral_word(0xe000'ed9c) = reinterpret_cast<std::uintptr_t>(tinymf_stack_bottom) - guarded;
    peripheral_word(0xe000'eda0) = no_access_to_4_kib;
    peripheral_word(0xe000'ed94) = enable_with_default_map;
    asm volatile("dsb\n\tisb" ::: "memory");
#endif
}

} // namespace tinymf::firmware::cortex_m
