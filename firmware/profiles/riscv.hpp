// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "app/model_list.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

/// Models at the capacities that boards carry, each with its bytes on a 32-bit RISC-V, with a float
/// unit or without.
namespace tinymf::firmware::riscv {

using Gaussian16 = Sized<network::Network<float, 16, model::CouplingKind::gaussian>, 1784>;
using Gaussian32 = Sized<network::Network<float, 32, model::CouplingKind::gaussian>, 5368>;
using Gaussian128 = Sized<network::Network<float, 128, model::CouplingKind::gaussian>, 69880>;
using Gaussian256 = Sized<network::Network<float, 256, model::CouplingKind::gaussian>, 270584>;
using Observed64 =
    Sized<observe::ObservedNetwork<network::Network<float, 64, model::CouplingKind::gaussian>, 32,
                                   observe::Covariances::kept>,
          62792>;
using Sign64 = Sized<network::Network<float, 64, model::CouplingKind::sign>, 2816>;
using Procedural64 = Sized<network::Network<float, 64, model::CouplingKind::procedural>, 2312>;
using LinearClosure48 = Sized<mean_field::LinearClosure<float, 48>, 5720>;
using LinearClosure200 = Sized<mean_field::LinearClosure<float, 200>, 83848>;
using GaussianClosure80 = Sized<mean_field::GaussianClosure<float, 80>, 5568>;
using GaussianClosure1000 = Sized<mean_field::GaussianClosure<float, 1000>, 57088>;
using ForwardSampler16x32 = Sized<mean_field::ForwardSampler<float, 16, 32, std::int16_t>, 6944>;
using ForwardSampler60x128 = Sized<mean_field::ForwardSampler<float, 60, 128, std::int16_t>, 75480>;
using ForwardSampler100x400 =
    Sized<mean_field::ForwardSampler<float, 100, 400, std::int16_t>, 314984>;
using Stationary = Sized<mean_field::StationaryRun<float>, 1600>;

} // namespace tinymf::firmware::riscv
