// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "app/model_list.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::firmware {

inline constexpr std::size_t transmit_capacity = 8192;

using BoardModels = BoardModelList<
    Sized<network::Network<float, 16, model::CouplingKind::gaussian>, 1784>,
    Sized<observe::ObservedNetwork<network::Network<float, 64, model::CouplingKind::gaussian>, 32,
                                   observe::Covariances::kept>,
          62792>,
    Sized<network::Network<float, 128, model::CouplingKind::gaussian>, 69880>,
    Sized<network::Network<float, 256, model::CouplingKind::gaussian>, 270584>,
    Sized<network::Network<float, 64, model::CouplingKind::sign>, 2816>,
    Sized<mean_field::LinearClosure<float, 200>, 83848>,
    Sized<mean_field::GaussianClosure<float, 1000>, 57088>,
    Sized<mean_field::ForwardSampler<float, 60, 128, std::int16_t>, 75480>,
    Sized<mean_field::ForwardSampler<float, 100, 400, std::int16_t>, 314984>,
    Sized<mean_field::StationaryRun<float>, 1600>>;

} // namespace tinymf::firmware
