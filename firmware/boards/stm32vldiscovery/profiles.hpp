// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "profiles/cortex_m.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 1152; ///< the least; leaves no room for times

using BoardModels = BoardModelList<cortex_m::Gaussian16, cortex_m::LinearClosure20,
                                   cortex_m::GaussianClosure12, cortex_m::Stationary>;

} // namespace tinymf::firmware
