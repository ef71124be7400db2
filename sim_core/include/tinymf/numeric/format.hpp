// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>

#include "tinymf/numeric/arithmetic_guard.hpp"

namespace tinymf::numeric {

/// The two scalar types of sim_core: IEEE 754 binary32 and binary64.
template <typename T>
concept Scalar = std::same_as<T, float> || std::same_as<T, double>;

/// Layout of a scalar type: sign, biased exponent, fraction, from the most significant bit down.
template <Scalar T>
struct Format;

template <>
struct Format<float> {
    using Bits = std::uint32_t;
    using Integer = std::int32_t;
    static constexpr int fraction_bits = 23;
    static constexpr Integer exponent_bias = 127;
};

template <>
struct Format<double> {
    using Bits = std::uint64_t;
    using Integer = std::int64_t;
    static constexpr int fraction_bits = 52;
    static constexpr Integer exponent_bias = 1023;
};

template <Scalar T>
using Bits = typename Format<T>::Bits;
template <Scalar T>
using Integer = typename Format<T>::Integer;

template <Scalar T>
constexpr Bits<T> to_bits(T x) {
    return std::bit_cast<Bits<T>>(x);
}
template <Scalar T>
constexpr T from_bits(Bits<T> bits) {
    return std::bit_cast<T>(bits);
}

template <Scalar T>
inline constexpr Bits<T> sign_mask = Bits<T>{1} << (sizeof(T) * 8U - 1U);

template <Scalar T>
inline constexpr Bits<T> infinity_bits = static_cast<Bits<T>>(2 * Format<T>::exponent_bias + 1)
                                         << Format<T>::fraction_bits;

/// The quiet NaN that every function returns outside its domain: positive, empty payload.
template <Scalar T>
inline constexpr Bits<T> nan_bits = infinity_bits<T> | Bits<T>{1} << (Format<T>::fraction_bits - 1);

/// 2^exponent for a normal result: exponent from 1 - bias to bias.
template <Scalar T>
constexpr T power_of_two(Integer<T> exponent) {
    constexpr auto bias = static_cast<Bits<T>>(Format<T>::exponent_bias);
    return from_bits<T>((static_cast<Bits<T>>(exponent) << Format<T>::fraction_bits) +
                        (bias << Format<T>::fraction_bits));
}

/// One of two values, both computed beforehand. Blended by a mask, so that no compiler moves either
/// computation behind a branch: the work stays fixed, and loops vectorise under trapping math too.
template <Scalar T>
constexpr T select(bool condition, T if_true, T if_false) {
    const Bits<T> mask = Bits<T>{0} - static_cast<Bits<T>>(condition);
    return from_bits<T>((to_bits(if_true) & mask) | (to_bits(if_false) & ~mask));
}

/// Written so that gcc sees a minimum before it sees a branch: operands and result of one type.
template <std::integral I>
constexpr I smaller(I a, I b) {
    return a < b ? a : b;
}
template <std::integral I>
constexpr I larger(I a, I b) {
    return a > b ? a : b;
}

} // namespace tinymf::numeric
