// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinymf::firmware {

/// One memory-mapped 32-bit register; each use is exactly one load or store.
inline volatile std::uint32_t& peripheral_word(std::uintptr_t address) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a register is its address
    return *reinterpret_cast<volatile std::uint32_t*>(address);
}

/// One memory-mapped 8-bit register.
inline volatile std::uint8_t& peripheral_byte(std::uintptr_t address) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a register is its address
    return *reinterpret_cast<volatile std::uint8_t*>(address);
}

} // namespace tinymf::firmware
