// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/coefficients.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/polynomial.hpp"

namespace tinymf::numeric {

/// A positive number split as x = significand 2^exponent, sqrt(1/2) <= significand < sqrt(2).
template <Scalar T>
struct Decomposition {
    T exponent;
    T significand;
};

/// Exact. Zero, infinities, NaN and negative numbers give meaningless but finite parts.
template <Scalar T>
constexpr Decomposition<T> decompose(T x) {
    constexpr int fraction_bits = Format<T>::fraction_bits;
    constexpr T smallest_normal = power_of_two<T>(1 - Format<T>::exponent_bias);
    constexpr auto lift_exponent = static_cast<T>(fraction_bits + 1);
    constexpr T lift = power_of_two<T>(fraction_bits + 1);
    constexpr Bits<T> sqrt_half = to_bits(Coefficients<T>::sqrt_half);

    const bool subnormal = to_bits(x) < to_bits(smallest_normal);
    const Bits<T> bits = to_bits(select(subnormal, x * lift, x)) - sqrt_half;
    const auto exponent =
        static_cast<std::int32_t>(std::bit_cast<Integer<T>>(bits) >> fraction_bits);
    const Bits<T> fraction = bits & ((Bits<T>{1} << fraction_bits) - 1);
    return {static_cast<T>(exponent) - select(subnormal, lift_exponent, T(0)),
            from_bits<T>(fraction + sqrt_half)};
}

/// What log returns outside (0, inf): -inf at zero, inf at inf, NaN below zero and for NaN.
template <Scalar T>
constexpr T log_outside_domain(T x) {
    constexpr T minus_infinity = from_bits<T>(infinity_bits<T> | sign_mask<T>);
    const bool zero = (to_bits(x) & ~sign_mask<T>) == 0;
    const bool positive = to_bits(x) < sign_mask<T>;
    return select(zero, minus_infinity, select(positive, x, from_bits<T>(nan_bits<T>)));
}

/// Natural logarithm. log(0) = -inf, log(inf) = inf, NaN for x < 0 and for NaN.
template <Scalar T>
constexpr T log(T x) {
    using Constant = Coefficients<T>;
    const Decomposition<T> parts = decompose(x);
    const T f = parts.significand - T(1);
    const T square = f * f;
    const T correction = f * square * horner(Constant::log_remainder, f) - T(0.5) * square;
    const T result = parts.exponent * Constant::ln2_high +
                     (f + (correction + parts.exponent * Constant::ln2_low));
    const bool inside = to_bits(x) - 1 < infinity_bits<T> - 1;
    return select(inside, result, log_outside_domain(x));
}

} // namespace tinymf::numeric
