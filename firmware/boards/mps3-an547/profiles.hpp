// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/model_list.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::firmware {

inline constexpr std::string_view board_name = "mps3-an547";
inline constexpr std::size_t transmit_capacity = 8192;

using BoardModels =
    BoardModelList<Sized<network::Network<float, 16, model::CouplingKind::gaussian>, 1776>,
                   Sized<network::Network<float, 64, model::CouplingKind::gaussian>, 18672>,
                   Sized<network::Network<float, 128, model::CouplingKind::gaussian>, 69872>,
                   Sized<network::Network<float, 256, model::CouplingKind::gaussian>, 270576>,
                   Sized<network::Network<float, 64, model::CouplingKind::sign>, 2816>,
                   Sized<mean_field::LinearClosure<float, 200>, 83840>,
                   Sized<mean_field::GaussianClosure<float, 1000>, 57064>,
                   Sized<mean_field::ForwardSampler<float, 60, 128, std::int16_t>, 56208>,
                   Sized<mean_field::StationaryRun<float>, 1296>>;

} // namespace tinymf::firmware
