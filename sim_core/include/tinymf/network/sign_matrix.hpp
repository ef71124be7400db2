// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "tinymf/assert.hpp"
#include "tinymf/network/panel_layout.hpp"
#include "tinymf/network/panel_matrix.hpp"
#include "tinymf/numeric/magnitude.hpp"

namespace tinymf::network {

/// Square matrix of signs with a zero diagonal, one bit an entry: a word holds one column of 32
/// rows. Size: 4 N ceil(N/32) bytes. All entries off the diagonal are +1 until set.
template <std::size_t N>
class SignMatrix {
public:
    static constexpr std::size_t rows_per_word = 32;

    [[nodiscard]] constexpr bool negative(std::size_t i, std::size_t j) const {
        return (words_[index(i, j)] >> (i % rows_per_word) & 1U) != 0U;
    }

    constexpr void set_negative(std::size_t i, std::size_t j, bool negative) {
        const std::uint32_t bit = std::uint32_t{1} << (i % rows_per_word);
        std::uint32_t& word = words_[index(i, j)];
        word = negative ? word | bit : word & ~bit;
    }

    /// Signs of column j, rows `first_row` and up: bit k belongs to row first_row + k.
    [[nodiscard]] constexpr std::uint32_t column(std::size_t first_row, std::size_t j) const {
        return words_[first_row / rows_per_word * N + j] >> (first_row % rows_per_word);
    }

private:
    static constexpr std::size_t index(std::size_t i, std::size_t j) {
        TINYMF_ASSERT(i < N && j < N);
        return i / rows_per_word * N + j;
    }

    std::array<std::uint32_t, N*((N + rows_per_word - 1) / rows_per_word)> words_{};
};

/// r, or -r where bit `row` of `negative` is set.
template <std::floating_point T>
constexpr T signed_rate(T r, std::uint32_t negative, std::size_t row) {
    using Bits = numeric::Bits<T>;
    constexpr std::size_t sign_position = sizeof(T) * 8 - 1;
    const Bits flip =
        (static_cast<Bits>(negative) << (sign_position - row)) & numeric::sign_mask<T>;
    return numeric::from_bits<T>(numeric::to_bits(r) ^ flip);
}

/// Adds one column to the sums of a panel. Without vector registers the rows are spelled out, for
/// the sums to stay in scalar registers at -Os; with them a loop is what compilers vectorise.
template <std::floating_point T, std::size_t... row>
void add_signed_column(std::array<T, sizeof...(row)>& sums, T rate, std::uint32_t negative,
                       std::index_sequence<row...> rows) {
    if constexpr (vector_bytes == 0) {
        ((sums[row] += signed_rate(rate, negative, row)), ...);
    } else {
        for (std::size_t k = 0; k < rows.size(); ++k) {
            sums[k] += signed_rate(rate, negative, k);
        }
    }
}

/// The sums of one panel. Its own columns hold the diagonal: that sum is put back unchanged. One
/// copy serves both orders of the panels, hence noinline.
template <std::floating_point T, std::size_t N, std::size_t... row>
[[gnu::noinline]] void multiply_sign_panel(const SignMatrix<N>& signs, std::size_t first_row,
                                           T scale, std::span<const T, N> rates, T* out,
                                           std::index_sequence<row...> rows) {
    std::array<T, rows.size()> sums{};
    const auto add_columns = [&](std::size_t first, std::size_t end) {
        for (std::size_t j = first; j < end; ++j) {
            add_signed_column(sums, rates[j], signs.column(first_row, j), rows);
        }
    };
    add_columns(0, first_row);
    for (std::size_t diagonal = 0; diagonal < rows.size(); ++diagonal) {
        const auto before = sums;
        add_columns(first_row + diagonal, first_row + diagonal + 1);
        ((sums[row] = row == diagonal ? before[row] : sums[row]), ...);
    }
    add_columns(first_row + rows.size(), N);
    ((out[row] = scale * sums[row]), ...);
}

/// out_i = scale * (((0 + s_i0 r_0) + s_i1 r_1) + ... + s_i,N-1 r_N-1), j ascending and the
/// diagonal left out: scaled once, after the sum. Level: bit-exact, whatever the panel size.
/// `out` must not overlap `rates`.
///
/// Work: N^2 additions and N multiplications, N^2/8 bytes read.
template <std::size_t panel_rows, std::floating_point T, std::size_t N>
requires(panel_rows <=
         SignMatrix<N>::rows_per_word) void mat_vec(const SignMatrix<N>& signs, T scale,
                                                    std::span<const T, N> rates,
                                                    std::span<T, N> out,
                                                    PanelOrder order = PanelOrder::ascending) {
    TINYMF_ASSERT(rates.data() != out.data());
    PanelLayout<N, panel_rows>::for_each(
        order,
        [&]<std::size_t rows>(std::integral_constant<std::size_t, rows>, std::size_t first_row) {
            multiply_sign_panel(signs, first_row, scale, rates, out.data() + first_row,
                                std::make_index_sequence<rows>{});
        });
}

} // namespace tinymf::network
