// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "app/model_list.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 1536;

using BoardModels =
    BoardModelList<Sized<network::Network<float, 16, model::CouplingKind::gaussian>, 1784>,
                   Sized<network::Network<float, 32, model::CouplingKind::gaussian>, 5368>,
                   Sized<network::Network<float, 64, model::CouplingKind::sign>, 2816>,
                   Sized<network::Network<float, 64, model::CouplingKind::procedural>, 2312>,
                   Sized<mean_field::LinearClosure<float, 48>, 5720>,
                   Sized<mean_field::GaussianClosure<float, 80>, 5568>,
                   Sized<mean_field::ForwardSampler<float, 16, 32, std::int16_t>, 6944>,
                   Sized<mean_field::StationaryRun<float>, 1600>>;

} // namespace tinymf::firmware
