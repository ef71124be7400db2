// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tinymf::firmware {

/// Value that start-up writes over the unused stack. Odd and in no memory map: neither a return
/// address nor a pointer nor a usual float.
inline constexpr std::uint32_t stack_paint = 0xe7a5'c3b1;

/// Bytes of the stack that were ever written, as far as the paint tells: the deepest word that
/// differs from it, to the top. Work: one comparison per unused word.
inline std::size_t painted_high_water(std::span<const std::uint32_t> stack) {
    std::size_t untouched = 0;
    while (untouched < stack.size() && stack[untouched] == stack_paint) {
        ++untouched;
    }
    return (stack.size() - untouched) * sizeof(std::uint32_t);
}

} // namespace tinymf::firmware
