// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/coefficients.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/polynomial.hpp"

namespace tinymf::numeric {

/// From `saturation` on, erf(x) is 1.
template <Scalar T>
struct ErfLimits;
template <>
struct ErfLimits<float> {
    static constexpr float saturation = 4.0F;
};
template <>
struct ErfLimits<double> {
    static constexpr double saturation = 6.0;
};

/// 2^(-y) for 0 <= y < 127, never increasing in y: with k the integer and f the fractional part,
/// 2^(-y) = 2^(-k-1) (1 + g q(g)), g = 1 - f.
template <Scalar T>
constexpr T exp2_of_negative(T y) {
    const auto k = static_cast<std::int32_t>(y);
    const T g = T(1) - (y - static_cast<T>(k));
    return power_of_two<T>(-k - 1) * (T(1) + g * horner(Coefficients<T>::exp2_fraction, g));
}

/// Error function 2/sqrt(pi) int_0^x e^(-t^2) dt. Below 1 it is x + x w(x^2), from there on
/// 1 - 2^(-P(x - 1)). Exactly odd, |erf(x)| <= 1. NaN stays NaN. Fixed work: no branch depends on
/// x.
template <Scalar T>
constexpr T erf(T x) {
    constexpr auto one = static_cast<Integer<T>>(to_bits(T(1)));
    constexpr auto saturation = static_cast<Integer<T>>(to_bits(ErfLimits<T>::saturation));

    const Bits<T> magnitude = to_bits(x) & ~sign_mask<T>;
    const auto ordered = static_cast<Integer<T>>(magnitude);
    const auto at_most_one = static_cast<Bits<T>>(ordered < one ? ordered : one);
    const auto at_least_one = ordered < one ? one : ordered < saturation ? ordered : saturation;

    const T small = from_bits<T>(at_most_one);
    const T large = from_bits<T>(static_cast<Bits<T>>(at_least_one));
    const T near_zero = small + small * horner(Coefficients<T>::erf_small, small * small);
    const T complement = exp2_of_negative(horner(Coefficients<T>::erfc_exponent, large - T(1)));
    const T result = copy_sign(select(ordered < one, near_zero, T(1) - complement), x);
    return select(is_nan(x), x, result);
}

} // namespace tinymf::numeric
