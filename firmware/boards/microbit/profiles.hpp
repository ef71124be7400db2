// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "profiles/cortex_m.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 1536;

using BoardModels =
    BoardModelList<cortex_m::Observed16, cortex_m::Gaussian32, cortex_m::Sign64,
                   cortex_m::Procedural64, cortex_m::LinearClosure48, cortex_m::GaussianClosure80,
                   cortex_m::ForwardSampler16x32, cortex_m::Stationary>;

} // namespace tinymf::firmware
