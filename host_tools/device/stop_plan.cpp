// SPDX-License-Identifier: Apache-2.0
#include "device/stop_plan.hpp"

#include <algorithm>

#include "device/session.hpp"

namespace tinymf::host {

StopPlan::StopPlan(const SessionOptions& options, std::uint32_t begin, std::uint32_t last)
    : inputs_{options.inputs}, snapshot_every_{options.snapshot_every},
      next_snapshot_{snapshot_every_ == 0 ? last : (begin / snapshot_every_ + 1) * snapshot_every_},
      stop_at_{options.stop_at.value_or(last)}, last_{last} {
    while (!inputs_.empty() && inputs_.front().step < begin) {
        inputs_ = inputs_.subspan(1);
    }
}

std::optional<Stop> StopPlan::next() {
    Stop stop{.step = std::min(stop_at_, last_)};
    stop.step = static_cast<std::uint32_t>(std::min<std::uint64_t>(stop.step, next_snapshot_));
    stop.step = inputs_.empty() ? stop.step : std::min(stop.step, inputs_.front().step);
    if (stop.step >= last_) {
        return std::nullopt;
    }
    if (!inputs_.empty() && inputs_.front().step == stop.step) {
        stop.input = &inputs_.front();
        inputs_ = inputs_.subspan(1);
    }
    stop.end = stop.step == stop_at_;
    stop.snapshot = stop.end || stop.step == next_snapshot_;
    next_snapshot_ += stop.step == next_snapshot_ ? snapshot_every_ : 0;
    return stop;
}

} // namespace tinymf::host
