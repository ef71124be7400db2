// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "tinymf/numeric/arc_cosine.hpp"
#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/root_of_product.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// A Gaussian variable.
template <std::floating_point T>
struct Gaussian {
    T mean = T(0);
    T variance = T(0);
};

namespace detail {

template <std::floating_point T>
inline constexpr T inverse_pi = T(0x1.45f306dc9c883p-2);
template <std::floating_point T>
inline constexpr T root_half = T(0x1.6a09e667f3bcdp-1);
template <std::floating_point T>
inline constexpr T inverse_root_two_pi = T(0x1.9884533d43651p-2);

/// P(z < h) of a standard normal z.
template <std::floating_point T>
[[nodiscard]] constexpr T normal_probability(T h) {
    return (T(1) + numeric::erf(h * root_half<T>)) / T(2);
}

/// One half of the symmetric 12-point Gauss-Legendre rule on [-1, 1].
template <std::floating_point T>
struct GaussLegendre {
    static constexpr std::array<T, 6> nodes{
        T(0.1252334085114689154724L), T(0.3678314989981801937527L), T(0.5873179542866174472967L),
        T(0.7699026741943046870369L), T(0.9041172563704748566785L), T(0.9815606342467192506906L)};
    static constexpr std::array<T, 6> weights{
        T(0.2491470458134027850006L), T(0.2334925365383548087608L), T(0.2031674267230659217491L),
        T(0.1600783285433462263347L), T(0.1069393259953184309603L), T(0.0471753363865118271946L)};
};

} // namespace detail

/// c/sqrt(ab), held to [-1, 1]; zero where a variable does not vary.
template <std::floating_point T>
[[nodiscard]] constexpr T correlation_coefficient(T covariance, T variance_x, T variance_y) {
    const T scale = numeric::root_of_product(variance_x, variance_y);
    if (!(scale > T(0))) {
        return T(0);
    }
    const T rho = covariance / scale;
    return rho > T(1) ? T(1) : rho < T(-1) ? T(-1) : rho;
}

/// Averages of erf over Gaussian variables of mean 0 (slopes also with a mean).
template <std::floating_point T>
struct ErfAverage {
    /// E[phi'(x)] = 2/sqrt(pi (1 + 2a)) e^{-m^2/(1 + 2a)}.
    [[nodiscard]] static constexpr T slope(const Gaussian<T>& x) {
        const T spread = T(1) + T(2) * x.variance;
        return T(2) * numeric::sqrt(detail::inverse_pi<T> / spread) *
               numeric::exp(-(x.mean * x.mean) / spread);
    }

    /// E[phi(x) phi(y)] by the arcsine law (Williams 1998).
    [[nodiscard]] static constexpr T product(T variance_x, T variance_y, T covariance) {
        const T spread = (T(1) + T(2) * variance_x) * (T(1) + T(2) * variance_y);
        return T(2) * detail::inverse_pi<T> *
               numeric::asin(T(2) * covariance / numeric::sqrt(spread));
    }
};

} // namespace tinymf::mean_field
