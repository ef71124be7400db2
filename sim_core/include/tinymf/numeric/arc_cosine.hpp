// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/coefficients.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/polynomial.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::numeric {

/// asin(x) for 0 <= x <= 1 in two pieces: `near` is the arc sine of x itself, or, above 1/2, of
/// sqrt((1 - x)/2), where asin x = pi/2 - 2 `near`.
template <Scalar T>
struct ArcSineParts {
    T near;
    bool folded;
};

template <Scalar T>
constexpr ArcSineParts<T> arc_sine_parts(T magnitude) {
    const bool folded = magnitude > T(0.5F);
    const T square = select(folded, (T(1) - magnitude) / T(2), magnitude * magnitude);
    const T sine = select(folded, sqrt(square), magnitude);
    return {sine + sine * (square * horner(Coefficients<T>::arc_sine_excess, square)), folded};
}

/// Arc sine in [-pi/2, pi/2], exactly odd; NaN for |x| > 1. Error below 2.5 ulp.
template <Scalar T>
constexpr T asin(T x) {
    using Constant = Coefficients<T>;
    const ArcSineParts<T> parts = arc_sine_parts(abs(x));
    const T above = Constant::half_pi - (T(2) * parts.near - Constant::half_pi_rest);
    return copy_sign(select(parts.folded, above, parts.near), x);
}

/// Arc cosine in [0, pi], accurate in relative terms up to x = 1; NaN for |x| > 1. Error below
/// 1.5 ulp.
template <Scalar T>
constexpr T acos(T x) {
    using Constant = Coefficients<T>;
    const ArcSineParts<T> parts = arc_sine_parts(abs(x));
    const bool negative = x < T(0);
    const T twice = T(2) * parts.near;
    const T near_minus_one = T(2) * Constant::half_pi - (twice - T(2) * Constant::half_pi_rest);
    const T signed_near = select(negative, -parts.near, parts.near);
    const T around_zero = Constant::half_pi - (signed_near - Constant::half_pi_rest);
    return select(parts.folded, select(negative, near_minus_one, twice), around_zero);
}

} // namespace tinymf::numeric
