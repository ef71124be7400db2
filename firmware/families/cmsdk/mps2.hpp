// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/cmsdk/uart.hpp"
#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "port/boot_facts.hpp"

namespace tinymf::firmware::cmsdk {

/// The FPGA of ARM's MPS2+ board with one of its Cortex-M images: clocks run from power-on, UART0
/// needs no pin set-up, and nothing tells why it was reset.
template <std::uint32_t hertz, std::uint32_t interrupt_count>
struct Mps2Chip {
    static constexpr std::uint32_t interrupts = interrupt_count;
    static constexpr std::uint32_t core_hertz = hertz;

    static bool start() { return true; }
    static void show_dead_clock() {}
    static void start_watchdog() {}
    static void feed_watchdog() {}
    static ResetCause reset_cause() { return ResetCause::unknown; }
};

/// Its port over UART0 at 115,200 baud; `first_interrupt`: that of receiving.
template <class Chip, std::uintptr_t uart, std::uint32_t first_interrupt>
using Mps2Port =
    cortex_m::InterruptPort<Chip, Uart<uart, first_interrupt, Chip::core_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 1024>;

} // namespace tinymf::firmware::cmsdk
