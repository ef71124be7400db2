// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "app/model_list.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 1536;

using BoardModels = BoardModelList<
    Sized<observe::ObservedNetwork<network::Network<float, 16, model::CouplingKind::gaussian>, 16,
                                   observe::Covariances::none>,
          4352>,
    Sized<network::Network<float, 32, model::CouplingKind::gaussian>, 5376>,
    Sized<network::Network<float, 64, model::CouplingKind::sign>, 2832>,
    Sized<network::Network<float, 64, model::CouplingKind::procedural>, 2320>,
    Sized<mean_field::LinearClosure<float, 48>, 5720>,
    Sized<mean_field::GaussianClosure<float, 80>, 5568>,
    Sized<mean_field::ForwardSampler<float, 16, 32, std::int16_t>, 6960>,
    Sized<mean_field::StationaryRun<float>, 1600>>;

} // namespace tinymf::firmware
