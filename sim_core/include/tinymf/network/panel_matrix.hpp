// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>

#include "tinymf/eigen.hpp"
#include "tinymf/network/panel_layout.hpp"

namespace tinymf::network {

/// Bytes of a vector register, 0 where Eigen computes element by element.
#ifdef EIGEN_VECTORIZE
inline constexpr std::size_t vector_bytes = EIGEN_MAX_STATIC_ALIGN_BYTES;
#else
inline constexpr std::size_t vector_bytes = 0;
#endif

/// Rows of the widest panel: as many sums as the target keeps in registers, beside the weights of
/// one column, while it walks along the columns. 16 scalars of a Cortex-M FPU; on the host 4
/// AVX-512, 8 AVX or 8 SSE registers.
template <std::floating_point T>
inline constexpr std::size_t register_rows = vector_bytes == 0
                                                 ? 16
                                                 : (vector_bytes >= 32 ? 256 : 128) / sizeof(T);

/// Bytes: a cache line where there is one, else the scalar's own alignment.
template <std::floating_point T>
inline constexpr std::size_t storage_alignment = vector_bytes == 0 ? alignof(T) : 64;

/// Alignment of every column of a panel, in bytes, as an Eigen map option.
template <std::floating_point T, std::size_t rows>
inline constexpr int panel_alignment = [] {
    constexpr std::size_t bytes = std::min(storage_alignment<T>, rows * sizeof(T));
    return bytes < 16 ? static_cast<int>(Eigen::Unaligned) : static_cast<int>(bytes);
}();

/// Square matrix, packed for products whose sums run along the columns in order.
///
/// Panels of rows follow each other; a panel holds its rows column by column, so a product reads
/// memory once, front to back. Size: N^2 sizeof(T), rounded up to `storage_alignment`; no padding
/// between panels. Zero until set.
template <std::floating_point T, std::size_t N, std::size_t panel_rows = register_rows<T>>
class PanelMatrix {
public:
    using Layout = PanelLayout<N, panel_rows>;

    [[nodiscard]] constexpr T at(std::size_t i, std::size_t j) const {
        return values_[index(i, j)];
    }

    constexpr void set(std::size_t i, std::size_t j, T value) { values_[index(i, j)] = value; }

    /// The panel of `rows` rows that starts at `first_row`: `rows` values a column, N columns.
    template <std::size_t rows>
    [[nodiscard]] const T* panel(std::size_t first_row) const {
        return values_.data() + first_row * N;
    }

private:
    static constexpr std::size_t index(std::size_t i, std::size_t j) {
        TINYMF_ASSERT(i < N && j < N);
        const auto panel = Layout::panel_of(i);
        return panel.first_row * N + j * panel.rows + (i - panel.first_row);
    }

    alignas(storage_alignment<T>) std::array<T, N * N> values_{};
};

} // namespace tinymf::network
