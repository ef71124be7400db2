// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <type_traits>

#include "golden/scenario.hpp"
#include "tinymf/mean_field/forward_sampler.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"
#include "tinymf/mean_field/linear_closure.hpp"
#include "tinymf/mean_field/stationary_run.hpp"

namespace tinymf::golden {

using model::ActivationKind;
using model::NoiseKind;

inline Parameters<float> mean_field_run(ActivationKind activation, float gain, float reciprocity,
                                        float noise, std::uint32_t steps) {
    Parameters<float> p;
    p.activation = activation;
    p.gain = gain;
    p.reciprocity = reciprocity;
    p.noise = noise;
    p.dt = 0.1F;
    p.steps = steps;
    p.seed = 11;
    return p;
}

inline Parameters<float> driven_linear() {
    auto p = mean_field_run(ActivationKind::linear, 0.5F, 0.5F, 1.0F, 39);
    p.stimulus = model::StimulusKind::sine;
    p.stimulus_amplitude = 0.25F;
    p.stimulus_frequency = 0.3F;
    return p;
}

inline Parameters<float> colored_closure() {
    auto p = mean_field_run(ActivationKind::erf, 1.5F, 0.0F, 0.5F, 59);
    p.noise_kind = NoiseKind::colored;
    p.integrator = model::IntegratorKind::exponential_euler;
    return p;
}

inline Parameters<float> biased_closure() {
    auto p = mean_field_run(ActivationKind::relu, 1.0F, 0.0F, 1.0F, 59);
    p.stimulus = model::StimulusKind::constant;
    p.stimulus_amplitude = 0.5F;
    return p;
}

inline Parameters<float> static_closure() {
    auto p = mean_field_run(ActivationKind::pade, 1.0F, 0.0F, 0.5F, 59);
    p.noise_kind = NoiseKind::frozen;
    p.stimulus = model::StimulusKind::step;
    p.stimulus_amplitude = 0.5F;
    p.stimulus_onset = 2.0F;
    return p;
}

inline Parameters<float> power_closure() {
    auto p = mean_field_run(ActivationKind::power_law, 0.75F, 0.0F, 0.5F, 59);
    p.noise_kind = NoiseKind::frozen;
    return p;
}

inline Parameters<float> uniform_sample() {
    auto p = mean_field_run(ActivationKind::power_law, 0.75F, -0.5F, 0.5F, 15);
    p.initial = model::InitialKind::uniform;
    p.integrator = model::IntegratorKind::exponential_euler;
    return p;
}

/// Every method, and the forward sampler with and without white noise, memory and 16-bit storage.
/// `offer` takes (model type, name, parameters). Kept apart from its caller, whose frame would
/// otherwise hold all of these parameters too.
template <class Offer>
[[gnu::noinline]] void for_each_mean_field(Offer&& offer) {
    using namespace mean_field;
    offer(std::type_identity<LinearClosure<float, 40>>{}, Name{{"mean_field", "linear"}},
          driven_linear());
    using Closure = GaussianClosure<float, 60>;
    offer(std::type_identity<Closure>{}, Name{{"mean_field", "closure", "tanh"}},
          mean_field_run(ActivationKind::tanh, 1.5F, 0.0F, 0.5F, 59));
    offer(std::type_identity<Closure>{}, Name{{"mean_field", "closure", "erf"}}, colored_closure());
    offer(std::type_identity<Closure>{}, Name{{"mean_field", "closure", "relu"}}, biased_closure());
    offer(std::type_identity<Closure>{}, Name{{"mean_field", "closure", "pade"}}, static_closure());
    offer(std::type_identity<Closure>{}, Name{{"mean_field", "closure", "power"}}, power_closure());
    offer(std::type_identity<StationaryRun<float>>{}, Name{{"mean_field", "stationary"}},
          mean_field_run(ActivationKind::tanh, 1.5F, 0.0F, 0.5F, 20));
    offer(std::type_identity<ForwardSampler<float, 16, 32, std::int16_t>>{},
          Name{{"mean_field", "forward", "16x32"}}, uniform_sample());
    offer(std::type_identity<ForwardSampler<float, 40, 64>>{},
          Name{{"mean_field", "forward", "40x64"}},
          mean_field_run(ActivationKind::tanh, 1.5F, 0.0F, 0.0F, 39));
    offer(std::type_identity<ForwardSampler<float, 60, 128, std::int16_t>>{},
          Name{{"mean_field", "forward", "60x128"}},
          mean_field_run(ActivationKind::tanh, 1.0F, 0.5F, 1.0F, 59));
    offer(std::type_identity<ForwardSampler<float, 100, 400, std::int16_t>>{},
          Name{{"mean_field", "forward", "100x400"}},
          mean_field_run(ActivationKind::tanh, 1.5F, 0.5F, 0.0F, 99));
}

} // namespace tinymf::golden
