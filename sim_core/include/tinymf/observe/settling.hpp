// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/observe/observable.hpp"

namespace tinymf::observe {

/// How far from a fixed point the samples of a block were: max_i |x_i[t] - x_i[t-1]|/beta, which
/// for a one-stage scheme is |dx_i/dt|. Size: (replicas N + 2) scalars.
template <std::floating_point T, std::size_t N, std::size_t replicas>
class Settling {
public:
    void begin() { values_.fill(T(0)); }

    /// The state one step before a sample.
    void remember(std::size_t replica, std::span<const T, N> x) {
        std::copy(x.begin(), x.end(), before_[replica].begin());
    }

    void take(std::size_t replica, std::span<const T, N> x, T beta) {
        T largest = T(0);
        for (std::size_t i = 0; i < N; ++i) {
            largest = std::max(largest, numeric::abs(x[i] - before_[replica][i]));
        }
        const T residual = largest / beta;
        T& worst = at(SettlingStatistic::worst_residual);
        worst = std::max(worst, residual);
        at(SettlingStatistic::unsettled) += residual > T(settled_below) ? T(1) : T(0);
    }

    [[nodiscard]] std::span<const T> values() const { return values_; }

    /// The state before a sample is not kept from one step to the next. `states`: how many the
    /// block has seen so far.
    void persist(checkpoint::FieldWalk& walk, std::uint32_t states) {
        walk.over(at(SettlingStatistic::worst_residual),
                  [](T value) { return numeric::is_finite(value) && value >= T(0); });
        walk.over(at(SettlingStatistic::unsettled), [states](T value) {
            return value >= T(0) && value <= static_cast<T>(states) && is_whole(value);
        });
    }

private:
    static_assert(static_cast<std::size_t>(SettlingStatistic::count) == 2, "persist names each");

    /// Of a number in [0, 2^32).
    [[nodiscard]] static bool is_whole(T value) {
        return !(static_cast<T>(static_cast<std::uint32_t>(value)) < value);
    }

    [[nodiscard]] T& at(SettlingStatistic statistic) {
        return values_[static_cast<std::size_t>(statistic)];
    }

    std::array<std::array<T, N>, replicas> before_;
    std::array<T, static_cast<std::size_t>(SettlingStatistic::count)> values_{};
};

} // namespace tinymf::observe
