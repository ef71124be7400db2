// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "app/model_list.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 1152; ///< the least; leaves no room for times

using BoardModels =
    BoardModelList<Sized<network::Network<float, 16, model::CouplingKind::gaussian>, 1792>,
                   Sized<mean_field::LinearClosure<float, 20>, 1408>,
                   Sized<mean_field::GaussianClosure<float, 12>, 1760>,
                   Sized<mean_field::StationaryRun<float>, 1600>>;

} // namespace tinymf::firmware
