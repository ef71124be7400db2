// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/register.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::qemu_virt {

/// QEMU's RISC-V machine `virt`: nothing to bring up, and nothing tells why it was reset.
struct Chip {
    static bool start() { return true; }
    static void show_dead_clock() {}
    static void start_watchdog() {}
    static void feed_watchdog() {}
    static ResetCause reset_cause() { return ResetCause::unknown; }

    [[noreturn]] static void reset() {
        constexpr std::uint32_t reset_request = 0x7777;
        peripheral_word(0x0010'0000) = reset_request;
        for (;;) {
        }
    }
};

} // namespace tinymf::firmware::qemu_virt
