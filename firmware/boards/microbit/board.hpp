// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/nrf51/chip.hpp"
#include "families/nrf51/timer_clock.hpp"
#include "families/nrf51/uart.hpp"

namespace tinymf::firmware {

/// BBC micro:bit v1: nRF51822. Its UART runs to the USB interface chip over P0.24 and P0.25.
using Chip = nrf51::Chip;

using BoardPort = cortex_m::InterruptPort<Chip, nrf51::Uart<24, 25>, nrf51::TimerClock, 1024, 256>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
