// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "families/stm32/f405_chip.hpp"
#include "families/stm32/usart.hpp"

namespace tinymf::firmware {

/// Netduino Plus 2: STM32F405 with a 25 MHz crystal, USART1 on PA9 (send) and PA10 (receive).
using Chip = stm32::F405Chip<25>;

using BoardPort =
    cortex_m::InterruptPort<Chip, stm32::Usart<0x4001'1000, 37, Chip::usart1_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
