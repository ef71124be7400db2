// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/format.hpp"

namespace tinymf::numeric {

/// An unevaluated sum high + low with |low| at most about one unit in the last place of high: twice
/// the precision of T without a wider type. Sums and products below are exact for finite operands
/// that neither overflow nor underflow, by plain IEEE additions and multiplications.
template <Scalar T>
struct DoubleWord {
    T high;
    T low;
};

/// a + b exactly, whatever their order (Knuth's branch-free form).
template <Scalar T>
constexpr DoubleWord<T> exact_sum(T a, T b) {
    const T sum = a + b;
    const T b_in_sum = sum - a;
    const T a_in_sum = sum - b_in_sum;
    return {sum, (a - a_in_sum) + (b - b_in_sum)};
}

/// The leading half of the significand, by clearing bits.
template <Scalar T>
constexpr T leading_half(T x) {
    constexpr int cleared_bits = Format<T>::fraction_bits / 2 + 1;
    return from_bits<T>(to_bits(x) & ~((Bits<T>{1} << cleared_bits) - 1));
}

/// a b: exact for float, to one unit in 2^106 for double, whose halves have 26 and 27 bits.
template <Scalar T>
constexpr DoubleWord<T> exact_product(T a, T b) {
    const T product = a * b;
    const T a_high = leading_half(a);
    const T b_high = leading_half(b);
    const T a_low = a - a_high;
    const T b_low = b - b_high;
    const T cross = (a_high * b_high - product) + a_high * b_low + a_low * b_high;
    return {product, cross + a_low * b_low};
}

} // namespace tinymf::numeric
