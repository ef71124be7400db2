// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/coefficients.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/polynomial.hpp"

namespace tinymf::numeric {

/// Range of the exponential: below `lower` the result rounds to 0, above `upper` to infinity.
template <Scalar T>
struct ExpLimits;
template <>
struct ExpLimits<float> {
    static constexpr float lower = -104.0F;
    static constexpr float upper = 89.0F;
};
template <>
struct ExpLimits<double> {
    static constexpr double lower = -746.0;
    static constexpr double upper = 710.0;
};

/// A number split as value = exponent ln 2 + rest, |rest| <= ln(2)/2 up to rounding.
template <Scalar T>
struct ReducedExponent {
    Integer<T> exponent;
    T rest;
};

/// The integer nearest to x in two forms; |x| < 2^(fraction_bits - 2).
template <Scalar T>
struct NearestInteger {
    T value;
    Integer<T> integer;
};

/// Adding 1.5 * 2^fraction_bits pushes the fraction out of the format: rounding to nearest even
/// happens in the addition, and the low bits of the sum hold the integer.
template <Scalar T>
constexpr NearestInteger<T> nearest_integer(T x) {
    constexpr T shift = T(3) * T(Bits<T>{1} << (Format<T>::fraction_bits - 1));
    const T shifted = x + shift;
    return {shifted - shift,
            static_cast<Integer<T>>(to_bits(shifted)) - static_cast<Integer<T>>(to_bits(shift))};
}

template <Scalar T>
constexpr ReducedExponent<T> reduce_exponent(T x) {
    using Constant = Coefficients<T>;
    const NearestInteger<T> k = nearest_integer(x * Constant::log2_e);
    return {k.integer, (x - k.value * Constant::ln2_high) - k.value * Constant::ln2_low};
}

/// e^r - 1 for |r| <= ln(2)/2.
template <Scalar T>
constexpr T expm1_near_zero(T r) {
    return r + r * r * horner(Coefficients<T>::exp_remainder, r);
}

/// y 2^exponent for y in [1/2, 2] and any exponent that exp can need; rounds once, where the result
/// is subnormal.
template <Scalar T>
constexpr T scale_by_power_of_two(T y, Integer<T> exponent) {
    const Integer<T> half = exponent >> 1;
    return y * power_of_two<T>(half) * power_of_two<T>(exponent - half);
}

/// e^x. exp(-inf) = 0, exp(inf) = inf, NaN stays NaN. Fixed work: no branch depends on x.
template <Scalar T>
constexpr T exp(T x) {
    const T limited = clamp_around_zero(x, ExpLimits<T>::lower, ExpLimits<T>::upper);
    const ReducedExponent<T> reduced = reduce_exponent(limited);
    const T significand = T(1) + expm1_near_zero(reduced.rest);
    return select(is_nan(x), x, scale_by_power_of_two(significand, reduced.exponent));
}

} // namespace tinymf::numeric
