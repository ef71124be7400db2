// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "tinymf/numeric/arc_cosine.hpp"
#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/sine.hpp"
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
    const T scale = variance_x * variance_y;
    if (!(scale > T(0))) {
        return T(0);
    }
    const T rho = covariance / numeric::sqrt(scale);
    return rho > T(1) ? T(1) : rho < T(-1) ? T(-1) : rho;
}

/// Averages of the rectifier max(x, 0) over Gaussian variables.
template <std::floating_point T>
struct ReluAverage {
    /// E[phi'(x)] = P(x > 0).
    [[nodiscard]] static constexpr T slope(const Gaussian<T>& x) {
        if (!(x.variance > T(0))) {
            return x.mean > T(0) ? T(1) : T(0);
        }
        return detail::normal_probability(x.mean / numeric::sqrt(x.variance));
    }

    /// E[phi(x)].
    [[nodiscard]] static constexpr T mean(const Gaussian<T>& x) {
        if (!(x.variance > T(0))) {
            return x.mean > T(0) ? x.mean : T(0);
        }
        const T deviation = numeric::sqrt(x.variance);
        const T h = x.mean / deviation;
        return x.mean * detail::normal_probability(h) +
               deviation * detail::inverse_root_two_pi<T> * numeric::exp(-(h * h) / T(2));
    }

    /// E[phi(x) phi(y)]. Without means the arc-cosine kernel (Cho & Saul 2009). With means by
    /// Price's theorem: the second derivative in the covariance c is the density of (x, y) at the
    /// origin, so that, with c = sqrt(ab) sin(theta),
    ///
    ///     E = E[phi(x)] E[phi(y)] + c P(x>0) P(y>0)
    ///         + sqrt(ab)/(2 pi) int_0^theta (sin theta - sin u) e^{-q(u)/2} du.
    ///
    /// Twelve nodes; the tests bound the error by 1e-9 sqrt(ab) for means up to 2 deviations.
    [[nodiscard]] static constexpr T product(const Gaussian<T>& x, const Gaussian<T>& y,
                                             T covariance) {
        const T root = numeric::sqrt(x.variance * y.variance);
        const T rho = correlation_coefficient(covariance, x.variance, y.variance);
        const T theta = numeric::asin(rho);
        const bool centred = !(x.mean < T(0) || x.mean > T(0) || y.mean < T(0) || y.mean > T(0));
        if (centred) {
            const T cosine = numeric::sqrt((T(1) - rho) * (T(1) + rho));
            return root * detail::inverse_pi<T> / T(2) * (cosine + numeric::acos(-rho) * rho);
        }
        T product = mean(x) * mean(y);
        if (root > T(0)) {
            product += rho * root * slope(x) * slope(y) +
                       root * detail::inverse_pi<T> / T(2) *
                           excess(x.mean / numeric::sqrt(x.variance),
                                  y.mean / numeric::sqrt(y.variance), theta, rho);
        }
        return product;
    }

private:
    /// int_0^theta (sin theta - sin u) exp(-(h^2 - 2 h k sin u + k^2)/(2 cos^2 u)) du, in the
    /// variable s = sin u near s = 0 ... theta by nodes in u.
    [[nodiscard]] static constexpr T excess(T h, T k, T theta, T rho) {
        T sum = T(0);
        for (std::size_t i = 0; i < detail::GaussLegendre<T>::nodes.size(); ++i) {
            const T offset = detail::GaussLegendre<T>::nodes[i];
            const T weight = detail::GaussLegendre<T>::weights[i];
            sum += weight * (integrand(h, k, theta / T(2) * (T(1) - offset), rho) +
                             integrand(h, k, theta / T(2) * (T(1) + offset), rho));
        }
        return sum * theta / T(2);
    }

    [[nodiscard]] static constexpr T integrand(T h, T k, T u, T rho) {
        const T s = numeric::sine_of_quarter(u);
        const T form = (h - k) * (h - k) + T(2) * h * k * (T(1) - s);
        return (rho - s) * numeric::exp(-form / (T(2) * (T(1) - s) * (T(1) + s)));
    }
};

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
