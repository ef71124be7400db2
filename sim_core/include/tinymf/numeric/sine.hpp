// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/format.hpp"

namespace tinymf::numeric {

/// sin u for |u| <= pi/2 by its Taylor series: an ulp of 1, small u to an ulp of themselves.
template <Scalar T>
[[nodiscard]] constexpr T sine_of_quarter(T u) {
    const T square = u * u;
    T term = u;
    T sum = u;
    for (int n = 1; n <= 11; ++n) {
        term *= -square / static_cast<T>(2 * n * (2 * n + 1));
        sum += term;
    }
    return sum;
}

} // namespace tinymf::numeric
