// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/numeric/first_non_finite.hpp"
#include "tinymf/observe/observable.hpp"
#include "tinymf/observe/packed_triangle.hpp"

namespace tinymf::observe {

/// Covariance matrix of N signals over a block, for each replica, and what the participation ratio
/// is made of.
///
/// With windows of w > 1 samples it is the covariance of window means times the window's length:
/// the zero-frequency covariance, for windows much longer than the correlation time.
/// Size: (N(N+1)/2 + 2 N) replicas + 8 scalars. Work per sample and replica: N(N+1)/2
/// multiplications and additions, once a window.
template <std::floating_point T, std::size_t N, std::size_t replicas>
class CovarianceSums {
public:
    static constexpr auto statistics = static_cast<std::size_t>(CovarianceStatistic::count);

    void begin() {
        for (Replica& replica : replicas_) {
            replica.covariance.clear();
            replica.mean.fill(T(0));
            replica.window.fill(T(0));
        }
    }

    /// Sample number `k` of the block.
    void take(std::size_t replica, std::uint32_t k, std::uint32_t window,
              std::span<const T, N> signals) {
        Replica& r = replicas_[replica];
        if (window == 1) {
            add(r, signals);
            return;
        }
        for (std::size_t i = 0; i < N; ++i) {
            r.window[i] += signals[i];
        }
        if ((k + 1) % window == 0) {
            for (T& value : r.window) {
                value /= static_cast<T>(window);
            }
            add(r, r.window);
            r.window.fill(T(0));
        }
    }

    /// From the sums of `vectors` vectors to covariances, multiplied by `scale`. Means of exactly
    /// zero are known by symmetry when not `centered`: the estimates are then unbiased for any
    /// correlation in time, otherwise up to 1/(independent samples). The spread is found where it
    /// is wanted.
    void finish(std::uint32_t vectors, bool centered, T scale, std::size_t active_replicas,
                bool spread_wanted) {
        const auto count = static_cast<T>(vectors);
        for (std::size_t r = 0; r < active_replicas; ++r) {
            auto& [covariance, mean, window] = replicas_[r];
            for (T& value : mean) {
                value = centered ? value / count : T(0);
            }
            covariance.center(count, mean);
            const T factor = centered ? scale * (count / (count - T(1))) : scale;
            for (T& value : covariance.values()) {
                value *= factor;
            }
        }
        if (spread_wanted) {
            summarise(active_replicas);
        }
    }

    [[nodiscard]] std::span<const T> spread() const { return spread_; }
    [[nodiscard]] std::span<const T> covariance(std::size_t replica) const {
        return replicas_[replica].covariance.values();
    }

    static constexpr std::size_t entries = PackedTriangle<T, N>::entries;

    /// Number of the first entry whose sum, or that of the window so far, is NaN or infinite;
    /// `entries` when all are finite.
    ///
    /// |v_i v_j| is at most the larger of v_i^2 and v_j^2, before and after rounding, so a sum of
    /// these products is below D_i + D_j times (1 + ulp)^(2 n), D the sums of squares. For up to
    /// 2^20 terms that is 1.14 (D_i + D_j): as long as no D exceeds a quarter of the largest
    /// number, no other entry can be infinite, and N of N(N+1)/2 are looked at.
    [[nodiscard]] std::size_t first_non_finite(std::size_t replica) const {
        const Replica& r = replicas_[replica];
        bool all_small = true;
        for (std::size_t i = 0; i < N; ++i) {
            if (!numeric::is_finite(r.window[i])) {
                return PackedTriangle<T, N>::place_of_diagonal(i);
            }
            all_small =
                all_small && r.covariance.diagonal(i) <= std::numeric_limits<T>::max() / T(4);
        }
        return all_small ? entries : numeric::first_non_finite(r.covariance.values());
    }

    void persist(checkpoint::FieldWalk& walk, std::size_t active_replicas) {
        for (std::size_t r = 0; r < active_replicas; ++r) {
            walk.over(replicas_[r].covariance.values());
            walk.over(std::span(replicas_[r].mean));
            walk.over(std::span(replicas_[r].window));
        }
        walk.over(std::span(spread_));
    }

private:
    struct Replica {
        PackedTriangle<T, N> covariance;
        std::array<T, N> mean;
        std::array<T, N> window;
    };

    static void add(Replica& r, std::span<const T, N> signals) {
        r.covariance.add_outer(signals);
        for (std::size_t i = 0; i < N; ++i) {
            r.mean[i] += signals[i];
        }
    }

    void summarise(std::size_t active_replicas) {
        using enum CovarianceStatistic;
        spread_.fill(T(0));
        const auto& a = replicas_.front().covariance;
        at(trace_a) = a.trace();
        at(diagonal_a) = diagonal_product(a, a);
        at(square_a) = inner_product(a, a, at(diagonal_a));
        if (active_replicas > 1) {
            const auto& b = replicas_.back().covariance;
            at(trace_b) = b.trace();
            at(diagonal_b) = diagonal_product(b, b);
            at(square_b) = inner_product(b, b, at(diagonal_b));
            at(diagonal_ab) = diagonal_product(a, b);
            at(square_ab) = inner_product(a, b, at(diagonal_ab));
        }
    }

    [[nodiscard]] T& at(CovarianceStatistic statistic) {
        return spread_[static_cast<std::size_t>(statistic)];
    }

    std::array<Replica, replicas> replicas_;
    std::array<T, statistics> spread_{};
};

} // namespace tinymf::observe
