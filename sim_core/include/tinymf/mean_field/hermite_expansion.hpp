// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/first_non_finite.hpp"
#include "tinymf/numeric/magnitude.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// phi(m + sqrt(v) z) in normalised Hermite polynomials of a standard normal z:
///
///     phi = sum_k h_k he_k(z),    E[phi(x) phi(y)] = sum_k h_k(x) h_k(y) rho^k
///
/// for jointly Gaussian x and y of correlation coefficient rho (Mehler). For odd phi and m = 0 only
/// odd k are kept, so `terms` coefficients reach order 2 terms - 1.
/// Size: terms + 1 scalars.
template <std::floating_point T, std::size_t terms>
struct HermiteExpansion {
    std::array<T, terms> coefficients;
    T rest; ///< sqrt(E[phi^2] - sum_k h_k^2): what the left-out terms hold at rho = 1

    [[nodiscard]] bool is_finite() const {
        return numeric::first_non_finite(std::span<const T>(coefficients)) == terms &&
               numeric::is_finite(rest);
    }

    void persist(checkpoint::FieldWalk& walk) {
        walk.over(std::span<T>(coefficients));
        walk.over(rest);
    }
};

/// Which orders an expansion keeps.
enum class Parity : bool { odd, all };

/// The quadrature that makes the expansions: the trapezoid rule in z on [-8.5, 8.5], step 1/10,
/// weights scaled to sum 1, spectrally accurate for analytic phi; for a phi with a kink the same
/// rule in the logarithm of the distance from it, on either side. Size: 171 + 4 terms scalars.
template <std::floating_point T, std::size_t terms>
class HermiteQuadrature {
public:
    static constexpr std::size_t nodes = 171;

    void prepare() {
        T sum = T(0);
        for (std::size_t i = 0; i < nodes; ++i) {
            weights_[i] = numeric::exp(-(node(i) * node(i)) / T(2));
            sum += weights_[i];
        }
        for (T& weight : weights_) {
            weight /= sum;
        }
        for (std::size_t k = 0; k < orders; ++k) {
            const T next = static_cast<T>(k + 1);
            inverse_root_[k] = T(1) / numeric::sqrt(next);
            ratio_[k] = numeric::sqrt(static_cast<T>(k) / next);
        }
    }

    /// Expands phi about N(mean, variance) and returns E[phi^2]. Work: `nodes` values of phi, and
    /// 5 operations for each node and order of he_{k+1} = (z he_k - sqrt(k) he_{k-1})/sqrt(k+1).
    template <class Phi>
    T expand(HermiteExpansion<T, terms>& expansion, Parity parity, T mean, T variance,
             const Phi& phi) const {
        const T deviation = numeric::sqrt(variance);
        expansion.coefficients.fill(T(0));
        T second_moment = T(0);
        for (std::size_t i = 0; i < nodes; ++i) {
            const T value = phi(mean + deviation * node(i));
            const T weighted = weights_[i] * value;
            second_moment += weighted * value;
            add_node(expansion.coefficients, parity, node(i), weighted);
        }
        return close(expansion, second_moment);
    }

    /// Relative error of E[phi^2] about mean 0, or more: the square of that with every other node,
    /// for poles at d deviations leave exp(-2 pi d/step). Of a phi without kink. Work: `nodes`
    /// values of phi.
    template <class Phi>
    [[nodiscard]] T error_of_second_moment(T variance, const Phi& phi) const {
        const T deviation = numeric::sqrt(variance);
        T all = T(0);
        T every_other = T(0);
        for (std::size_t i = 0; i < nodes; ++i) {
            const T value = phi(deviation * node(i));
            const T square = weights_[i] * value * value;
            all += square;
            every_other += i % 2 == 1 ? T(2) * square : T(0);
        }
        const T change = all > T(0) ? (every_other - all) / all : T(0);
        return change * change;
    }

    /// Expands a phi that is a power of |x| at x = 0, of an exponent above 0: error 1e-13
    /// (double), at any mean: where x = 0 has no weight, the kink is none. Work: that of 7 ordinary
    /// expansions at most.
    template <class Phi>
    T expand_at_kink(HermiteExpansion<T, terms>& expansion, Parity parity, T mean, T variance,
                     const Phi& phi) const {
        constexpr T step = sizeof(T) == 4 ? T(0.125F) : T(0.0625F);
        constexpr T digits = sizeof(T) == 4 ? T(18) : T(32);
        constexpr T longest = T(2.875F); // ln of 17.7 deviations: 8.5, and 8.5 beyond zero
        const T deviation = numeric::sqrt(variance);
        const T kink = -mean / deviation;
        constexpr T out_of_sight = sizeof(T) == 4 ? T(5) : T(8.5F);
        if (numeric::abs(kink) > out_of_sight) {
            return expand(expansion, parity, mean, variance, phi);
        }
        expansion.coefficients.fill(T(0));
        T second_moment = T(0);
        for (T u = longest; u > -digits; u -= step) {
            const T distance = numeric::exp(u);
            for (const T side : {T(-1), T(1)}) {
                const T z = kink + side * distance;
                const T value = phi(deviation * side * distance);
                const T weight =
                    inverse_root_two_pi * step * distance * numeric::exp(-(z * z) / T(2));
                second_moment += weight * value * value;
                add_node(expansion.coefficients, parity, z, weight * value);
            }
        }
        return close(expansion, second_moment);
    }

private:
    static constexpr std::size_t orders = 2 * terms;
    static constexpr T inverse_root_two_pi = T(0x1.9884533d43651p-2);

    /// What the coefficients leave of the second moment.
    static T close(HermiteExpansion<T, terms>& expansion, T second_moment) {
        T held = T(0);
        for (const T h : expansion.coefficients) {
            held += h * h;
        }
        const T rest = second_moment - held;
        expansion.rest = rest > T(0) ? numeric::sqrt(rest) : T(0);
        return second_moment;
    }

    [[nodiscard]] static constexpr T node(std::size_t i) {
        return (static_cast<T>(i) - T(85)) / T(10);
    }

    void add_node(std::array<T, terms>& coefficients, Parity parity, T z, T weighted) const {
        const std::size_t stride = parity == Parity::odd ? 2 : 1;
        T before = T(0);
        T polynomial = T(1);
        for (std::size_t k = 0; k < stride * terms; ++k) {
            if (k % stride == stride - 1) {
                coefficients[k / stride] += weighted * polynomial;
            }
            const T next = z * polynomial * inverse_root_[k] - ratio_[k] * before;
            before = polynomial;
            polynomial = next;
        }
    }

    std::array<T, nodes> weights_;
    std::array<T, orders> inverse_root_; ///< 1/sqrt(k+1)
    std::array<T, orders> ratio_;        ///< sqrt(k/(k+1))
};

/// E[phi(x) phi(y)] at correlation coefficient rho. The left-out orders enter with their weight at
/// rho = 1 and the power of the first of them, which is exact at rho = 1 and an upper bound in
/// between. Work: 3 `terms` operations.
template <std::floating_point T, std::size_t terms>
[[nodiscard]] T product_average(const HermiteExpansion<T, terms>& x,
                                const HermiteExpansion<T, terms>& y, Parity parity, T rho) {
    const T ratio = parity == Parity::odd ? rho * rho : rho;
    T power = parity == Parity::odd ? rho : T(1);
    T sum = T(0);
    for (std::size_t k = 0; k < terms; ++k) {
        sum += x.coefficients[k] * y.coefficients[k] * power;
        power *= ratio;
    }
    return sum + x.rest * y.rest * power;
}

} // namespace tinymf::mean_field
