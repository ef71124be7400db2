// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "profiles/riscv.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 8192;

using BoardModels =
    BoardModelList<riscv::Gaussian16, riscv::Observed64, riscv::Gaussian128, riscv::Gaussian256,
                   riscv::Sign64, riscv::LinearClosure200, riscv::GaussianClosure1000,
                   riscv::ForwardSampler60x128, riscv::ForwardSampler100x400, riscv::Stationary>;

} // namespace tinymf::firmware
