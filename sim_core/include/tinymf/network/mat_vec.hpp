// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <utility>

#include "tinymf/eigen.hpp"
#include "tinymf/network/panel_matrix.hpp"

namespace tinymf::network {

// One copy of each panel's loop serves every N and both orders of the panels: hence spans of
// dynamic extent, and noinline.

/// The sums of one panel, rows in vector registers.
template <std::size_t rows, std::floating_point T>
[[gnu::noinline]] void multiply_panel_in_vectors(const T* panel, std::span<const T> rates, T* out) {
    using Column = Eigen::Array<T, static_cast<int>(rows), 1>;
    Column sums = Column::Zero();
    for (const T rate : rates) {
        sums += Eigen::Map<const Column, panel_alignment<T, rows>>(panel) * rate;
        panel += rows;
    }
    Eigen::Map<Column>{out} = sums;
}

/// The sums of one panel, each in a register of its own. The rows are spelled out by a fold,
/// because at -Os a loop over them would keep the sums in memory.
template <std::floating_point T, std::size_t... row>
[[gnu::noinline]] void multiply_panel_in_scalars(const T* panel, std::span<const T> rates, T* out,
                                                 std::index_sequence<row...> rows) {
    std::array<T, rows.size()> sums{};
    for (const T rate : rates) {
        ((sums[row] += panel[row] * rate), ...);
        panel += rows.size();
    }
    ((out[row] = sums[row]), ...);
}

/// out_i = ((0 + J_i0 r_0) + J_i1 r_1) + ... + J_i,N-1 r_N-1: every product and every sum rounded
/// by itself, j ascending. Level: bit-exact, whatever the panel size, the panel order, the compiler
/// and the target. `out` must not overlap `rates`.
///
/// Work: N^2 multiplications and additions, N^2 sizeof(T) bytes read once.
template <std::floating_point T, std::size_t N, std::size_t panel_rows>
void mat_vec(const PanelMatrix<T, N, panel_rows>& matrix, std::span<const T, N> rates,
             std::span<T, N> out, PanelOrder order = PanelOrder::ascending) {
    TINYMF_ASSERT(rates.data() != out.data());
    using Matrix = PanelMatrix<T, N, panel_rows>;
    Matrix::Layout::for_each(order, [&]<std::size_t rows>(std::integral_constant<std::size_t, rows>,
                                                          std::size_t first_row) {
        const T* panel = matrix.template panel<rows>(first_row);
        T* sums = out.data() + first_row;
        if constexpr (vector_bytes == 0) {
            multiply_panel_in_scalars<T>(panel, rates, sums, std::make_index_sequence<rows>{});
        } else {
            multiply_panel_in_vectors<rows, T>(panel, rates, sums);
        }
    });
}

} // namespace tinymf::network
