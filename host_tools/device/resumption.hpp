// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "capture/capture_header.hpp"
#include "experiment/experiment.hpp"

namespace tinymf::host {

/// What a run needs to go on from where a capture holds its last whole checkpoint.
struct Resumption {
    Experiment experiment;
    std::vector<std::uint8_t> checkpoint;
    ResumedRun origin;
};

/// Reads a capture, a cut off one too. `overrides` may change how the run reports, and no number.
/// Throws HostError as read_recording, and with exit code 2 when there is no checkpoint, or when
/// an override changes the run.
[[nodiscard]] Resumption resume_from(const std::filesystem::path& capture,
                                     std::span<const std::string> overrides);

} // namespace tinymf::host
