// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/qemu_virt/chip.hpp"
#include "families/qemu_virt/uart.hpp"
#include "families/riscv/clint_clock.hpp"
#include "families/riscv/interrupt_port.hpp"

namespace tinymf::firmware {

/// QEMU's RISC-V machine `virt`.
using Chip = qemu_virt::Chip;

using BoardPort =
    riscv::InterruptPort<Chip, qemu_virt::Uart, riscv::ClintClock<10'000'000>, 1024, 1024>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
