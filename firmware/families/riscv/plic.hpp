// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"

/// Platform-level interrupt controller, as machine mode of the first hart sees it.
namespace tinymf::firmware::riscv::plic {

inline constexpr std::uintptr_t base = 0x0c00'0000;

inline void enable(std::uint32_t source) {
    constexpr std::uint32_t above_threshold = 1;
    peripheral_word(base + 4 * source) = above_threshold;
    volatile std::uint32_t& enabled = peripheral_word(base + 0x2000 + 4 * (source / 32));
    enabled = enabled | 1U << (source % 32);
    peripheral_word(base + 0x20'0000) = 0; // the threshold
}

/// The source to serve, or 0; it asks again only after `complete`.
inline std::uint32_t claim() {
    return peripheral_word(base + 0x20'0004);
}
inline void complete(std::uint32_t source) {
    peripheral_word(base + 0x20'0004) = source;
}

} // namespace tinymf::firmware::riscv::plic
