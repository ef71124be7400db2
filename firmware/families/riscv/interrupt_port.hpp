// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "families/freestanding/interrupt_port.hpp"
#include "families/riscv/core.hpp"
#include "families/riscv/fault.hpp"
#include "families/riscv/float_unit.hpp"
#include "families/riscv/plic.hpp"

namespace tinymf::firmware::riscv {

/// What the port needs of the processor. An exception is the timer's mcause or a source of the
/// interrupt controller.
struct Core {
    using InterruptLock = riscv::InterruptLock;

    static void enable_exception(std::uint32_t exception) {
        if (exception == machine_timer) {
            enable_interrupt(machine_timer);
        } else {
            plic::enable(exception);
            enable_interrupt(machine_external);
        }
        asm volatile(TINYMF_CSR("csrs mstatus, %0")::"r"(interrupts_enabled));
    }
    static std::uint32_t float_mode() { return current_float_mode(); }
    [[noreturn]] static void reset_system() { riscv::reset_system(); }
    [[noreturn, gnu::always_inline]] static void halt(FaultCause cause, std::uint32_t detail) {
        riscv::halt(cause, detail);
    }
    static void halt_interrupted() { riscv::halt_interrupted(); }
};

template <class Chip, class Link, class Clock, std::size_t receive_capacity,
          std::size_t send_capacity>
using InterruptPort =
    firmware::InterruptPort<Core, Chip, Link, Clock, receive_capacity, send_capacity>;

} // namespace tinymf::firmware::riscv
