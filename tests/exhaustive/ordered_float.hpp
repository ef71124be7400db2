// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/format.hpp"

#include <algorithm>
#include <cmath>

namespace tinymf::exhaustive {

/// Position of a float in ascending order: 0 for +0, 1 for the smallest subnormal, largest_key for
/// +infinity, negative for negative numbers. Negative zero has no position of its own.
using Key = std::int64_t;
inline constexpr Key largest_key = 0x7F800000;

inline float float_at(Key key) {
    const auto magnitude = static_cast<std::uint32_t>(key < 0 ? -key : key);
    return numeric::from_bits<float>(key < 0 ? magnitude | 0x80000000U : magnitude);
}

/// |value - reference| in units of the last place of the reference rounded towards zero:
/// 2^(max(e, -126) - 23) where 2^e <= |reference| < 2^(e+1). Infinity counts as 2^128, where the
/// next float after the largest would be; equal infinities differ by 0.
inline double ulp_error(float value, double reference) {
    constexpr double beyond_largest = 0x1p128;
    const double magnitude = std::fabs(reference);
    if (!(magnitude < beyond_largest)) {
        return std::isinf(value) && (value > 0) == (reference > 0) ? 0.0 : beyond_largest;
    }
    const double finite =
        std::isinf(value) ? std::copysign(beyond_largest, value) : static_cast<double>(value);
    constexpr std::int64_t exponent_of_smallest_normal = -126;
    const std::int64_t exponent =
        static_cast<std::int64_t>(numeric::to_bits(magnitude) >> 52U) - 1023;
    const std::int64_t of_unit = std::max(exponent, exponent_of_smallest_normal) - 23;
    return std::fabs(finite - reference) * numeric::power_of_two<double>(-of_unit);
}

} // namespace tinymf::exhaustive
