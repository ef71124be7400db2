// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "families/stm32/f4_chip.hpp"
#include "families/stm32/usart.hpp"

namespace tinymf::firmware {

/// NUCLEO-F446RE: the ST-LINK supplies the clock, 8 MHz, and carries USART2 over USB (UM1724).
using Chip = stm32::F4Chip<8, stm32::ExternalClock::signal, 97>;

using BoardPort =
    cortex_m::InterruptPort<Chip, stm32::Usart<0x4000'4400, 38, Chip::usart2_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
