// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include "app/application.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::firmware {

inline constexpr std::string_view board_name = "microbit";
inline constexpr std::size_t transmit_capacity = 1536;

using BoardModels = ModelList<network::Network<float, 16, model::CouplingKind::gaussian>,
                              network::Network<float, 32, model::CouplingKind::gaussian>,
                              network::Network<float, 64, model::CouplingKind::sign>,
                              network::Network<float, 64, model::CouplingKind::procedural>>;

} // namespace tinymf::firmware
