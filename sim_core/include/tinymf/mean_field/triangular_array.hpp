// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

#include "tinymf/assert.hpp"
#include "tinymf/checkpoint/field_walk.hpp"

namespace tinymf::mean_field {

/// A causal two-time array: entries (t, s) with s <= t < points, row by row in static storage.
/// Size: points (points + 1)/2 scalars.
template <std::floating_point T, std::size_t points>
class TriangularArray {
public:
    static constexpr std::size_t entries = points * (points + 1) / 2;

    [[nodiscard]] constexpr std::span<T> row(std::size_t t) {
        TINYMF_ASSERT(t < points);
        return std::span<T>(values_).subspan(start_of(t), t + 1);
    }
    [[nodiscard]] constexpr std::span<const T> row(std::size_t t) const {
        TINYMF_ASSERT(t < points);
        return std::span<const T>(values_).subspan(start_of(t), t + 1);
    }

    /// The entry of the symmetric array that the triangle stands for.
    [[nodiscard]] constexpr T symmetric(std::size_t t, std::size_t s) const {
        return t >= s ? values_[start_of(t) + s] : values_[start_of(s) + t];
    }

    /// fold(sums[k], (first + k, u) v[u]) into sums[k], for the four rows from `first` and all u of
    /// v in ascending order. Sums of different rows are independent: taken together they hide the
    /// latency of each other's additions. v has at most first + 1 entries.
    template <class Fold>
    void fold_four_rows(std::size_t first, std::span<const T> v, std::span<T, 4> sums,
                        Fold fold) const {
        const T* const a = row(first).data();
        const T* const b = row(first + 1).data();
        const T* const c = row(first + 2).data();
        const T* const d = row(first + 3).data();
        T sum_a = sums[0];
        T sum_b = sums[1];
        T sum_c = sums[2];
        T sum_d = sums[3];
        for (std::size_t u = 0; u < v.size(); ++u) {
            sum_a = fold(sum_a, a[u] * v[u]);
            sum_b = fold(sum_b, b[u] * v[u]);
            sum_c = fold(sum_c, c[u] * v[u]);
            sum_d = fold(sum_d, d[u] * v[u]);
        }
        sums[0] = sum_a;
        sums[1] = sum_b;
        sums[2] = sum_c;
        sums[3] = sum_d;
    }

    /// The rows 0 ... rows - 1.
    void persist(checkpoint::FieldWalk& walk, std::size_t rows) {
        walk.over(std::span<T>(values_).first(start_of(rows)));
    }

    /// The same without the entries (t, t), of a response that has none.
    void persist_below_diagonal(checkpoint::FieldWalk& walk, std::size_t rows) {
        for (std::size_t t = 0; t < rows; ++t) {
            walk.over(row(t).first(t));
        }
    }

private:
    [[nodiscard]] static constexpr std::size_t start_of(std::size_t t) { return t * (t + 1) / 2; }

    std::array<T, entries> values_;
};

} // namespace tinymf::mean_field
