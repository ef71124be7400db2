// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinymf::firmware {

/// Executes 2 * rounds instructions, and a few around them.
[[gnu::noinline]] inline void count_down(std::uint32_t rounds) {
#if defined(__arm__)
    asm volatile(".syntax unified\n1: subs %0, %0, #1\n bne 1b" : "+l"(rounds)::"cc");
#else
    asm volatile("1: addi %0, %0, -1\n bnez %0, 1b" : "+r"(rounds));
#endif
}

/// A chain of float operations that keeps its state in registers; the same bits each time, unless
/// an interrupt loses some.
[[gnu::noinline]] inline float multiply_and_add(const volatile std::uint32_t& rounds) {
    float x = 1.0F;
    float y = 0.5F;
    for (std::uint32_t i = 0; i < rounds; ++i) {
        x = x * 0.999F + y;
        y = y * 1.001F - x * 0.002F;
    }
    return x + y;
}

} // namespace tinymf::firmware
