// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/riscv/core.hpp"
#include "families/riscv/plic.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::sifive {

extern "C" void reset(); // the image's first instructions

/// The FE310 as QEMU's machine `sifive_e` has it: neither clocks nor pins, and no way to reset but
/// to begin again from the first instruction, with interrupts off and none in service.
struct EmulatedChip {
    static constexpr std::uint32_t uart_source = 3;

    static bool start() { return true; }
    static void show_dead_clock() {}
    static void start_watchdog() {}
    static void feed_watchdog() {}
    static ResetCause reset_cause() { return ResetCause::unknown; }

    [[noreturn]] static void reset() {
        asm volatile(
            TINYMF_CSR("csrc mstatus, %0\n\tcsrw mie, zero")::"r"(riscv::interrupts_enabled)
            : "memory");
        riscv::plic::complete(uart_source);
        sifive::reset();
        __builtin_unreachable();
    }
};

} // namespace tinymf::firmware::sifive
