// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "board.hpp"

namespace tinymf::firmware {

/// Counts whole runs of the forward sampler, 60 points and 128 paths, and some of their rows; on
/// boards with less than 64 KiB of RAM, 10 points and 16 paths. In a translation unit of its own:
/// code shared with the network would change what the compiler inlines there.
void report_mean_field(BoardPort& port);

} // namespace tinymf::firmware
