// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "golden/mean_field_scenarios.hpp"
#include "golden/observed_scenarios.hpp"
#include "golden/scenario.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/profile.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf::golden {

using model::CouplingKind;

/// Every activation with every integrator and kind of noise: 66 runs of 7 neurons.
template <class Use>
void for_each_combination(Use&& use) {
    for (std::uint8_t activation = 0; activation < model::activation_names.size(); ++activation) {
        for (std::uint8_t integrator = 0; integrator < model::integrator_names.size();
             ++integrator) {
            for (std::uint8_t noise = 0; noise < model::noise_names.size(); ++noise) {
                Parameters<float> p;
                p.activation = static_cast<model::ActivationKind>(activation);
                p.integrator = static_cast<model::IntegratorKind>(integrator);
                p.noise_kind = static_cast<model::NoiseKind>(noise);
                p.gain = 0.75F;
                p.reciprocity = 0.25F;
                p.noise = 0.5F;
                p.dt = 0.1F;
                p.steps = 40;
                p.stimulus = model::StimulusKind::sine;
                p.stimulus_amplitude = 0.25F;
                p.stimulus_frequency = 0.37F;
                if (!experiment::white_noise_in_rk4(p)) {
                    use(Name{{model::activation_names[activation],
                              model::integrator_names[integrator], model::noise_names[noise]}},
                        p);
                }
            }
        }
    }
}

/// What single runs look at besides: sizes that fill no panel, both ends of the reciprocity,
/// replicas, sign and regenerated couplings, subnormal decay, a pulse, a Pade of higher order.
template <std::size_t N>
constexpr Parameters<float> sized(std::uint32_t steps) {
    Parameters<float> p;
    p.gain = 2.0F;
    p.dt = 0.1F;
    p.steps = steps;
    p.seed = 1000 + N;
    return p;
}

inline Parameters<float> two_replicas() {
    auto p = sized<24>(200);
    p.replicas = 2;
    p.noise = 1.0F;
    p.reciprocity = 1.0F;
    p.gain = 0.4F;
    p.activation = model::ActivationKind::linear;
    return p;
}

inline Parameters<float> antisymmetric() {
    auto p = sized<24>(200);
    p.reciprocity = -1.0F;
    p.integrator = model::IntegratorKind::exponential_euler;
    p.noise = 0.5F;
    return p;
}

/// Decays through the subnormal numbers to zero: flush-to-zero would show.
inline Parameters<float> subnormal_decay() {
    auto p = sized<24>(1200);
    p.gain = 0.0F;
    p.activation = model::ActivationKind::linear;
    return p;
}

inline Parameters<float> pulse() {
    auto p = sized<24>(200);
    p.stimulus = model::StimulusKind::step;
    p.stimulus_amplitude = 1.5F;
    p.stimulus_onset = 5.0F;
    p.initial = model::InitialKind::uniform;
    return p;
}

inline Parameters<float> pade_of_higher_order() {
    auto p = sized<24>(200);
    p.activation = model::ActivationKind::pade;
    p.pade_numerator = {1.0F, 1.0F / 15.0F, 0.0F, 0.0F};
    p.pade_denominator = {6.0F / 15.0F, 0.0F, 0.0F, 0.0F};
    return p;
}

/// Chosen by measured largest Lyapunov exponent, see host_tools/experiments/chaos.toml: one
/// changed bit anywhere fills the whole state within the run.
inline Parameters<float> chaotic() {
    Parameters<float> p;
    p.gain = 3.0F;
    p.dt = 0.05F;
    p.steps = 10000;
    p.seed = 6;
    return p;
}

inline Parameters<float> wide() {
    Parameters<float> p;
    p.gain = 2.0F;
    p.dt = 0.05F;
    p.steps = 1000;
    p.seed = 3;
    return p;
}

template <std::size_t N, CouplingKind kind = CouplingKind::gaussian>
using Net = network::Network<float, N, kind>;

/// The sampler of a mean field is larger than the largest network.
inline constexpr std::size_t largest_scenario =
    std::max(sizeof(Net<256>), sizeof(mean_field::ForwardSampler<float, 100, 400, std::int16_t>));

/// Calls use(model type, name, parameters) for every scenario whose model is at most `room` bytes:
/// a board runs the ones it can hold.
template <std::size_t room, class Use>
void for_each_scenario(Use&& use) {
    const auto offer = [&use]<class M>(std::type_identity<M> model, const Name& name,
                                       const auto& parameters) {
        if constexpr (sizeof(M) <= room) {
            use(model, name, parameters);
        }
    };
    for_each_combination([&](const Name& name, const Parameters<float>& parameters) {
        offer(std::type_identity<Net<7>>{}, name, parameters);
    });
    offer(std::type_identity<Net<1>>{}, Name{{"neurons", "1"}}, sized<1>(100));
    offer(std::type_identity<Net<2>>{}, Name{{"neurons", "2"}}, sized<2>(100));
    offer(std::type_identity<Net<24>>{}, Name{{"neurons", "24"}}, sized<24>(1000));
    offer(std::type_identity<Net<24>>{}, Name{{"replicas", "symmetric"}}, two_replicas());
    offer(std::type_identity<Net<24>>{}, Name{{"antisymmetric"}}, antisymmetric());
    offer(std::type_identity<Net<24>>{}, Name{{"subnormal"}}, subnormal_decay());
    offer(std::type_identity<Net<24>>{}, Name{{"pulse"}}, pulse());
    offer(std::type_identity<Net<24>>{}, Name{{"pade", "[3/2]"}}, pade_of_higher_order());
    offer(std::type_identity<Net<64, CouplingKind::sign>>{}, Name{{"sign", "64"}}, sized<64>(200));
    offer(std::type_identity<Net<24, CouplingKind::procedural>>{}, Name{{"procedural", "24"}},
          sized<24>(100));
    offer(std::type_identity<Net<64>>{}, Name{{"chaos", "64"}}, chaotic());
    offer(std::type_identity<Net<128>>{}, Name{{"neurons", "128"}}, sized<128>(200));
    offer(std::type_identity<Net<256>>{}, Name{{"neurons", "256"}}, wide());
    for_each_mean_field(offer);
    for_each_observed(offer);
}

} // namespace tinymf::golden
