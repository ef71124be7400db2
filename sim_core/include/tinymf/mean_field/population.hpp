// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/eigen.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// One number for each path of a population of effective neurons. Size: paths scalars.
template <std::floating_point T, std::size_t paths>
using Population = Eigen::Array<T, static_cast<int>(paths), 1>;

/// Sums over a population run in this many lanes, the same on every target: lane l takes the paths
/// l, l + 16, ... in order, and the lanes are folded in halves at the end. Wide enough for the
/// vector units of a host.
inline constexpr std::size_t population_lanes = 16;

/// The partial sums of one sum over a population.
template <std::floating_point T>
class LaneSums {
public:
    static constexpr int lanes = static_cast<int>(population_lanes);
    using Lanes = Eigen::Array<T, lanes, 1>;

    void add(const Lanes& terms) { sums_ += terms; }

    [[nodiscard]] T total() const {
        Lanes sums = sums_;
        for (int half = lanes / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; ++lane) {
                sums[lane] += sums[lane + half];
            }
        }
        return sums[0];
    }

private:
    Lanes sums_ = Lanes::Zero();
};

namespace detail {

template <std::floating_point T>
[[nodiscard]] auto lanes_at(const T* first) {
    return Eigen::Map<const typename LaneSums<T>::Lanes>(first);
}

} // namespace detail

/// (1/paths) sum_p a_p. Work: paths additions.
template <std::floating_point T, std::size_t paths>
[[nodiscard]] T mean(const Population<T, paths>& a) {
    static_assert(paths % population_lanes == 0);
    LaneSums<T> sums;
    for (std::size_t p = 0; p < paths; p += population_lanes) {
        sums.add(detail::lanes_at(a.data() + p));
    }
    return sums.total() / static_cast<T>(paths);
}

/// (1/paths) sum_p a_p b_p. Work: paths multiplications and additions.
template <std::floating_point T, std::size_t paths>
[[nodiscard]] T mean_product(const Population<T, paths>& a, const Population<T, paths>& b) {
    static_assert(paths % population_lanes == 0);
    LaneSums<T> sums;
    for (std::size_t p = 0; p < paths; p += population_lanes) {
        sums.add(detail::lanes_at(a.data() + p) * detail::lanes_at(b.data() + p));
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
