// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>

#include "tinymf/experiment/fields.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/refusal.hpp"
#include "tinymf/numeric/positive_polynomial.hpp"

namespace tinymf::experiment {

/// True when the value lies in the field's closed range; a NaN lies nowhere.
template <std::floating_point T>
[[nodiscard]] constexpr bool in_range(Field field, T value) {
    return value >= static_cast<T>(info(field).lowest) &&
           value <= static_cast<T>(info(field).highest);
}

[[nodiscard]] constexpr bool in_range(Field field, std::uint32_t value) {
    const FieldInfo& range = info(field);
    // The bounds of integer fields are integers below 2^32, so this conversion is exact.
    return value >= static_cast<std::uint32_t>(range.lowest) &&
           value <= static_cast<std::uint32_t>(range.highest);
}

namespace detail {

template <class Enum>
[[nodiscard]] constexpr bool enumerator_in_range(Field field, Enum value) {
    return in_range(field, static_cast<std::uint32_t>(value));
}

[[nodiscard]] constexpr Field first_out_of_range(const observe::ObservationParameters& p) {
    if (!in_range(Field::observables, std::uint32_t{p.observables}))
        return Field::observables;
    if (!in_range(Field::observe_every, p.sample_every))
        return Field::observe_every;
    if (!in_range(Field::observe_after, p.after))
        return Field::observe_after;
    if (!in_range(Field::observe_block, p.block))
        return Field::observe_block;
    if (!in_range(Field::observe_lags, std::uint32_t{p.lags}))
        return Field::observe_lags;
    if (!in_range(Field::observe_window, p.window))
        return Field::observe_window;
    return Field::none;
}

template <std::floating_point T>
[[nodiscard]] constexpr Field first_out_of_range(const Parameters<T>& p) {
    const auto pade_outside = [](Field field, const auto& coefficients) {
        for (const T coefficient : coefficients) {
            if (!in_range(field, coefficient)) {
                return true;
            }
        }
        return false;
    };
    if (!enumerator_in_range(Field::activation, p.activation))
        return Field::activation;
    if (!in_range(Field::exponent, p.exponent))
        return Field::exponent;
    if (pade_outside(Field::pade_numerator, p.pade_numerator))
        return Field::pade_numerator;
    if (pade_outside(Field::pade_denominator, p.pade_denominator))
        return Field::pade_denominator;
    if (!in_range(Field::gain, p.gain))
        return Field::gain;
    if (!in_range(Field::reciprocity, p.reciprocity))
        return Field::reciprocity;
    if (!in_range(Field::noise, p.noise))
        return Field::noise;
    if (!enumerator_in_range(Field::noise_kind, p.noise_kind))
        return Field::noise_kind;
    if (!in_range(Field::noise_time, p.noise_time))
        return Field::noise_time;
    if (!in_range(Field::noise_hold, p.noise_hold))
        return Field::noise_hold;
    if (!in_range(Field::dt, p.dt))
        return Field::dt;
    if (!in_range(Field::steps, p.steps))
        return Field::steps;
    if (!enumerator_in_range(Field::integrator, p.integrator))
        return Field::integrator;
    if (!enumerator_in_range(Field::initial_kind, p.initial))
        return Field::initial_kind;
    if (!in_range(Field::initial_scale, p.initial_scale))
        return Field::initial_scale;
    if (!enumerator_in_range(Field::stimulus_kind, p.stimulus))
        return Field::stimulus_kind;
    if (!in_range(Field::stimulus_amplitude, p.stimulus_amplitude)) {
        return Field::stimulus_amplitude;
    }
    if (!in_range(Field::stimulus_frequency, p.stimulus_frequency)) {
        return Field::stimulus_frequency;
    }
    if (!in_range(Field::stimulus_onset, p.stimulus_onset))
        return Field::stimulus_onset;
    // The upper bound is the profile's: replicas of a network, populations of a mean field.
    if (!in_range(Field::populations, std::uint32_t{p.replicas}))
        return Field::replicas;
    if (!in_range(Field::state_every, p.state_every))
        return Field::state_every;
    if (!in_range(Field::digest_every, p.digest_every))
        return Field::digest_every;
    return first_out_of_range(p.observation);
}

} // namespace detail

/// White noise is not a function of time, so the four stages of RK4 cannot share one sample path;
/// use Heun, or coloured noise.
template <std::floating_point T>
[[nodiscard]] constexpr bool white_noise_in_rk4(const Parameters<T>& p) {
    return p.integrator == model::IntegratorKind::rk4 && p.noise_kind == model::NoiseKind::white &&
           p.noise > T(0);
}

/// The field that makes the observation impossible, or none:
///
/// - a response needs white noise to correlate with;
/// - a tangent vector follows one-stage schemes only;
/// - a block holds every lag at least once, and a whole number of windows, two at least.
template <std::floating_point T>
[[nodiscard]] constexpr Field impossible_observation(const Parameters<T>& p) {
    using enum observe::Observable;
    const observe::ObservationParameters& o = p.observation;
    const bool white = p.noise_kind == model::NoiseKind::white && p.noise > T(0);
    if (o.asks_for(response) && !white) {
        return Field::noise_kind;
    }
    if (o.asks_for(lyapunov) && model::stages(p.integrator) != 1) {
        return Field::integrator;
    }
    if ((o.asks_for(autocorrelation) || o.asks_for(response)) && o.block < o.lags) {
        return Field::observe_block;
    }
    if ((o.observables & observe::of_covariances) != 0 &&
        (o.block % o.window != 0 || o.block / o.window < 2)) {
        return Field::observe_window;
    }
    return Field::none;
}

/// The denominator of a Pade activation vanishes, or all but does, at some x^2 >= 0.
template <std::floating_point T>
[[nodiscard]] constexpr bool pole_on_the_axis(const Parameters<T>& p) {
    return !numeric::positive_polynomial(p.pade_denominator);
}

/// Checks a configuration as a whole, before any of it takes effect.
template <std::floating_point T>
[[nodiscard]] constexpr Refusal validate(const Parameters<T>& parameters) {
    if (const Field field = detail::first_out_of_range(parameters); field != Field::none) {
        return {RefusalCode::out_of_range, field};
    }
    if (pole_on_the_axis(parameters)) {
        return {RefusalCode::bad_combination, Field::pade_denominator};
    }
    if (white_noise_in_rk4(parameters)) {
        return {RefusalCode::bad_combination, Field::integrator};
    }
    if (parameters.noise_hold != 0 && parameters.noise_kind != model::NoiseKind::frozen) {
        return {RefusalCode::bad_combination, Field::noise_hold};
    }
    if (const Field field = impossible_observation(parameters); field != Field::none) {
        return {RefusalCode::bad_combination, field};
    }
    return {};
}

} // namespace tinymf::experiment
