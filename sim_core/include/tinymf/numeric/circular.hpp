// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/coefficients.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/polynomial.hpp"

namespace tinymf::numeric {

template <Scalar T>
struct CosSin {
    T cos;
    T sin;
};

/// A signed integer of the format's width as the nearest scalar: two exact conversions of narrower
/// integers and one rounded sum.
template <Scalar T>
constexpr T nearest_scalar(Integer<T> integer) {
    constexpr int low_bits = sizeof(T) * 4 - 1;
    constexpr Integer<T> unit = Integer<T>{1} << low_bits;
    const auto high = static_cast<std::int32_t>(integer >> low_bits);
    const auto low = static_cast<std::int32_t>(integer & (unit - 1));
    return static_cast<T>(high) * static_cast<T>(unit) + static_cast<T>(low);
}

/// Cosine and sine of 2 pi phase / 2^32 (float) or 2 pi phase / 2^64 (double): an angle that wraps
/// exactly. The reduction to an eighth of a turn is integer arithmetic, so every phase is as
/// accurate as a small one. Multiples of a quarter turn are exact, possibly with a negative zero.
template <Scalar T>
constexpr CosSin<T> cos_sin_of_phase(Bits<T> phase) {
    constexpr int phase_bits = sizeof(T) * 8;

    constexpr T radians = Coefficients<T>::two_pi * power_of_two<T>(-phase_bits);

    const Bits<T> quadrant = (phase + (Bits<T>{1} << (phase_bits - 3))) >> (phase_bits - 2);
    const auto rest = static_cast<Integer<T>>(phase - (quadrant << (phase_bits - 2)));
    const T t = nearest_scalar<T>(rest) * radians;
    const T z = t * t;
    const T sine = t + t * (z * horner(Coefficients<T>::sine_remainder, z));
    const T cosine = T(1) - (T(0.5) * z - z * z * horner(Coefficients<T>::cosine_remainder, z));

    const bool swap = (quadrant & 1U) != 0;
    const Bits<T> cos_sign = ((quadrant + 1U) >> 1U) << (phase_bits - 1);
    const Bits<T> sin_sign = (quadrant >> 1U) << (phase_bits - 1);
    return {from_bits<T>(to_bits(select(swap, sine, cosine)) ^ cos_sign),
            from_bits<T>(to_bits(select(swap, cosine, sine)) ^ sin_sign)};
}

/// 2 pi phase / 2^32 in float32.
constexpr CosSin<float> cos_sin_turn(std::uint32_t phase) {
    return cos_sin_of_phase<float>(phase);
}

/// 2 pi phase / 2^64 in float64.
constexpr CosSin<double> cos_sin_turn(std::uint64_t phase) {
    return cos_sin_of_phase<double>(phase);
}

} // namespace tinymf::numeric
