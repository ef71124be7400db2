// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cortex_m/interrupt_port.hpp"
#include "families/cortex_m/systick_clock.hpp"
#include "families/stm32/f100_chip.hpp"
#include "families/stm32/usart.hpp"

namespace tinymf::firmware {

/// STM32VLDISCOVERY: USART1 on PA9 (send) and PA10 (receive).
using Chip = stm32::F100Chip;

using BoardPort =
    cortex_m::InterruptPort<Chip, stm32::Usart<0x4001'3800, 37, Chip::core_hertz, 115'200>,
                            cortex_m::SysTickClock<Chip::core_hertz>, 1024, 128>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
