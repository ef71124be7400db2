// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "families/primecell/uart.hpp"
#include "families/stellaris/chip.hpp"

namespace tinymf::firmware {

/// Stellaris LM3S6965 evaluation board: UART0 runs to the USB interface chip.
using Chip = stellaris::Chip;

using BoardPort =
    cortex_m::InterruptPort<Chip, primecell::Uart<0x4000'c000, 5, Chip::core_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 512>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
