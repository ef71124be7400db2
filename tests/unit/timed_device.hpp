// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "unit/scripted_device.hpp"

namespace tinymf::test {

/// A scripted device with a clock of its own, on which nothing takes time but waiting for it: what
/// it says comes at exact times, and a session of minutes is over at once.
class TimedDevice : public ScriptedDevice {
public:
    using Milliseconds = std::chrono::milliseconds;

    std::size_t read(std::span<std::uint8_t> bytes, Milliseconds limit) override {
        const host::SessionTime until = now_ + limit;
        while (is_quiet() && !planned_.empty() && planned_.begin()->first <= until) {
            const auto next = planned_.extract(planned_.begin());
            now_ = std::max(now_, next.key());
            next.mapped()();
        }
        if (is_quiet()) {
            now_ = until;
            return 0;
        }
        return ScriptedDevice::read(bytes, limit);
    }

    /// `delay` from now on.
    void later(Milliseconds delay, std::function<void()> act) {
        planned_.emplace(now_ + delay, std::move(act));
    }
    /// Time passes without anybody waiting for the device.
    void spend(Milliseconds time) { now_ += time; }

    /// Since `begin_clock`.
    [[nodiscard]] Milliseconds time() const {
        return std::chrono::duration_cast<Milliseconds>(now_ - begin_);
    }
    void begin_clock() { begin_ = now_; }

    /// Answers are waited for 100 ms on its clock.
    [[nodiscard]] host::SessionOptions options() const {
        host::SessionOptions options = in_haste();
        options.answer_limit = Milliseconds{100};
        options.now = [this] { return now_; };
        return options;
    }

private:
    // As far from the clock's epoch as any machine that was switched on long ago.
    host::SessionTime now_{std::chrono::hours{1000}};
    host::SessionTime begin_ = now_;
    std::multimap<host::SessionTime, std::function<void()>> planned_;
};

} // namespace tinymf::test
