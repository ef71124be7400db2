// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "capture/capture_header.hpp"
#include "capture/device_introduction.hpp"
#include "tinymf/observe/work_phase.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {

/// How long one phase of a step took: the content of TIMING, in counts of the device's counter.
struct PhaseTimes {
    observe::WorkPhase phase{};
    std::uint32_t samples = 0; ///< one a step
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    std::uint64_t total = 0;
    std::array<std::uint32_t, stream::timing_bins> histogram{}; ///< by significant bits

    [[nodiscard]] double mean() const {
        return samples == 0 ? 0.0 : static_cast<double>(total) / samples;
    }
};

[[nodiscard]] inline std::string_view name_of(const PhaseTimes& times) {
    return observe::work_phase_names[static_cast<std::size_t>(times.phase)];
}

/// What a recorded count of time is worth, and in what. An emulator counts instructions or its own
/// time, never cycles.
struct TimeUnit {
    std::string name;
    double per_count = 1.0;
};

/// Ends the source of a capture whose emulator let time pass with instructions.
inline constexpr std::string_view counted_time_mark = " --icount";

[[nodiscard]] TimeUnit time_unit(const CaptureMetadata& metadata, const DeviceIntroduction& device);

/// One line, in counts.
[[nodiscard]] std::string to_text(const stream::TicksFrame& ticks);

[[nodiscard]] nlohmann::json to_json(const stream::TicksFrame& ticks);

/// Least, mean and most in the unit; the histogram's bins are significant bits of counts.
[[nodiscard]] nlohmann::json to_json(const std::vector<PhaseTimes>& times, const TimeUnit& unit);

} // namespace tinymf::host
