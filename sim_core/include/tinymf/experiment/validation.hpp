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

/// A parameter of any type within the range of a field.
template <class V>
[[nodiscard]] constexpr bool lies_in(Field field, const V& value) {
    if constexpr (requires { value.size(); }) {
        for (const auto& number : value) {
            if (!in_range(field, number)) {
                return false;
            }
        }
        return true;
    } else if constexpr (std::floating_point<V>) {
        return in_range(field, value);
    } else if constexpr (sizeof(V) == sizeof(std::uint64_t)) {
        return true; // every number of 64 bits is a seed
    } else {
        return in_range(field, static_cast<std::uint32_t>(value));
    }
}

template <std::floating_point T>
[[nodiscard]] constexpr Field first_out_of_range(const Parameters<T>& p) {
    Field found = Field::none;
    for_each_field(
        [&found](Field field, const auto& value) {
            // The upper bound is the profile's: replicas of a network, populations of a mean field.
            const Field range = field == Field::replicas ? Field::populations : field;
            if (found == Field::none && !lies_in(range, value)) {
                found = field;
            }
        },
        p);
    return found;
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
