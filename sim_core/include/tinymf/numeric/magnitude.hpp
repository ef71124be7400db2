// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/format.hpp"

namespace tinymf::numeric {

/// |x|, by clearing the sign bit: exact, NaN and signed zero included.
template <Scalar T>
constexpr T abs(T x) {
    return from_bits<T>(to_bits(x) & ~sign_mask<T>);
}

/// The magnitude of `magnitude` with the sign bit of `sign`.
template <Scalar T>
constexpr T copy_sign(T magnitude, T sign) {
    return from_bits<T>((to_bits(magnitude) & ~sign_mask<T>) | (to_bits(sign) & sign_mask<T>));
}

/// False for infinities and NaN.
template <Scalar T>
constexpr bool is_finite(T x) {
    return (to_bits(x) & ~sign_mask<T>) < infinity_bits<T>;
}

template <Scalar T>
constexpr bool is_nan(T x) {
    return (to_bits(x) & ~sign_mask<T>) > infinity_bits<T>;
}

/// x limited to [lower, upper], where lower < 0 < upper; NaN goes to the limit of its sign.
/// Patterns of one sign order like integers, so no floating-point comparison is needed.
template <Scalar T>
constexpr T clamp_around_zero(T x, T lower, T upper) {
    const Bits<T> bounded_below = smaller(to_bits(x), to_bits(lower));
    return std::bit_cast<T>(
        smaller(std::bit_cast<Integer<T>>(bounded_below), std::bit_cast<Integer<T>>(upper)));
}

} // namespace tinymf::numeric
