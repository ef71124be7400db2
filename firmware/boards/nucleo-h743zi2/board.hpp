// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "families/stm32/buffered_usart.hpp"
#include "families/stm32/h743_chip.hpp"

namespace tinymf::firmware {

/// NUCLEO-H743ZI2: the ST-LINK supplies the clock, 8 MHz, and carries USART3 over USB (UM2407).
using Chip = stm32::H743Chip;

using BoardPort =
    cortex_m::InterruptPort<Chip,
                            stm32::BufferedUsart<0x4000'4800, 39, Chip::usart3_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
