// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/cortex_m/core.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::cortex_m {

/// Switches the floating-point unit on, full IEEE: subnormals kept, NaN payloads kept,
/// nearest-even. Must precede the first floating-point instruction; nothing to do on cores without
/// the unit.
///
/// Lazy stacking stays as reset leaves it: an interrupt reserves room for the float registers
/// (72 bytes of stack) and stores them only if its handler used them, which none does.
inline void start_float_unit() {
#if __ARM_FP
    constexpr std::uint32_t full_access_to_coprocessors_10_and_11 = 0xfU << 20;
    coprocessor_access() |= full_access_to_coprocessors_10_and_11;
    asm volatile("dsb\n\tisb" ::: "memory");
    // FPDSCR: the mode that handlers start with. The length of vectors, where the core has any,
    // stays as reset leaves it: with another one, hardware loops fault.
    constexpr std::uint32_t vector_length = 7U << 16;
    const std::uint32_t ieee_defaults = peripheral_word(0xe000'ef3c) & vector_length;
    peripheral_word(0xe000'ef3c) = ieee_defaults;
    asm volatile("vmsr fpscr, %0" ::"r"(ieee_defaults));
#endif
}

/// The mode in force, as bits of `firmware::float_mode`.
inline std::uint32_t current_float_mode() {
#if __ARM_FP
    std::uint32_t fpscr = 0;
    asm volatile("vmrs %0, fpscr" : "=r"(fpscr));
    constexpr std::uint32_t flush_to_zero = 1U << 24;
    constexpr std::uint32_t default_nan = 1U << 25;
    constexpr std::uint32_t rounding = 3U << 22;
    return float_mode::hardware | ((fpscr & flush_to_zero) != 0 ? float_mode::flush_to_zero : 0U) |
           ((fpscr & default_nan) != 0 ? float_mode::default_nan : 0U) |
           ((fpscr & rounding) != 0 ? float_mode::other_rounding : 0U);
#else
    return 0; // libgcc's arithmetic keeps subnormals and rounds to nearest-even
#endif
}

} // namespace tinymf::firmware::cortex_m
