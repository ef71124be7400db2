// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/nrf5/chip.hpp"
#include "families/register.hpp"

namespace tinymf::firmware::nrf5 {

/// A chip of the nRF52 series, whose flash is slower than its core and has a cache in front of it
/// (product specification of the nRF52833, chapter NVMC).
template <std::uint32_t interrupt_count>
struct CachedChip : Chip<interrupt_count> {
    static void start() {
        constexpr std::uint32_t enable = 1;
        peripheral_word(0x4001'e540) = enable;
        Chip<interrupt_count>::start();
    }
};

} // namespace tinymf::firmware::nrf5
