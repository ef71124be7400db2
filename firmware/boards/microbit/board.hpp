// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/nrf5/chip.hpp"
#include "families/nrf5/timer_clock.hpp"
#include "families/nrf5/uart.hpp"

namespace tinymf::firmware {

/// BBC micro:bit v1: nRF51822. Its UART runs to the USB interface chip over P0.24 and P0.25.
using Chip = nrf5::Chip<16'000'000, 32>;

using BoardPort = cortex_m::InterruptPort<Chip, nrf5::Uart<24, 25>,
                                          nrf5::TimerClock<Chip::core_hertz>, 1024, 256>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
