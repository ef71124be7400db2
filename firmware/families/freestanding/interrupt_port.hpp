// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "families/freestanding/kept.hpp"
#include "families/freestanding/watchdog.hpp"
#include "port/byte_ring.hpp"
#include "port/port.hpp"

namespace tinymf::firmware {

/// The port of a bare board: interrupts move bytes between the link and two rings and count ticks;
/// everything else happens in the caller. Size: receive_capacity + send_capacity + 28 bytes.
///
/// The clock's interrupt comes before the link's and interrupts it, so that a tick waits for no
/// byte. The two share nothing: the link's has the rings and the link, which the caller touches
/// under a LinkLock; the clock's has the clock, which the caller touches under an InterruptLock,
/// and the watchdog.
///
/// - Core: `InterruptLock`, which holds all interrupts back, `LinkLock<exceptions>`, which holds
///   the link's back alone, `enable_exceptions(clock, links)`, `float_mode()`, `reset_system()`,
///   `halt(cause, detail)`, and `halt_interrupted()`, which in the clock's interrupt records what
///   the caller was doing as hung, at the latest when no interrupt is served any more.
/// - Chip: `start()` brings up clocks and pins; false where no clock is exact enough for the link.
///   Then `show_dead_clock()` blinks, where the board has a light, and returns after seconds.
///   `start_watchdog()` and `feed_watchdog()`: the chip's own, of some seconds, where it has one.
/// - Link: `start(baud)`, `has_byte()`, `receive()`, `can_send()`, `send(byte)`, `acknowledge()`
///   after an interrupt, `listen(bool)` and `announce_room(bool)` for hardware whose requests stay
///   until served.
/// - Clock: see cortex_m::SysTickClock.
///
/// When the receive ring is full, bytes stay in the link, whose hardware then holds the sender back
/// or loses bytes; the frame's CRC tells.
template <class Core, class Chip, class Link, class Clock, std::size_t receive_capacity,
          std::size_t send_capacity>
class InterruptPort {
public:
    static constexpr std::uint32_t cycles_per_second = Clock::counts_per_second;
    /// 10 microseconds, and what the clock itself needs.
    static constexpr std::uint32_t least_period =
        std::max((cycles_per_second + 99'999) / 100'000, Clock::least_period);
    static constexpr CounterUnit counter_unit = Clock::unit;
    static constexpr auto link_exceptions = Link::exceptions;
    static constexpr std::uint32_t clock_exception = Clock::exception;
    static constexpr Progress& progress = firmware::progress;

    static BootFacts init() {
        if (!Chip::start()) {
            Chip::show_dead_clock();
            Core::halt(FaultCause::no_clock, 0);
        }
        Link::start();
        Clock::start();
        Core::enable_exceptions(clock_exception, link_exceptions);
        Chip::start_watchdog();
        return boot_facts(Core::float_mode());
    }

    static std::uint32_t cycles() { return Clock::now(); }

    static Wake wait(std::uint32_t period, std::uint32_t tick) {
        if (period != Clock::period()) {
            Clock::set_period(period);
        }
        for (;;) {
            read_link();
            const typename Core::InterruptLock lock;
            if (has_reason_to_wake(period, tick)) {
                return {.tick = Clock::tick(),
                        .late = period == 0 ? 0 : Clock::now() - Clock::tick_start()};
            }
            lock.sleep();
        }
    }

    static std::size_t write(std::span<const std::uint8_t> bytes) {
        const std::size_t count = to_send_.push(bytes);
        wants_room_ = count < bytes.size();
        const LinkLock lock;
        send_waiting();
        return count;
    }

    static std::size_t read(std::span<std::uint8_t> bytes) {
        const std::size_t count = received_.pop(bytes);
        read_link();
        return count;
    }

    /// Inlined, so that the record names the caller.
    [[noreturn, gnu::always_inline]] static void fatal(FaultCause cause, std::uint32_t detail) {
        if (cause == FaultCause::restart) {
            send_all();
            Core::reset_system();
        }
        Core::halt(cause, detail);
    }

    static void on_link() {
        Link::acknowledge();
        take_received();
        send_waiting();
    }

    static void on_clock() {
        Clock::on_interrupt();
        if (watchdog_.bites(progress, Clock::now())) {
            Core::halt_interrupted();
        } else {
            Chip::feed_watchdog();
        }
    }

private:
    static bool has_reason_to_wake(std::uint32_t period, std::uint32_t tick) {
        // Half the ring, so that a full link does not wake the caller for every byte.
        const bool has_room = wants_room_ && to_send_.size() <= send_capacity / 2;
        return !received_.empty() || has_room || (period != 0 && Clock::tick() != tick);
    }

    using LinkLock = typename Core::template LinkLock<link_exceptions>;

    static void read_link() {
        const LinkLock lock;
        take_received();
    }

    // Both run in the link's interrupt, or with it held back.
    static void take_received() {
        while (!received_.full() && Link::has_byte()) {
            received_.push(Link::receive());
        }
        Link::listen(!received_.full());
    }

    static void send_waiting() {
        std::uint8_t byte = 0;
        while (Link::can_send() && to_send_.pop(byte)) {
            Link::send(byte);
        }
        Link::announce_room(!to_send_.empty());
    }

    static void send_all() {
        const std::uint32_t start = Clock::now();
        while (!(to_send_.empty() && Link::is_idle()) && Clock::now() - start < cycles_per_second) {
        }
        // Some links call themselves idle when the last byte has left the buffer for the line.
        const std::uint32_t idle = Clock::now();
        while (Clock::now() - idle <= counts_of_a_byte) {
        }
    }

    /// Ten bits at 115,200 baud, rounded up.
    static constexpr std::uint32_t counts_of_a_byte = cycles_per_second / 11'520 + 1;

    static inline constinit ByteRing<receive_capacity> received_{};
    static inline constinit ByteRing<send_capacity> to_send_{};
    static inline constinit bool wants_room_ = false;
    static inline constinit Watchdog watchdog_{};
};

} // namespace tinymf::firmware
