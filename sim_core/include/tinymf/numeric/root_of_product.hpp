// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <limits>

#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::numeric {

/// sqrt(a b) of a, b >= 0 to an ulp also where the product of the two leaves the normal numbers,
/// which for equal float factors is below 1e-19 and above 1e19. Exactly a where a = b.
template <std::floating_point T>
[[nodiscard]] constexpr T root_of_product(T a, T b) {
    constexpr T up = sizeof(T) == 4 ? T(0x1p96) : T(0x1p600);
    constexpr T down = sizeof(T) == 4 ? T(0x1p-66) : T(0x1p-520);
    const T product = a * b;
    const bool normal =
        product >= std::numeric_limits<T>::min() && product <= std::numeric_limits<T>::max();
    if (normal || !(a > T(0) && b > T(0))) {
        return sqrt(product);
    }
    const T scale = product < T(1) ? up : down;
    return sqrt((a * scale) * (b * scale)) / scale;
}

} // namespace tinymf::numeric
