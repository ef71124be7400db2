// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

#include "tinymf/observe/compensated_sum.hpp"

namespace tinymf::observe {

/// A symmetric N x N matrix, the rows of its lower triangle one behind the other.
/// Size: N(N+1)/2 scalars. Level: bit-exact.
template <std::floating_point T, std::size_t N>
class PackedTriangle {
public:
    static constexpr std::size_t entries = N * (N + 1) / 2;

    constexpr void clear() { values_.fill(T(0)); }

    /// this += v v^T; N(N+1)/2 multiplications and additions.
    void add_outer(std::span<const T, N> v) {
        T* entry = values_.data();
        for (std::size_t i = 0; i < N; ++i) {
            const T v_i = v[i];
            for (std::size_t j = 0; j <= i; ++j) {
                *entry++ += v_i * v[j];
            }
        }
    }

    /// this = this/count - m m^T: the covariance of `count` vectors of mean m, this their sum of
    /// outer products.
    void center(T count, std::span<const T, N> mean) {
        T* entry = values_.data();
        for (std::size_t i = 0; i < N; ++i) {
            for (std::size_t j = 0; j <= i; ++j, ++entry) {
                *entry = *entry / count - mean[i] * mean[j];
            }
        }
    }

    [[nodiscard]] T trace() const {
        CompensatedSum<T> sum;
        for (std::size_t i = 0; i < N; ++i) {
            sum.add(diagonal(i));
        }
        return sum.value();
    }

    [[nodiscard]] T diagonal(std::size_t i) const { return values_[place_of_diagonal(i)]; }
    [[nodiscard]] static constexpr std::size_t place_of_diagonal(std::size_t i) {
        return i * (i + 3) / 2;
    }

    /// The N(N+1)/2 entries: (0,0), (1,0), (1,1), (2,0), ...
    [[nodiscard]] std::span<const T> values() const { return values_; }
    [[nodiscard]] std::span<T> values() { return values_; }

private:
    std::array<T, entries> values_;
};

/// sum_i A_ii B_ii.
template <std::floating_point T, std::size_t N>
[[nodiscard]] T diagonal_product(const PackedTriangle<T, N>& a, const PackedTriangle<T, N>& b) {
    CompensatedSum<T> sum;
    for (std::size_t i = 0; i < N; ++i) {
        sum.add(a.diagonal(i) * b.diagonal(i));
    }
    return sum.value();
}

/// sum_ij A_ij B_ij = tr A B; `diagonals` is their diagonal_product. About 4 N^2 operations.
template <std::floating_point T, std::size_t N>
[[nodiscard]] T inner_product(const PackedTriangle<T, N>& a, const PackedTriangle<T, N>& b,
                              T diagonals) {
    CompensatedSum<T> sum;
    for (std::size_t k = 0; k < a.values().size(); ++k) {
        sum.add(a.values()[k] * b.values()[k]);
    }
    return T(2) * sum.value() - diagonals;
}

} // namespace tinymf::observe
