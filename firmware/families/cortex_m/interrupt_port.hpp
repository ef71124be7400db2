// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "families/cortex_m/core.hpp"
#include "families/cortex_m/fault.hpp"
#include "families/cortex_m/float_unit.hpp"
#include "families/freestanding/interrupt_port.hpp"

namespace tinymf::firmware::cortex_m {

/// What the port needs of the processor. Exceptions below 16 are always enabled.
struct Core {
    using InterruptLock = cortex_m::InterruptLock;

    static void enable_exception(std::uint32_t exception) {
        constexpr std::uint32_t system_exceptions = 16;
        if (exception >= system_exceptions) {
            enable_interrupt(exception - system_exceptions);
        }
    }
    static std::uint32_t float_mode() { return current_float_mode(); }
    [[noreturn]] static void reset_system() { cortex_m::reset_system(); }
    [[noreturn, gnu::always_inline]] static void halt(FaultCause cause, std::uint32_t detail) {
        cortex_m::halt(cause, detail);
    }
    /// PendSV follows the interrupt that asks for it with the same exception frame.
    static void halt_interrupted() { interrupt_control() = request_pending; }
};

template <class Chip, class Link, class Clock, std::size_t receive_capacity,
          std::size_t send_capacity>
using InterruptPort =
    firmware::InterruptPort<Core, Chip, Link, Clock, receive_capacity, send_capacity>;

} // namespace tinymf::firmware::cortex_m
