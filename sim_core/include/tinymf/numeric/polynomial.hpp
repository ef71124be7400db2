// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tinymf/numeric/format.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace tinymf::numeric {

template <Scalar T, std::size_t n, std::size_t... i>
[[gnu::always_inline]] constexpr T horner(const std::array<T, n>& coefficients, T x,
                                          std::index_sequence<i...> /*orders below the last*/) {
    T sum = coefficients[n - 1];
    ((sum = coefficients[n - 2 - i] + sum * x), ...);
    return sum;
}

/// sum_i coefficients[i] x^i by Horner's rule, each product and each sum rounded. Written out at
/// compile time, so that no optimisation level keeps a loop: 2 (n - 1) operations.
template <Scalar T, std::size_t n>
[[gnu::always_inline]] constexpr T horner(const std::array<T, n>& coefficients, T x) {
    return horner(coefficients, x, std::make_index_sequence<n - 1>{});
}

} // namespace tinymf::numeric
