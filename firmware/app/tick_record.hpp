// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "port/port.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::firmware {

/// Which ticks released a step, and which passed without one. A deadline is met by identity: the
/// tick that releases a step is the one after the tick that released the step before. No step is
/// ever skipped, so that ticks = steps + missed ticks. Counters stay at their top. Size: 32 bytes.
class TickRecord {
public:
    void clear() { *this = {}; }

    /// The port's ticks begin again with 0, at START or STEP; the record counts on.
    void restart() {
        before_ += served_;
        running_ = 0;
        served_ = 0;
    }

    /// What ended a wait of the port.
    void take(const Wake& wake) {
        running_ = wake.tick;
        late_ = wake.late;
    }

    [[nodiscard]] std::uint32_t running() const { return running_; }
    [[nodiscard]] bool releases_a_step() const { return running_ != served_; }

    /// Counts the ticks that passed since the last step; `period` in counts. True when there were
    /// any.
    bool judge(std::uint32_t period) {
        const std::uint32_t skipped = running_ - served_ - 1;
        if (skipped != 0) {
            if (missed_ == 0) {
                first_missed_ = before_ + served_ + 1;
            }
            last_missed_ = before_ + running_ - 1;
            missed_ = saturated(std::uint64_t{missed_} + skipped);
        }
        const std::uint32_t late = saturated(std::uint64_t{skipped} * period + late_);
        worst_late_ = late > worst_late_ ? late : worst_late_;
        served_ = running_;
        return skipped != 0;
    }

    [[nodiscard]] std::uint32_t missed() const { return missed_; }
    [[nodiscard]] std::uint32_t last_missed() const { return last_missed_; }

    [[nodiscard]] stream::TicksFrame frame(std::uint32_t period) const {
        return {.period = period,
                .last_tick = before_ + served_,
                .missed = missed_,
                .worst_late = worst_late_,
                .first_missed = first_missed_,
                .last_missed = last_missed_};
    }

private:
    static std::uint32_t saturated(std::uint64_t value) {
        constexpr std::uint32_t top = std::numeric_limits<std::uint32_t>::max();
        return value < top ? static_cast<std::uint32_t>(value) : top;
    }

    std::uint32_t before_ = 0;  ///< ticks until the last restart
    std::uint32_t running_ = 0; ///< identity since then, and of the tick that released a step
    std::uint32_t served_ = 0;
    std::uint32_t late_ = 0; ///< counts from the beginning of the running tick until it was seen
    std::uint32_t missed_ = 0;
    std::uint32_t worst_late_ = 0; ///< counts from the beginning of the tick that was due
    std::uint32_t first_missed_ = 0;
    std::uint32_t last_missed_ = 0;
};

} // namespace tinymf::firmware
