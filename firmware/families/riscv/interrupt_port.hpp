// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "families/freestanding/interrupt_port.hpp"
#include "families/riscv/core.hpp"
#include "families/riscv/fault.hpp"
#include "families/riscv/float_unit.hpp"
#include "families/riscv/plic.hpp"

namespace tinymf::firmware::riscv {

/// Holds the link's interrupts back while it lives, and lets the clock's through. Does not nest.
template <const auto& links>
class LinkLock {
public:
    LinkLock() { disable_interrupt(machine_external); }
    ~LinkLock() { enable_interrupt(machine_external); }
    LinkLock(const LinkLock&) = delete;
    LinkLock& operator=(const LinkLock&) = delete;
};

/// What the port needs of the processor. The clock is the timer's mcause, a link a source of the
/// interrupt controller. By the architecture an external interrupt comes before the timer's, and
/// none interrupts another (privileged architecture 1.12, 3.1.9): see serve_link.
struct Core {
    using InterruptLock = riscv::InterruptLock;
    template <const auto& links>
    using LinkLock = riscv::LinkLock<links>;

    static void enable_exceptions(std::uint32_t clock, std::span<const std::uint32_t> links) {
        for (const std::uint32_t link : links) {
            plic::enable(link);
        }
        enable_interrupt(machine_external);
        enable_interrupt(clock);
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
