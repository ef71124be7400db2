// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "capture/run_times.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::host {

/// How a run ended, as the device said.
struct RunEnd {
    stream::EndReason reason = stream::EndReason::completed;
    std::uint32_t step = 0;
    std::uint64_t digest = 0;
    std::uint64_t couplings_digest = 0;
    std::uint32_t dropped_frames = 0;
    std::optional<TickTimes> ticks; ///< of a run with a tick
};

} // namespace tinymf::host
