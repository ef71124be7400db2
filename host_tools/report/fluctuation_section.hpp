// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "recording/recorded_mean_field.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// The part of the page on fluctuation and dissipation, for two-time mean fields under white noise
/// alone that sent every row; empty for others. `recorded` are the recording's populations, `run`
/// numbers the runs of a page. Throws HostError as draw_svg.
[[nodiscard]] std::string fluctuation_section(const Recording& recording,
                                              const RecordedPopulations& recorded, std::size_t run);

} // namespace tinymf::host
