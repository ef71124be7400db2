// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>

#include "tinymf/mean_field/bivariate_average.hpp"
#include "tinymf/numeric/arc_cosine.hpp"
#include "tinymf/numeric/erf.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/root_of_product.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// Averages of the rectifier max(x, 0) over Gaussian variables, of any mean.
///
/// Error beyond that of the arguments: `error` relative to the average itself; with a mean and a
/// negative correlation relative to the root of both second moments. At a mean of h < 0 deviations
/// the densities make an error of h count |h| times.
template <std::floating_point T>
struct ReluAverage {
    /// See above.
    static constexpr T error = sizeof(T) == 4 ? T(1e-6F) : T(1e-12);

    /// E[phi'(x)] = P(x > 0).
    [[nodiscard]] static constexpr T slope(const Gaussian<T>& x) { return moments(x).slope; }

    /// E[phi(x)].
    [[nodiscard]] static constexpr T mean(const Gaussian<T>& x) { return moments(x).mean; }

    /// E[phi(x) phi(y)]. Without means the arc-cosine kernel (Cho & Saul 2009). With means by
    /// Price's theorem: the second derivative in the covariance c is the density of (x, y) at the
    /// origin, so that, with rho = c/sqrt(ab),
    ///
    ///     E = E[phi(x)] E[phi(y)] + c P(x>0) P(y>0) + sqrt(ab)/(2 pi) excess.
    ///
    /// Work with means: 12 exponentials a panel of `excess`, 4 panels to 20 (double) or 9 (float).
    [[nodiscard]] static constexpr T product(const Gaussian<T>& x, const Gaussian<T>& y,
                                             T covariance) {
        const T root = numeric::root_of_product(x.variance, y.variance);
        const T rho = correlation_coefficient(covariance, x.variance, y.variance);
        const bool centred = !(x.mean < T(0) || x.mean > T(0) || y.mean < T(0) || y.mean > T(0));
        if (centred) {
            const T cosine = numeric::sqrt((T(1) - rho) * (T(1) + rho));
            return root * detail::inverse_pi<T> / T(2) * (cosine + numeric::acos(-rho) * rho);
        }
        const Moments of_x = moments(x);
        const Moments of_y = moments(y);
        T product = of_x.mean * of_y.mean;
        if (root > T(0)) {
            const T h = x.mean / numeric::sqrt(x.variance);
            const T k = y.mean / numeric::sqrt(y.variance);
            product += rho * root * of_x.slope * of_y.slope +
                       root * detail::inverse_pi<T> / T(2) *
                           (rho < T(0) ? excess(h, -k, -rho) : excess(h, k, rho));
        }
        return product;
    }

private:
    struct Moments {
        T mean;  ///< E[phi]
        T slope; ///< E[phi']
    };

    [[nodiscard]] static constexpr Moments moments(const Gaussian<T>& x) {
        if (!(x.variance > T(0))) {
            return x.mean > T(0) ? Moments{x.mean, T(1)} : Moments{T(0), T(0)};
        }
        const T deviation = numeric::sqrt(x.variance);
        const T h = x.mean / deviation;
        const T density = detail::inverse_root_two_pi<T> * numeric::exp(-(h * h) / T(2));
        if (h < tail) {
            const Moments shares = in_the_tail(-h);
            return {deviation * density * shares.mean, density * shares.slope};
        }
        const T above = detail::normal_probability(h);
        return {x.mean * above + deviation * density, above};
    }

    /// From here on down h P + density cancels.
    static constexpr T tail = sizeof(T) == 4 ? T(-1.5F) : T(-3);

    /// E[phi] and E[phi'] of a variable of mean -a and variance 1, over its density at 0, by the
    /// continued fraction of Mills' ratio M = 1/(a + 1/(a + 2/(a + ...))); 1 - a M without
    /// cancellation.
    [[nodiscard]] static constexpr Moments in_the_tail(T a) {
        constexpr int last = 40; // error 3e-8 for a = 1.5, 4e-16 for a = 3
        T second = a;
        for (int j = last; j > 1; --j) {
            second = a + static_cast<T>(j) / second;
        }
        const T first = a + T(1) / second;
        return {T(1) / (first * second), T(1) / first};
    }

    /// Of exp(-digits), which no longer counts.
    static constexpr T digits = sizeof(T) == 4 ? T(18) : T(37);
    /// Beyond so many deviations the density at the origin is zero.
    static constexpr T farthest = sizeof(T) == 4 ? T(15) : T(40);

    /// Where excess is integrated from and to.
    struct Range {
        T low;
        T high;
    };

    /// int_0^rho (rho - s) exp(-(h^2 - 2 h k s + k^2)/(2 (1 - s^2))) / sqrt(1 - s^2) ds, the means
    /// h and k in deviations, rho >= 0. With e = tan((pi/2 - asin s)/2), in which s = (1 - e^2)/
    /// (1 + e^2), it is smooth but for the layer e = |h - k| on which the exponential is cut off,
    ///
    ///     int 2 ((1 + rho) e^2 - (1 - rho))/(1 + e^2)^2
    ///         exp(-(h^2 + k^2)/4 - ((h + k)^2 e^2 + (h - k)^2/e^2)/8) de,
    ///
    /// and panels of equal ratio resolve that. (Our own arrangement.)
    [[nodiscard]] static constexpr T excess(T h, T k, T rho) {
        if (numeric::abs(h) > farthest || numeric::abs(k) > farthest) {
            return T(0);
        }
        const Range range = range_of_excess(h, k, rho);
        if (!(range.low < range.high)) {
            return T(0);
        }
        constexpr T longest = sizeof(T) == 4 ? T(1) : T(0.7);
        constexpr int fewest = sizeof(T) == 4 ? 3 : 4;
        const T length = numeric::log(range.high / range.low);
        const int panels = fewest + static_cast<int>(length / longest);
        const T ratio = numeric::exp(length / static_cast<T>(panels));
        T sum = T(0);
        T bottom = range.low;
        for (int i = 0; i < panels; ++i) {
            const T top = bottom * ratio;
            sum += panel_of_excess(h, k, rho, bottom, top);
            bottom = top;
        }
        return sum;
    }

    /// Where the exponent is within `digits` of its least value.
    [[nodiscard]] static constexpr Range range_of_excess(T h, T k, T rho) {
        // What lies below is as its cube to the whole.
        constexpr T least = sizeof(T) == 4 ? T(0x1p-8F) : T(0x1p-18);
        const T gap = numeric::abs(h - k);
        const T sum = numeric::abs(h + k);
        const T end = (T(1) - rho) / (T(1) + rho); // e^2 at s = rho
        const T best = end * sum >= gap ? end : sum > gap ? gap / sum : T(1);
        const T level = T(8) * digits + (best > T(0) ? sum * sum * best + gap * gap / best : T(0));
        // sum^2 e^2 + gap^2/e^2 = level at e = gap/reach and e = reach/sum.
        const T square = (level - T(2) * sum * gap) * (level + T(2) * sum * gap);
        const T reach =
            numeric::sqrt((level + numeric::sqrt(square > T(0) ? square : T(0))) / T(2));
        const T first = numeric::sqrt(end) > gap / reach ? numeric::sqrt(end) : gap / reach;
        return {first > least ? first : least, reach < sum ? reach / sum : T(1)};
    }

    [[nodiscard]] static constexpr T panel_of_excess(T h, T k, T rho, T bottom, T top) {
        const T centre = (bottom + top) / T(2);
        const T half = (top - bottom) / T(2);
        T sum = T(0);
        for (std::size_t i = 0; i < detail::GaussLegendre<T>::nodes.size(); ++i) {
            const T offset = half * detail::GaussLegendre<T>::nodes[i];
            sum += detail::GaussLegendre<T>::weights[i] *
                   (integrand(h, k, rho, centre - offset) + integrand(h, k, rho, centre + offset));
        }
        return sum * half;
    }

    [[nodiscard]] static constexpr T integrand(T h, T k, T rho, T e) {
        const T square = e * e;
        const T exponent = (h * h + k * k) / T(4) +
                           ((h + k) * (h + k) * square + (h - k) * (h - k) / square) / T(8);
        const T weight =
            ((T(1) + rho) * square - (T(1) - rho)) / ((T(1) + square) * (T(1) + square));
        return T(2) * weight * numeric::exp(-exponent);
    }
};

} // namespace tinymf::mean_field
