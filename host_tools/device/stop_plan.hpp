// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "experiment/live_input.hpp"

namespace tinymf::host {

struct SessionOptions;

/// A step at which a run is paused, and what is done there, in this order.
struct Stop {
    std::uint32_t step = 0;
    const LiveInput* input = nullptr; ///< to give; null for none
    bool snapshot = false;
    bool end = false;
};

/// The steps from `begin` on, and before `last`, at which the options ask for something.
class StopPlan {
public:
    /// The options must outlive the plan.
    StopPlan(const SessionOptions& options, std::uint32_t begin, std::uint32_t last);

    /// Ascending; nothing after the last, or after one that ends the run.
    [[nodiscard]] std::optional<Stop> next();

private:
    std::span<const LiveInput> inputs_; ///< still to give
    std::uint64_t snapshot_every_;      ///< 0: never
    std::uint64_t next_snapshot_;
    std::uint32_t stop_at_; ///< `last_` when not asked for
    std::uint32_t last_;
};

} // namespace tinymf::host
