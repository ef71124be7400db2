// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "families/stm32/f4_chip.hpp"
#include "families/stm32/usart.hpp"

namespace tinymf::firmware {

/// Netduino Plus 2: STM32F405 with a 25 MHz crystal, USART2 on the header pins D3 (PA2, send) and
/// D2 (PA3, receive). USART1's usual pins are taken: PA9 senses the USB voltage, PA10 lights a LED.
using Chip = stm32::F4Chip<25, stm32::ExternalClock::crystal, 82>;

using BoardPort =
    cortex_m::InterruptPort<Chip, stm32::Usart<0x4000'4400, 38, Chip::usart2_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
