// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "recording/recording.hpp"

namespace tinymf::host {

/// How long each phase of a step took, as a table and as a histogram, and what became of the ticks.
/// Empty for a run that was not timed: the emulation's clock stands still while it computes.
[[nodiscard]] std::string time_section(const Recording& recording, std::size_t run);

} // namespace tinymf::host
