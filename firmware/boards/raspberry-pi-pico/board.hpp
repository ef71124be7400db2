// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "families/primecell/uart.hpp"
#include "families/rp2040/chip.hpp"

namespace tinymf::firmware {

/// Raspberry Pi Pico: UART0 on its pins 1 (send) and 2 (receive); USB serves for flashing only.
using Chip = rp2040::Chip;

using BoardPort =
    cortex_m::InterruptPort<Chip, primecell::Uart<0x4003'4000, 20, Chip::core_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
