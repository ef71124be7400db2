// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "capture/capture_header.hpp"
#include "capture/tick_period.hpp"
#include "device/byte_link.hpp"
#include "device/session.hpp"
#include "experiment/experiment.hpp"

namespace tinymf::host {

struct RecordedRun {
    RunEnd end;
    std::optional<std::string> failure; ///< why the run failed, if it did; see Session::failure
    std::string board;
    TickPeriod tick;
    std::uint64_t bytes = 0; ///< of stream in the capture
};

/// Whether a progress line shows the run.
enum class RunProgress { shown, hidden };

/// Runs the experiment on the device behind `link` and records it in a capture at `output`, which
/// appears once the device has taken the experiment. `source` is what the capture names as its
/// origin, and `resumed` where the checkpoint in the options came from. Throws HostError as Session
/// and CaptureWriter; what was recorded until then stays.
[[nodiscard]] RecordedRun record_run(const Experiment& experiment, ByteLink& link,
                                     const SessionOptions& options, const std::string& source,
                                     const std::filesystem::path& output,
                                     RunProgress visibility = RunProgress::shown,
                                     const std::optional<ResumedRun>& resumed = {});

} // namespace tinymf::host
