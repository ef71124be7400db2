// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/riscv/clint_clock.hpp"
#include "families/riscv/interrupt_port.hpp"
#include "families/sifive/fe310_chip.hpp"
#include "families/sifive/uart.hpp"

namespace tinymf::firmware {

/// HiFive1 Rev B: UART0 runs to the USB interface chip. A tick is a whole number of 1/32,768 s.
using Chip = sifive::Fe310Chip;

using BoardPort = riscv::InterruptPort<Chip, sifive::Uart<Chip::core_hertz, 115'200>,
                                       riscv::ClintClock<Chip::timer_hertz>, 1024, 256>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
