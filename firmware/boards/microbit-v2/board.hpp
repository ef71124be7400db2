// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/nrf5/cached_chip.hpp"
#include "families/nrf5/timer_clock.hpp"
#include "families/nrf5/uart.hpp"

namespace tinymf::firmware {

/// BBC micro:bit v2: nRF52833. Its UART runs to the USB interface chip over P0.06 and P1.08.
using Chip = nrf5::CachedChip<64'000'000, 48>;

using BoardPort = cortex_m::InterruptPort<Chip, nrf5::Uart<6, 32 + 8>,
                                          nrf5::TimerClock<Chip::core_hertz>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
