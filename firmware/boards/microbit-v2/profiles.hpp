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
    Sized<network::Network<float, 16, model::CouplingKind::gaussian>, 1792>,
    Sized<observe::ObservedNetwork<network::Network<float, 64, model::CouplingKind::gaussian>, 32,
                                   observe::Covariances::kept>,
          62800>,
    Sized<network::Network<float, 128, model::CouplingKind::gaussian>, 69888>,
    Sized<network::Network<float, 64, model::CouplingKind::sign>, 2832>,
    Sized<mean_field::LinearClosure<float, 200>, 83848>,
    Sized<mean_field::GaussianClosure<float, 1000>, 57088>,
    Sized<mean_field::ForwardSampler<float, 60, 128, std::int16_t>, 75504>,
    Sized<mean_field::StationaryRun<float>, 1600>>;

} // namespace tinymf::firmware
