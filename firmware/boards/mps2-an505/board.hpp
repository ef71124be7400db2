// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cmsdk/mps2.hpp"

namespace tinymf::firmware {

/// ARM MPS2+ with the Cortex-M33 image of application note 505. All code runs in the secure state:
/// addresses are the secure aliases.
using Chip = cmsdk::Mps2Chip<20'000'000, 124>;

using BoardPort = cmsdk::Mps2Port<Chip, 0x5020'0000, 32>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
