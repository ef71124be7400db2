// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "recording/recording.hpp"

namespace tinymf::host {

/// What a run under static noise sent of its observable `settling`, over all blocks.
struct ObservedSettling {
    double worst_residual = 0.0; ///< largest |dx_i/dt| at any sample, per tau
    double unsettled = 0.0;      ///< states at which it exceeded observe::settled_below
};

/// Nothing when the run did not observe it, or ended before its first block.
[[nodiscard]] std::optional<ObservedSettling> settling_of(const Recording& recording);

/// One line without its end.
[[nodiscard]] std::string to_text(const ObservedSettling& settling);

} // namespace tinymf::host
