// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "profiles/riscv.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 1536;

using BoardModels =
    BoardModelList<riscv::Gaussian16, riscv::Gaussian32, riscv::Sign64, riscv::Procedural64,
                   riscv::LinearClosure48, riscv::GaussianClosure80, riscv::ForwardSampler16x32,
                   riscv::Stationary>;

} // namespace tinymf::firmware
