// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/model_list.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::firmware {

inline constexpr std::string_view board_name = "lm3s6965evb";
inline constexpr std::size_t transmit_capacity = 4096;

using BoardModels =
    BoardModelList<Sized<network::Network<float, 16, model::CouplingKind::gaussian>, 1776>,
                   Sized<network::Network<float, 64, model::CouplingKind::gaussian>, 18672>,
                   Sized<network::Network<float, 64, model::CouplingKind::sign>, 2816>,
                   Sized<network::Network<float, 64, model::CouplingKind::procedural>, 2304>,
                   Sized<mean_field::LinearClosure<float, 48>, 5712>,
                   Sized<mean_field::GaussianClosure<float, 80>, 5544>,
                   Sized<mean_field::ForwardSampler<float, 20, 32, std::int16_t>, 6336>,
                   Sized<mean_field::StationaryRun<float>, 1296>>;

} // namespace tinymf::firmware
