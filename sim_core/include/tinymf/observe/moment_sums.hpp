// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/observe/compensated_sum.hpp"
#include "tinymf/observe/observable.hpp"

namespace tinymf::observe {

/// Averages over neurons, replicas and the samples of a block, by `Moment`. Size 24 scalars; work
/// about 10 operations a neuron and sample.
template <std::floating_point T, std::size_t N>
class MomentSums {
public:
    static constexpr auto moments = static_cast<std::size_t>(Moment::count);

    void begin() { sums_ = {}; }

    /// One state, its outputs phi(x) and slopes phi'(x).
    void take(std::span<const T, N> x, std::span<const T, N> phi, std::span<const T, N> slopes) {
        std::array<T, moments> sum{};
        for (std::size_t i = 0; i < N; ++i) {
            at(sum, Moment::x) += x[i];
            at(sum, Moment::phi) += phi[i];
            at(sum, Moment::x_squared) += x[i] * x[i];
            at(sum, Moment::phi_squared) += phi[i] * phi[i];
            at(sum, Moment::x_phi) += x[i] * phi[i];
            at(sum, Moment::slope) += slopes[i];
        }
        at(sum, Moment::population_x) = at(sum, Moment::x) * at(sum, Moment::x);
        at(sum, Moment::population_phi) = at(sum, Moment::phi) * at(sum, Moment::phi);
        for (std::size_t k = 0; k < moments; ++k) {
            sums_[k].add(sum[k]);
        }
    }

    void finish(std::size_t states) {
        const T terms = static_cast<T>(states) * static_cast<T>(N);
        for (std::size_t k = 0; k < moments; ++k) {
            values_[k] = sums_[k].value() / terms;
        }
    }

    [[nodiscard]] std::span<const T> values() const { return values_; }

    /// Number of the first sum that is NaN or infinite; `moments` when all are finite.
    [[nodiscard]] std::size_t first_non_finite() const {
        std::size_t k = 0;
        while (k < moments && numeric::is_finite(sums_[k].value())) {
            ++k;
        }
        return k;
    }

    void persist(checkpoint::FieldWalk& walk) {
        for (CompensatedSum<T>& sum : sums_) {
            sum.persist(walk);
        }
        walk.over(std::span(values_));
    }

private:
    [[nodiscard]] static T& at(std::array<T, moments>& sum, Moment moment) {
        return sum[static_cast<std::size_t>(moment)];
    }

    std::array<CompensatedSum<T>, moments> sums_{};
    std::array<T, moments> values_{};
};

} // namespace tinymf::observe
