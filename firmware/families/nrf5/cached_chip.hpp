// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/nrf5/chip.hpp"
#include "families/register.hpp"

namespace tinymf::firmware::nrf5 {

/// A chip of the nRF52 series, whose flash is slower than its core and has a cache in front of it
/// (product specification of the nRF52833, chapter NVMC).
template <std::uint32_t hertz, std::uint32_t interrupt_count>
struct CachedChip : Chip<hertz, interrupt_count> {
    static bool start() {
        constexpr std::uint32_t enable = 1;
        peripheral_word(0x4001'e540) = enable;
        keep_debugging_allowed();
        return Chip<hertz, interrupt_count>::start();
    }

private:
    /// Chips since revision 1 lock the debug port at every reset, until software passes on what the
    /// owner stored (product specification, "Access port protection": UICR.APPROTECT into
    /// APPROTECT.DISABLE). Older ones have nothing there.
    static void keep_debugging_allowed() {
        peripheral_word(0x4000'0558) = peripheral_word(0x1000'1208);
    }
};

} // namespace tinymf::firmware::nrf5
