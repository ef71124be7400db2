// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "golden/scenario.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::golden {

template <std::size_t N, std::size_t lags>
using ObservedNet =
    observe::ObservedNetwork<network::Network<float, N, model::CouplingKind::gaussian>, lags,
                             observe::Covariances::kept>;

/// Every observable of two replicas under white noise.
constexpr Parameters<float> all_observed(std::uint32_t steps, std::uint32_t sample_every,
                                         std::uint32_t block, std::uint16_t lags) {
    Parameters<float> p;
    p.gain = 1.25F;
    p.reciprocity = 0.25F;
    p.noise = 0.75F;
    p.dt = 0.1F;
    p.steps = steps;
    p.replicas = 2;
    p.observation = {.observables = observe::all_observables,
                     .sample_every = sample_every,
                     .after = 10,
                     .block = block,
                     .lags = lags};
    return p;
}

/// Means that do not vanish, and windows.
constexpr Parameters<float> windows_observed() {
    auto p = all_observed(100, 1, 24, 6);
    p.activation = model::ActivationKind::relu;
    p.gain = 0.75F;
    p.integrator = model::IntegratorKind::exponential_euler;
    p.stimulus = model::StimulusKind::constant;
    p.stimulus_amplitude = 0.5F;
    p.replicas = 1;
    p.observation.window = 4;
    return p;
}

/// Fixed points under static noise that is drawn anew.
constexpr Parameters<float> draws_observed() {
    auto p = all_observed(200, 20, 4, 1);
    p.activation = model::ActivationKind::power_law;
    p.gain = 0.5F;
    p.noise_kind = model::NoiseKind::frozen;
    p.noise_hold = 20;
    p.dt = 0.7F;
    p.observation.after = 0;
    p.observation.observables = static_cast<observe::ObservableSet>(
        observe::set_of(observe::Observable::moments) | observe::of_covariances |
        observe::set_of(observe::Observable::settling));
    return p;
}

/// Calls offer(model type, name, parameters) for networks that observe themselves; their digests
/// cover the estimates too.
template <class Offer>
void for_each_observed(Offer&& offer) {
    offer(std::type_identity<ObservedNet<8, 6>>{}, Name{{"observed", "all"}},
          all_observed(250, 3, 20, 6));
    offer(std::type_identity<ObservedNet<8, 6>>{}, Name{{"observed", "windows"}},
          windows_observed());
    offer(std::type_identity<ObservedNet<8, 6>>{}, Name{{"observed", "draws"}}, draws_observed());
    offer(std::type_identity<ObservedNet<64, 32>>{}, Name{{"observed", "64"}},
          all_observed(1000, 5, 64, 32));
}

} // namespace tinymf::golden
