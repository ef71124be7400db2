// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "port/boot_facts.hpp"
#include "port/fault_record.hpp"

namespace tinymf::firmware {

/// What one count of `Port::cycles` is.
enum class CounterUnit : std::uint8_t {
    core_cycles = 0, ///< the processor's clock (an emulator substitutes instructions)
    timer_ticks = 1, ///< a timer with its own clock
};

/// Why and when a wait ended.
struct Wake {
    std::uint32_t tick; ///< identity of the running tick, modulo 2^32; 0 when there are none
    std::uint32_t late; ///< counts since that tick began
};

/// The six functions through which the application sees a board. A port is used by one thread of
/// control; its interrupt handlers move bytes and count ticks and do no floating-point arithmetic.
///
/// - `init()` brings up clock, counter and byte link, enables interrupts, and tells what start-up
///   found. Once, first.
/// - `cycles()` is a free-running 32-bit counter of `cycles_per_second`; meant for differences.
/// - `wait(period, tick)` sleeps until the running tick is not `tick`, a byte can be read, or,
/// after
///   a write that took fewer bytes than it was offered, more can be written. Ticks are `period`
///   counts long, at least `least_period`, so that the interrupts of clock and link leave time for
///   the loop; another period than before restarts them with identity 0; period 0 stops them.
///   A deadline is met exactly when `wait(period, k).tick == k + 1` for the tick that ends the
///   wait. A wake without any of the reasons is allowed.
/// - `write(bytes)` takes from the front what fits and returns how many; never waits.
/// - `read(bytes)` fills the front with what has arrived and returns how many; never waits.
/// - `fatal(cause, detail)` leaves a fault record that outlives the reset, and resets. With
///   `FaultCause::restart` it sends what was written, leaves no record, and resets.
///
/// The record is an object, not a function (fault_record.hpp); `progress` is what it says of the
/// application's place when the fault comes.
template <class P>
concept Port = requires(P& port, std::span<const std::uint8_t> outgoing,
                        std::span<std::uint8_t> incoming, std::uint32_t period, std::uint32_t tick,
                        FaultCause cause, std::uint32_t detail) {
    { P::cycles_per_second } -> std::convertible_to<std::uint32_t>;
    { P::least_period } -> std::convertible_to<std::uint32_t>;
    { P::counter_unit } -> std::convertible_to<CounterUnit>;
    { port.init() } -> std::same_as<BootFacts>;
    { port.cycles() } -> std::same_as<std::uint32_t>;
    { port.wait(period, tick) } -> std::same_as<Wake>;
    { port.write(outgoing) } -> std::same_as<std::size_t>;
    { port.read(incoming) } -> std::same_as<std::size_t>;
    port.fatal(cause, detail);
    { (port.progress) } -> std::same_as<Progress&>;
};

/// The shortest tick of a board, rounded up to what a CONFIGURE can ask for.
template <Port P>
inline constexpr auto least_tick_microseconds = static_cast<std::uint32_t>(
    (std::uint64_t{P::least_period} * 1'000'000 + P::cycles_per_second - 1) / P::cycles_per_second);

} // namespace tinymf::firmware
