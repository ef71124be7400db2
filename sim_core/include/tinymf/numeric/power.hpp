// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/double_word.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/log.hpp"

namespace tinymf::numeric {

/// Binary logarithm to about 1.3 times the precision of T, for finite x > 0. With
/// s = (m - 1) / (m + 1) for the significand m it is k + 2/ln(2) atanh(s); s and its leading term
/// are carried in two words, the rest of the series is small enough for one.
template <Scalar T>
constexpr DoubleWord<T> log2_in_two_words(T x) {
    using Constant = Coefficients<T>;
    const Decomposition<T> parts = decompose(x);
    const T numerator = parts.significand - T(1);
    const DoubleWord<T> denominator = exact_sum(T(2), numerator);
    const T s = numerator / denominator.high;
    const DoubleWord<T> product = exact_product(s, denominator.high);
    const T remainder = ((numerator - product.high) - product.low) - s * denominator.low;
    const T s_low = remainder / denominator.high;

    const T z = s * s;
    const DoubleWord<T> leading = exact_product(s, Constant::two_log2_e);
    const T series = s * (z * horner(Constant::log_ratio, z));
    const T rest =
        leading.low + s * Constant::two_log2_e_rest + (s_low + series) * Constant::two_log2_e;
    const DoubleWord<T> sum = exact_sum(parts.exponent, leading.high);
    const DoubleWord<T> normalised = exact_sum(sum.high, sum.low + rest);
    return normalised;
}

/// 2^(y.high + y.low); |y.high| beyond the exponent range gives 0 or infinity.
template <Scalar T>
constexpr T exp2_of_two_words(DoubleWord<T> y) {
    constexpr T limit = static_cast<T>(Format<T>::exponent_bias + Format<T>::fraction_bits + 3);
    const T high = clamp_around_zero(y.high, -limit, limit);
    const NearestInteger<T> k = nearest_integer(high);
    const T fraction = (high - k.value) + select(to_bits(high) == to_bits(y.high), y.low, T(0));
    const T significand = T(1) + expm1_near_zero(fraction * Coefficients<T>::ln2);
    return scale_by_power_of_two(significand, k.integer);
}

/// The limits of x^p at x = 0 and x = infinity, NaN for x < 0, for NaN and for infinite p.
template <Scalar T>
constexpr T power_outside_domain(T x, T p) {
    const bool zero = (to_bits(x) & ~sign_mask<T>) == 0;
    if (is_nan(p) || !is_finite(p) || (!zero && to_bits(x) != infinity_bits<T>)) {
        return from_bits<T>(nan_bits<T>);
    }
    if ((to_bits(p) & ~sign_mask<T>) == 0) {
        return T(1);
    }
    const bool grows = (to_bits(p) & sign_mask<T>) == 0;
    return from_bits<T>(zero == grows ? 0 : infinity_bits<T>);
}

/// x^p for x >= 0 and any finite p. power(0, p) is 0, 1 or infinity for p > 0, = 0, < 0.
/// NaN for x < 0.
template <Scalar T>
constexpr T power(T x, T p) {
    if (to_bits(x) - 1 >= infinity_bits<T> - 1 || !is_finite(p)) {
        return power_outside_domain(x, p);
    }
    const DoubleWord<T> logarithm = log2_in_two_words(x);
    DoubleWord<T> y = exact_product(logarithm.high, p);
    y.low = y.low + logarithm.low * p;
    return exp2_of_two_words(y);
}

} // namespace tinymf::numeric
