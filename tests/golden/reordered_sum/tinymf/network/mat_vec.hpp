// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stands in for the real header in one must-fail row of the golden matrix: equal in exact
// arithmetic, but the sum runs over descending j.

#include <concepts>
#include <cstddef>
#include <span>

#include "tinymf/network/panel_matrix.hpp"

namespace tinymf::network {

template <std::floating_point T, std::size_t N, std::size_t panel_rows>
void mat_vec(const PanelMatrix<T, N, panel_rows>& matrix, std::span<const T, N> rates,
             std::span<T, N> out, PanelOrder = PanelOrder::ascending) {
    for (std::size_t i = 0; i < N; ++i) {
        T sum = T(0);
        for (std::size_t j = N; j-- > 0;) {
            sum += matrix.at(i, j) * rates[j];
        }
        out[i] = sum;
    }
}

} // namespace tinymf::network
