// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cmsdk/mps2.hpp"

namespace tinymf::firmware {

/// ARM MPS3 with the Cortex-M55 image of application note 547. All code runs in the secure state:
/// addresses are the secure aliases.
using Chip = cmsdk::Mps2Chip<32'000'000, 96>;

using BoardPort = cmsdk::Mps2Port<Chip, 0x5930'3000, 33>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
