// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/coefficients.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/polynomial.hpp"

namespace tinymf::numeric {

/// Below `split` erf follows its series around 0; from `saturation` on it is 1.
template <Scalar T>
struct ErfLimits {
    static constexpr T split = T(7) / T(8);
    static constexpr T saturation = std::same_as<T, float> ? T(4) : T(6);
};

/// 2^(-y) for 0 <= y < 127, never increasing in y: with k the integer and f the fractional part,
/// 2^(-y) = 2^(-k-1) (1 + g q(g)), g = 1 - f.
template <Scalar T>
constexpr T exp2_of_negative(T y) {
    const auto k = static_cast<std::int32_t>(y);
    const T g = T(1) - (y - static_cast<T>(k));
    return power_of_two<T>(-k - 1) * (T(1) + g * horner(Coefficients<T>::exp2_fraction, g));
}

/// Error function 2/sqrt(pi) int_0^x e^(-t^2) dt. Below 7/8 it is x + x w(x^2), from there
/// on 1 - 2^(-P(x - 7/8)). Exactly odd, never decreasing, |erf(x)| <= 1, 1 from 3.84 (float)
/// or 5.87 (double) on. NaN stays NaN. Fixed work: no branch depends on x.
template <Scalar T>
constexpr T erf(T x) {
    constexpr auto split = std::bit_cast<Integer<T>>(ErfLimits<T>::split);
    constexpr auto saturation = std::bit_cast<Integer<T>>(ErfLimits<T>::saturation);
    const auto magnitude = std::bit_cast<Integer<T>>(abs(x));

    const T small = std::bit_cast<T>(smaller(magnitude, split));
    const T near_zero = small + small * horner(Coefficients<T>::erf_small, small * small);
    const T large = std::bit_cast<T>(smaller(larger(magnitude, split), saturation));
    const T complement =
        exp2_of_negative(horner(Coefficients<T>::erfc_exponent, large - ErfLimits<T>::split));
    const T result = select(magnitude < split, near_zero, T(1) - complement);
    return select(is_nan(x), x, copy_sign(result, x));
}

} // namespace tinymf::numeric
