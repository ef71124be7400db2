// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mean_field_runs.hpp"
#include "tinymf/mean_field/stationary.hpp"

namespace tinymf::test {

using WideState = mean_field::StationaryState<double, 64>;

template <class T = double>
model::Parameters<T> stationary(model::ActivationKind activation, double gain, double sigma,
                                model::NoiseKind kind = model::NoiseKind::white,
                                double noise_time = 1.0) {
    auto parameters = mean_field::white_noise_run<T>(activation, gain, 0.0, sigma, 1);
    parameters.noise_kind = kind;
    parameters.noise_time = static_cast<T>(noise_time);
    return parameters;
}

inline double correlation_at(const WideState& state, double lag) {
    auto correlation = state.correlation();
    while (correlation.lag() < lag) {
        correlation.advance(WideState::substep);
    }
    return correlation.value();
}

} // namespace tinymf::test
