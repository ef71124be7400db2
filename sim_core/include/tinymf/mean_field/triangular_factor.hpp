// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/mean_field/triangular_array.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// The lower triangle F of a covariance F F^T that grows by a row at a time (Cholesky), and
/// division by it from either side. A row whose variance is zero divides to zero.
///
/// Size: points (points + 1)/2 scalars. Work: t^2/2 multiplications and additions for each row t
/// added, each division and each product of t numbers, in ascending order of the summation index.
template <std::floating_point T, std::size_t points>
class TriangularFactor {
public:
    [[nodiscard]] std::span<const T> row(std::size_t t) const { return rows_.row(t); }

    /// Adds the row after the last of `covariance`, whose own `variance` may differ from the last
    /// entry. What the earlier rows leave of it is kept above `floor`, a variance too.
    void extend(std::span<const T> covariance, T variance, T floor) {
        const std::size_t t = covariance.size();
        const auto added = rows_.row(t);
        for (std::size_t s = 0; s < t; ++s) {
            added[s] = covariance[s];
        }
        forward_substitute(added.first(t));
        T left = variance;
        for (std::size_t s = 0; s < t; ++s) {
            left -= added[s] * added[s];
        }
        added[t] = numeric::sqrt(left > floor ? left : floor);
    }

    /// v <- F^{-1} v
    void forward_substitute(std::span<T> v) const {
        const auto subtract = [](T sum, T product) { return sum - product; };
        std::size_t s = 0;
        for (; s + 4 <= v.size(); s += 4) {
            rows_.fold_four_rows(s, v.first(s), v.subspan(s).template first<4>(), subtract);
            for (std::size_t k = 0; k < 4; ++k) {
                divide_entry(v, s + k, s);
            }
        }
        for (; s < v.size(); ++s) {
            divide_entry(v, s, 0);
        }
    }

    /// sums <- sums + F v
    void add_product(std::span<const T> v, std::span<T> sums) const {
        const auto add = [](T sum, T product) { return sum + product; };
        std::size_t s = 0;
        for (; s + 4 <= v.size(); s += 4) {
            rows_.fold_four_rows(s, v.first(s + 1), sums.subspan(s).template first<4>(), add);
            for (std::size_t k = 1; k < 4; ++k) {
                add_entry(v, sums, s + k, s + 1);
            }
        }
        for (; s < v.size(); ++s) {
            add_entry(v, sums, s, 0);
        }
    }

    /// v <- v F^{-1}, v a row
    void divide_right(std::span<T> v) const {
        for (std::size_t u = v.size(); u-- > 0;) {
            const auto above = row(u);
            v[u] = quotient(v[u], above[u]);
            for (std::size_t s = 0; s < u; ++s) {
                v[s] -= v[u] * above[s];
            }
        }
    }

    void persist(checkpoint::FieldWalk& walk, std::size_t rows) { rows_.persist(walk, rows); }

private:
    /// What v[s] takes from the entries from `first` on, and its division.
    void divide_entry(std::span<T> v, std::size_t s, std::size_t first) const {
        const auto above = row(s);
        T entry = v[s];
        for (std::size_t u = first; u < s; ++u) {
            entry -= v[u] * above[u];
        }
        v[s] = quotient(entry, above[s]);
    }

    void add_entry(std::span<const T> v, std::span<T> sums, std::size_t s,
                   std::size_t first) const {
        const auto above = row(s);
        for (std::size_t u = first; u <= s; ++u) {
            sums[s] += above[u] * v[u];
        }
    }

    [[nodiscard]] static T quotient(T entry, T diagonal) {
        return diagonal > T(0) ? entry / diagonal : T(0);
    }

    TriangularArray<T, points> rows_;
};

} // namespace tinymf::mean_field
