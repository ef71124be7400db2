// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/coefficients.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/polynomial.hpp"

namespace tinymf::numeric {

/// Below `identity`, tanh(x) is taken as x; from `saturation` on, as 1.
template <Scalar T>
struct TanhLimits;
template <>
struct TanhLimits<float> {
    static constexpr float identity = 0x1p-12F;
    static constexpr float saturation = 10.0F;
};
template <>
struct TanhLimits<double> {
    static constexpr double identity = 0x1p-27;
    static constexpr double saturation = 20.0;
};

/// 2^y - 1 for 0 <= y < 64, never decreasing in y: with k the integer and f the fractional part of
/// y it is (2^k - 1) + 2^k (f q(f)), every rounded operation in it increases with f, and f q(f)
/// does not exceed 1.
template <Scalar T>
constexpr T exp2_minus_one(T y) {
    const auto k = static_cast<std::int32_t>(y);
    const T f = y - static_cast<T>(k);
    const T scale = power_of_two<T>(k);
    return (scale - T(1)) + scale * (f * horner(Coefficients<T>::exp2_fraction, f));
}

/// Hyperbolic tangent, 1 / (1 + 2 / (e^(2|x|) - 1)) with the sign of x. Exactly odd; never
/// decreasing, since every rounded operation is monotone; |tanh(x)| <= 1; tanh(x) = x for tiny x.
/// NaN stays NaN. Fixed work: no branch depends on x.
template <Scalar T>
constexpr T tanh(T x) {
    constexpr auto saturation = static_cast<Integer<T>>(to_bits(TanhLimits<T>::saturation));
    constexpr Bits<T> identity = to_bits(TanhLimits<T>::identity);

    const Bits<T> magnitude = to_bits(x) & ~sign_mask<T>;
    const auto ordered = static_cast<Integer<T>>(magnitude);
    const T a = from_bits<T>(static_cast<Bits<T>>(ordered < saturation ? ordered : saturation));
    const T growth = exp2_minus_one(a * Coefficients<T>::two_log2_e);
    const T result = copy_sign(T(1) / (T(1) + T(2) / growth), x);
    // One comparison for both ends: tiny magnitudes wrap around to the top, where NaN is already.
    return select(magnitude - identity > infinity_bits<T> - identity, x, result);
}

} // namespace tinymf::numeric
