// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "tinymf/eigen.hpp"
#include "tinymf/network/panel_matrix.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// One number for each path of a population of effective neurons. Size: paths scalars.
template <std::floating_point T, std::size_t paths>
using Population = Eigen::Array<T, static_cast<int>(paths), 1>;

/// Sums over a population run in this many lanes, the same on every target: lane l takes the paths
/// l, l + 16, ... in order, and the lanes are folded in halves at the end. Wide enough for the
/// vector units of a host.
inline constexpr std::size_t population_lanes = 16;

/// The partial sums of one sum over a population. On hosts the lanes are vectors; elsewhere each is
/// a register of its own, spelled out by folds, because at -Os a loop over them would keep the sums
/// in memory.
template <std::floating_point T>
class LaneSums {
public:
    static constexpr int lanes = static_cast<int>(population_lanes);
    using Lanes = Eigen::Array<T, lanes, 1>;
    using Sequence = std::make_index_sequence<population_lanes>;
    static constexpr bool in_vectors = network::vector_bytes != 0;

    /// Adds the products of 16 factors and 16 numbers of any arithmetic type.
    template <class Stored>
    void add_products(const T* factors, const Stored* numbers) {
        if constexpr (in_vectors) {
            sums_ += Eigen::Map<const Lanes>(factors) * load(numbers);
        } else {
            add_each(factors, numbers, Sequence{});
        }
    }

    [[nodiscard]] T total() const {
        if constexpr (in_vectors) {
            const Eigen::Array<T, 8, 1> eight = sums_.template head<8>() + sums_.template tail<8>();
            const Eigen::Array<T, 4, 1> four = eight.template head<4>() + eight.template tail<4>();
            return (four[0] + four[2]) + (four[1] + four[3]);
        } else {
            std::array<T, population_lanes> sums = sums_;
            fold_half(sums, std::make_index_sequence<8>{});
            fold_half(sums, std::make_index_sequence<4>{});
            fold_half(sums, std::make_index_sequence<2>{});
            return sums[0] + sums[1];
        }
    }

private:
    template <class Stored>
    [[nodiscard]] static Lanes load(const Stored* numbers) {
        return Eigen::Map<const Eigen::Array<Stored, lanes, 1>>(numbers).template cast<T>();
    }

    template <class Stored, std::size_t... lane>
    void add_each(const T* factors, const Stored* numbers, std::index_sequence<lane...> /*lanes*/) {
        ((sums_[lane] += factors[lane] * static_cast<T>(numbers[lane])), ...);
    }

    template <std::size_t... lane>
    static void fold_half(std::array<T, population_lanes>& sums,
                          std::index_sequence<lane...> kept) {
        ((sums[lane] += sums[lane + kept.size()]), ...);
    }

    using Sums = std::conditional_t<in_vectors, Lanes, std::array<T, population_lanes>>;

    [[nodiscard]] static Sums zero() {
        if constexpr (in_vectors) {
            return Lanes::Zero();
        } else {
            return {};
        }
    }

    Sums sums_ = zero();
};

/// (1/paths) sum_p a_p. Work: paths additions.
template <std::floating_point T, std::size_t paths>
[[nodiscard, gnu::flatten]] T mean(const Population<T, paths>& a) {
    static_assert(paths % population_lanes == 0);
    constexpr std::array<T, population_lanes> ones = [] {
        std::array<T, population_lanes> all{};
        all.fill(T(1));
        return all;
    }();
    LaneSums<T> sums;
    for (std::size_t p = 0; p < paths; p += population_lanes) {
        sums.add_products(a.data() + p, ones.data());
    }
    return sums.total() / static_cast<T>(paths);
}

/// (1/paths) sum_p a_p b_p. Work: paths multiplications and additions.
template <std::floating_point T, std::size_t paths>
[[nodiscard, gnu::flatten]] T mean_product(const Population<T, paths>& a,
                                           const Population<T, paths>& b) {
    static_assert(paths % population_lanes == 0);
    LaneSums<T> sums;
    for (std::size_t p = 0; p < paths; p += population_lanes) {
        sums.add_products(a.data() + p, b.data() + p);
    }
    return sums.total() / static_cast<T>(paths);
}

/// Shifts and scales a population to mean 0 and variance 1; one without variance becomes zero.
template <std::floating_point T, std::size_t paths>
void standardise(Population<T, paths>& a) {
    a -= mean<T, paths>(a);
    const T variance = mean_product<T, paths>(a, a);
    if (variance > T(0)) {
        a *= T(1) / numeric::sqrt(variance);
    }
}

} // namespace tinymf::mean_field
