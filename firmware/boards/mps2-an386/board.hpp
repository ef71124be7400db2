// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "families/cmsdk/mps2.hpp"

namespace tinymf::firmware {

/// ARM MPS2+ with the Cortex-M4F image of application note 386.
using Chip = cmsdk::Mps2Chip<25'000'000, 32>;

using BoardPort = cmsdk::Mps2Port<Chip, 0x4000'4000, 0>;
static_assert(Port<BoardPort>);

} // namespace tinymf::firmware
