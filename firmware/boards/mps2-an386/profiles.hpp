// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "profiles/cortex_m.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 8192;

using BoardModels =
    BoardModelList<cortex_m::Gaussian16, cortex_m::Observed64, cortex_m::Gaussian128,
                   cortex_m::Gaussian256, cortex_m::Sign64, cortex_m::LinearClosure200,
                   cortex_m::GaussianClosure1000, cortex_m::ForwardSampler60x128,
                   cortex_m::ForwardSampler100x400, cortex_m::Stationary>;

} // namespace tinymf::firmware
