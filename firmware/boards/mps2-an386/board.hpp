// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "families/cmsdk/uart.hpp"
#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"

namespace tinymf::firmware {

/// ARM MPS2+ with the Cortex-M4F image of application note 386. UART0 needs no pin set-up; clocks
/// run from power-on.
struct Chip {
    static constexpr std::uint32_t interrupts = 32;
    static constexpr std::uint32_t core_hertz = 25'000'000;

    static void start() {}
    static ResetCause reset_cause() { return ResetCause::unknown; }
};

using BoardPort =
    cortex_m::InterruptPort<Chip, cmsdk::Uart<0x4000'4000, 0, Chip::core_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
