// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "families/cortex_m/core.hpp"
#include "families/cortex_m/fault.hpp"
#include "families/cortex_m/float_unit.hpp"
#include "families/freestanding/interrupt_port.hpp"

namespace tinymf::firmware::cortex_m {

inline constexpr std::uint32_t system_exceptions = 16; ///< those below are always enabled

/// Holds the link's interrupts back while it lives, and lets the clock's through. Does not nest.
template <const auto& links>
class LinkLock {
public:
#ifdef __ARM_ARCH_6M__
    LinkLock() {
        for (const std::uint32_t link : links) {
            disable_interrupt(link - system_exceptions);
        }
        asm volatile("dsb\n\tisb" ::: "memory");
    }
    ~LinkLock() {
        asm volatile("" ::: "memory");
        for (const std::uint32_t link : links) {
            enable_interrupt(link - system_exceptions);
        }
    }
#else
    LinkLock() {
        asm volatile("msr basepri, %0" ::"r"(static_cast<std::uint32_t>(Priority::last))
                     : "memory");
    }
    ~LinkLock() {
        asm volatile("msr basepri, %0" ::"r"(0) : "memory");
    }
#endif
    LinkLock(const LinkLock&) = delete;
    LinkLock& operator=(const LinkLock&) = delete;
};

/// What the port needs of the processor.
struct Core {
    using InterruptLock = cortex_m::InterruptLock;
    template <const auto& links>
    using LinkLock = cortex_m::LinkLock<links>;

    /// The clock interrupts the link. PendSV does not, so that it finds what the first of them came
    /// into.
    static void enable_exceptions(std::uint32_t clock, std::span<const std::uint32_t> links) {
        set_priority(clock, Priority::first);
        set_priority(request_exception, Priority::last);
        for (const std::uint32_t link : links) {
            set_priority(link, Priority::last);
            enable_interrupt(link - system_exceptions);
        }
        if (clock >= system_exceptions) {
            enable_interrupt(clock - system_exceptions);
        }
    }
    static std::uint32_t float_mode() { return current_float_mode(); }
    [[noreturn]] static void reset_system() { cortex_m::reset_system(); }
    [[noreturn, gnu::always_inline]] static void halt(FaultCause cause, std::uint32_t detail) {
        cortex_m::halt(cause, detail);
    }
    /// PendSV follows the interrupt that asks for it, or the link's below it, with the same frame.
    static void halt_interrupted() { interrupt_control() = request_pending; }
};

template <class Chip, class Link, class Clock, std::size_t receive_capacity,
          std::size_t send_capacity>
using InterruptPort =
    firmware::InterruptPort<Core, Chip, Link, Clock, receive_capacity, send_capacity>;

} // namespace tinymf::firmware::cortex_m
