// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/riscv/clint_clock.hpp"
#include "families/riscv/interrupt_port.hpp"
#include "families/sifive/emulated_chip.hpp"
#include "families/sifive/uart.hpp"

namespace tinymf::firmware {

/// QEMU's machine `sifive_e`; its serial line knows no baud rate.
using Chip = sifive::EmulatedChip;

using BoardPort = riscv::InterruptPort<Chip, sifive::Uart<16'000'000, 115'200>,
                                       riscv::ClintClock<10'000'000>, 1024, 256>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
