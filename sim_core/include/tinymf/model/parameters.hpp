// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstdint>

#include "tinymf/model/activation.hpp"
#include "tinymf/model/initial.hpp"
#include "tinymf/model/integrator.hpp"
#include "tinymf/model/noise.hpp"
#include "tinymf/model/stimulus.hpp"

namespace tinymf::model {

/// Everything about a model that is chosen at run time, in the scalar the model computes in.
///
/// Sizes (neurons, mean-field points, trajectories) and storage are the profile's. Times are in
/// units of the neuron's time constant. The reals are rounded once, on the host, to the profile's
/// scalar: a device never converts between float and double. Names and ranges:
/// experiment/fields.hpp.
template <std::floating_point T>
struct Parameters {
    static constexpr std::size_t pade_orders = 4;

    ActivationKind activation = ActivationKind::tanh;
    T exponent = T(0.75); ///< power_law: sgn(x)|x|^exponent
    /// pade: x (a0 + a1 x^2 + ...) / (1 + b1 x^2 + ...); unused orders are zero.
    std::array<T, pade_orders> pade_numerator{T(1)};
    std::array<T, pade_orders> pade_denominator{T(1) / T(3)};

    T gain = T(1.5);
    T reciprocity = T(0); ///< eta in [-1, 1]: N E[J_ij J_ji]
    T noise = T(0);       ///< sigma; white: <xi xi'> = sigma^2 delta(t - t')
    NoiseKind noise_kind = NoiseKind::white;
    T noise_time = T(1); ///< correlation time of coloured noise
    /// Steps after which static noise is drawn anew; 0: never.
    std::uint32_t noise_hold = 0;

    T dt = T(0.05);
    std::uint32_t steps = 2000;
    IntegratorKind integrator = IntegratorKind::euler;
    std::uint64_t seed = 1;

    InitialKind initial = InitialKind::normal;
    T initial_scale = T(1);

    StimulusKind stimulus = StimulusKind::none;
    T stimulus_amplitude = T(0);
    T stimulus_frequency = T(0); ///< cycles per time constant
    T stimulus_onset = T(0);

    /// Network: noise and initial states on one J. Mean field: populations, one after the other.
    std::uint8_t replicas = 1;
};

} // namespace tinymf::model
