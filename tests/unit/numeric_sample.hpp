// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/magnitude.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <type_traits>
#include <utility>

namespace tinymf::numeric {

/// Wide enough to serve as the truth for T: 29 or 11 more bits.
template <Scalar T>
using Reference = std::conditional_t<std::is_same_v<T, float>, double, long double>;

/// |value - reference| in units of the last place of the reference rounded towards zero; the unit
/// of subnormals is that of the smallest normal number. Infinity counts as the power of two after
/// the largest number.
template <Scalar T>
double ulp_error(T value, Reference<T> reference) {
    using Limits = std::numeric_limits<T>;
    const Reference<T> beyond_largest = std::scalbn(Reference<T>{1}, Limits::max_exponent);
    if (!(std::fabs(reference) < beyond_largest)) {
        return std::isinf(value) && (value > 0) == (reference > 0) ? 0.0 : HUGE_VAL;
    }
    const Reference<T> finite =
        std::isinf(value) ? std::copysign(beyond_largest, static_cast<Reference<T>>(value))
                          : static_cast<Reference<T>>(value);
    const int exponent = reference == 0 ? Limits::min_exponent : std::ilogb(reference) + 1;
    const int unit = std::max(exponent, Limits::min_exponent) - Limits::digits;
    return static_cast<double>(std::scalbn(std::fabs(finite - reference), -unit));
}

/// Calls `visit` with both ends of all exponent ranges, of both signs (infinities and zeros among
/// them, no NaN), then with `count` random bit patterns and `count` numbers even over (-scale,
/// scale).
template <Scalar T, typename Visit>
void for_each_sample(std::uint32_t count, T scale, Visit visit) {
    const auto visit_both_signs = [&visit](Bits<T> magnitude) {
        visit(from_bits<T>(magnitude));
        visit(from_bits<T>(magnitude | sign_mask<T>));
    };
    constexpr Bits<T> exponent_step = Bits<T>{1} << Format<T>::fraction_bits;
    for (Bits<T> bits = 0; bits < infinity_bits<T>; bits += exponent_step) {
        visit_both_signs(bits);
        visit_both_signs(bits + 1);
        visit_both_signs(bits + exponent_step - 1);
    }
    visit_both_signs(infinity_bits<T>);
    std::mt19937_64 random(20250101);
    for (std::uint32_t i = 0; i < count; ++i) {
        const T any = from_bits<T>(static_cast<Bits<T>>(random()));
        if (!is_nan(any)) {
            visit(any);
        }
        const auto signed_fraction = static_cast<Reference<T>>(static_cast<std::int64_t>(random()));
        visit(static_cast<T>(signed_fraction * std::scalbn(Reference<T>{1}, -63)) * scale);
    }
}

} // namespace tinymf::numeric
