// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cfenv>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

#include "port/byte_ring.hpp"
#include "port/port.hpp"

namespace tinymf::firmware {

/// How time passes on the host; the numbers a run computes do not depend on it.
enum class HostTime : std::uint8_t {
    leaping, ///< a wait for a tick moves time to its beginning at once
    manual,  ///< time moves by `HostPort::advance` only
    wall,    ///< the machine's steady clock
};

/// Whether the device may block the thread it runs on.
enum class HostWait : std::uint8_t {
    returns, ///< one thread steps device and host in turn: a wait without reason to wake returns
    blocks,  ///< the device has its own thread
};

/// Thrown out of the application by `fatal` and `stop`, where a board would reset. Run the
/// application again on the same port for what follows the reset.
struct HostReset {
    FaultCause cause;
};

/// A board inside the process: two bounded byte queues, a clock under control, a fault record that
/// the port keeps while applications come and go. The functions of the concept `Port` belong to the
/// device's side, the others to the host's; each side is one thread, or both are the same.
/// One count is one nanosecond. Size: to_device + from_device + about 300 bytes.
template <std::size_t to_device = 4096, std::size_t from_device = 65536>
class HostPort {
public:
    static constexpr std::uint32_t cycles_per_second = 1'000'000'000;
    static constexpr std::uint32_t least_period = 1;
    static constexpr CounterUnit counter_unit = CounterUnit::timer_ticks;

    explicit HostPort(HostTime time = HostTime::leaping, HostWait wait = HostWait::returns)
        : time_{time}, wait_{wait} {}

    BootFacts init() {
        last_fault_ = fault_;
        fault_ = {};
        ++boots_;
        period_ = 0;
        wants_room_ = false;
        return {.reset_cause = boots_ == 1 ? ResetCause::power_on : ResetCause::software,
                .float_mode = current_float_mode(),
                .boots = boots_,
                .last_fault = &last_fault_,
                .stack = {}};
    }

    std::uint32_t cycles() const { return static_cast<std::uint32_t>(now()); }

    Wake wait(std::uint32_t period, std::uint32_t tick) {
        if (period != period_) {
            period_ = period;
            start_ = now();
        }
        std::unique_lock lock{mutex_};
        while (!stopping_ && !has_reason_to_wake(tick)) {
            if (time_ == HostTime::leaping && period_ != 0) {
                now_ = start_ + (now_ - start_) / period_ * period_ + period_;
            } else if (wait_ == HostWait::returns) {
                break;
            } else if (time_ == HostTime::wall && period_ != 0) {
                changed_.wait_for(lock, std::chrono::nanoseconds{period_ - late()});
            } else {
                changed_.wait(lock);
            }
        }
        if (stopping_) {
            throw HostReset{FaultCause::restart};
        }
        return {.tick = this->tick(), .late = late()};
    }

    std::size_t write(std::span<const std::uint8_t> bytes) {
        const std::size_t count = from_device_.push(bytes);
        wants_room_ = count < bytes.size();
        wake(count);
        return count;
    }

    std::size_t read(std::span<std::uint8_t> bytes) {
        const std::size_t count = to_device_.pop(bytes);
        wake(count);
        return count;
    }

    [[noreturn]] void fatal(FaultCause cause, std::uint32_t detail) {
        if (cause != FaultCause::restart) {
            fault_.cause = cause;
            fault_.detail = detail;
            fault_.tick = progress.tick;
            fault_.phase = progress.phase;
            fault_.boots = boots_;
            seal(fault_);
        }
        throw HostReset{cause};
    }

    /// Mode of the calling thread, which any code in the process may change; this port does not.
    /// Found by what it does to numbers, so that each way of losing subnormals shows.
    static std::uint32_t current_float_mode() {
        const volatile float smallest_normal = 0x1p-126F;
        const volatile float half = smallest_normal * 0.5F;
        return float_mode::hardware | (half > 0 ? 0U : float_mode::flush_to_zero) |
               (loses_nan_payloads() ? float_mode::default_nan : 0U) |
               (std::fegetround() == FE_TONEAREST ? 0U : float_mode::other_rounding);
    }

    Progress progress{};

    /// Host: hands bytes to the device; returns how many found room.
    std::size_t send(std::span<const std::uint8_t> bytes) {
        const std::size_t count = to_device_.push(bytes);
        wake(count);
        return count;
    }

    /// Host: takes what the device has written; returns how many bytes. Never waits.
    std::size_t receive(std::span<std::uint8_t> bytes) {
        const std::size_t count = from_device_.pop(bytes);
        wake(count);
        return count;
    }

    /// Host: waits until `receive` would return bytes; false when the time was up first.
    bool wait_for_output(std::chrono::nanoseconds limit) {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, limit, [this] { return !from_device_.empty(); });
    }

    /// Host: lets `counts` pass; between a device's steps it stands for their cost.
    void advance(std::uint64_t counts) {
        now_ += counts;
        wake(1);
    }

    /// Host: the device's next wait, or the one it is in, throws HostReset.
    void stop() {
        stopping_ = true;
        wake(1);
    }

private:
    /// Only ARM has a mode for it: x86 never does so, RISC-V always.
    static bool loses_nan_payloads() {
#if defined(__aarch64__)
        std::uint64_t mode = 0;
        asm volatile("mrs %0, fpcr" : "=r"(mode));
        return (mode >> 25U & 1U) != 0;
#else
        return false;
#endif
    }

    std::uint64_t now() const {
        if (time_ != HostTime::wall) {
            return now_;
        }
        const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
        return static_cast<std::uint64_t>(std::chrono::nanoseconds{since_start}.count());
    }

    std::uint32_t tick() const {
        return period_ == 0 ? 0 : static_cast<std::uint32_t>((now() - start_) / period_);
    }
    std::uint32_t late() const {
        return period_ == 0 ? 0 : static_cast<std::uint32_t>((now() - start_) % period_);
    }

    bool has_reason_to_wake(std::uint32_t tick) const {
        const bool has_room = wants_room_ && from_device_.size() <= from_device / 2;
        return !to_device_.empty() || has_room || (period_ != 0 && this->tick() != tick);
    }

    /// Tells a side that sleeps; without the lock it might be about to sleep and miss it.
    void wake(std::size_t bytes_moved) {
        if (wait_ == HostWait::blocks && bytes_moved > 0) {
            { const std::scoped_lock lock{mutex_}; }
            changed_.notify_all();
        }
    }

    const HostTime time_;
    const HostWait wait_;
    ByteRing<to_device> to_device_;
    ByteRing<from_device> from_device_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<std::uint64_t> now_{0};
    std::atomic<bool> stopping_{false};

    // The device's side only.
    std::uint64_t start_ = 0;
    std::uint32_t period_ = 0;
    std::uint32_t boots_ = 0;
    bool wants_room_ = false;
    FaultRecord fault_{};
    FaultRecord last_fault_{};
};

static_assert(Port<HostPort<>>);

} // namespace tinymf::firmware
