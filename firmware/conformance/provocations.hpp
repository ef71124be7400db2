// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "port/port.hpp"
#include "tinymf/assert.hpp"

/// Functions that end in a reset, each in its own way. They stay separate functions with plain
/// names so that a fault record's pc can be looked up.
namespace tinymf::firmware {

template <Port P>
[[gnu::noinline]] void provoke_fatal(P& port) {
    port.fatal(FaultCause::not_finite, 0x1234);
}

[[gnu::noinline]] inline void provoke_assertion(std::uint32_t zero) {
    TINYMF_ASSERT(zero != 0);
}

[[gnu::noinline]] inline void provoke_undefined_instruction() {
#if defined(__arm__)
    asm volatile("udf #0");
#else
    asm volatile("unimp");
#endif
}

/// A write to where no board has memory.
[[gnu::noinline]] inline void provoke_bus_fault() {
    *reinterpret_cast<volatile std::uint32_t*>(0xe7ff'fff0) = 1;
    asm volatile("" ::: "memory");
}

/// Never comes back; an interrupt has to notice.
[[gnu::noinline]] inline void provoke_endless_step() {
    for (;;) {
        asm volatile("" ::: "memory");
    }
}

/// Calls itself until the stack ends; the frame and the sum keep it from becoming a loop. To be
/// called with the largest number: what it leaves on the stack then is no address of code.
[[gnu::noinline]] inline std::uint32_t provoke_stack_overflow(std::uint32_t calls_left) {
    volatile std::uint32_t frame[8] = {calls_left};
    return calls_left == 0 ? 0 : provoke_stack_overflow(calls_left - 1) + frame[0];
}

} // namespace tinymf::firmware
