// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/exp.hpp"

namespace tinymf::numeric {

/// Below `identity` tanh(x) is taken as x; 2^-limit is negligible beside 1.
template <Scalar T>
struct TanhLimits;
template <>
struct TanhLimits<float> {
    static constexpr float identity = 0x1p-12F;
    static constexpr float exponent = 40.0F;
};
template <>
struct TanhLimits<double> {
    static constexpr double identity = 0x1p-27;
    static constexpr double exponent = 80.0;
};

/// With 2a = k ln 2 + 2r the quotient scale / increment equals 1 / (e^(2a) - 1), where
/// scale = 2^(-k-1) and increment = (e^(2r) - 1)/2 + (1 - 2^(-k))/2.
template <Scalar T>
struct DoubledExponential {
    T scale;
    T increment;
};

/// For 0 <= a <= inf. The reduction is exact below ln(2)/4, where k is 0. k is limited: for larger
/// a the rest r grows, without bound, and the quotient vanishes all the same.
template <Scalar T>
constexpr DoubledExponential<T> exponential_of_double(T a) {
    using Constant = Coefficients<T>;
    // The subtraction rounds to an integer, bias - 1 - k: the exponent field of scale.
    constexpr T shift = T(3) * T(Bits<T>{1} << (Format<T>::fraction_bits - 1)) +
                        static_cast<T>(static_cast<std::int32_t>(Format<T>::exponent_bias - 1));
    constexpr auto lowest = std::bit_cast<Integer<T>>(shift - TanhLimits<T>::exponent);
    const auto unlimited = std::bit_cast<Integer<T>>(shift - a * Constant::two_log2_e);
    const T shifted = std::bit_cast<T>(larger(unlimited, lowest));

    const T r = a + (shifted - shift) * Constant::half_ln2;
    const T growth = r + r * r * horner(Constant::half_expm1_remainder, r);
    const T scale = from_bits<T>(to_bits(shifted) << Format<T>::fraction_bits);
    return {scale, growth + (T(0.5) - scale)};
}

/// Hyperbolic tangent, 1 / (1 + 2 / (e^(2|x|) - 1)) with the sign of x. Exactly odd, never
/// decreasing, |tanh(x)| <= 1, tanh(x) = x for |x| < 2^-12 (float) or 2^-27 (double), 1 from 9.02
/// (float) or 19.1 (double) on. NaN gives a NaN. Fixed work: no branch depends on x.
template <Scalar T>
constexpr T tanh(T x) {
    constexpr auto identity = static_cast<Integer<T>>(to_bits(TanhLimits<T>::identity));
    const Bits<T> magnitude = to_bits(x) & ~sign_mask<T>;
    const DoubledExponential<T> doubled = exponential_of_double(from_bits<T>(magnitude));
    const T quotient = T(0.5) / (T(0.5) + doubled.scale / doubled.increment);
    // Declared unlikely, lest gcc moves the arithmetic behind a branch.
    const bool tiny = __builtin_expect(static_cast<Integer<T>>(magnitude) < identity, 0) != 0;
    return from_bits<T>((tiny ? magnitude : to_bits(quotient)) | (to_bits(x) & sign_mask<T>));
}

} // namespace tinymf::numeric
