// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include "tinymf/mean_field/angular_table.hpp"
#include "tinymf/numeric/arc_cosine.hpp"
#include "tinymf/numeric/exp.hpp"
#include "tinymf/numeric/power.hpp"
#include "tinymf/numeric/sine.hpp"

namespace tinymf::mean_field {

/// E|z|^order of a standard normal z, order > 0: the trapezoid rule in ln z, whose error falls as
/// exp(-pi^2/(2 step)). Work: some hundred exponentials.
template <std::floating_point T>
[[nodiscard]] T absolute_normal_moment(T order) {
    constexpr T step = sizeof(T) == 4 ? T(0.125F) : T(0.0625F);
    constexpr T digits = sizeof(T) == 4 ? T(20) : T(42);
    constexpr T root_two_over_pi = T(0x1.9884533d43651p-1);
    T sum = T(0);
    for (T u = T(3); u * (order + T(1)) > -digits; u -= step) {
        sum += numeric::exp((order + T(1)) * u - numeric::exp(T(2) * u) / T(2));
    }
    return root_two_over_pi * step * sum;
}

/// F(rho) = E[phi(x) phi(y)] for phi(x) = sgn(x)|x|^p and x, y ~ N(0, 1) of correlation rho; that
/// of other variances is (variance_x variance_y)^(p/2) F. In polar coordinates, with
/// rho = cos(theta),
///
///     F = m_2p [J(pi - theta) - J(theta)] / J(pi),   J(a) = int_0^a (sin u sin(a - u))^p du,
///
/// a multiple of rho 2F1((1-p)/2, (1-p)/2; 3/2; rho^2), tabulated in theta; near 0 it goes as
/// theta^2 and theta^(2p+1). It obeys (1 - rho^2) F'' + (2p - 1) rho F' - p^2 F = 0, hence
/// (p + 1)^2 int_0^rho F = (1 - rho^2) F' - F'(0) + (2p + 1) rho F. (Our own arrangement.)
///
/// Error of F: `error`, for all p in [1/16, 4]. Size: `panels` order scalars of the table it is
/// given. Work of `prepare`: `panels` order averages of 160 powers each; of `product` that of a
/// look-up.
template <std::floating_point T>
class PowerAverage {
public:
    /// The last panel may hold theta^(9/8): to 1e-13, or 1e-6.
    static constexpr std::size_t panels = sizeof(T) == 4 ? 16 : 34;
    using Table = AngularTable<T, panels>;
    static constexpr T error = sizeof(T) == 4 ? T(2e-6F) : T(2e-13);

    template <std::size_t rows>
    void prepare(T exponent, AngularTable<T, rows>& table) {
        exponent_ = exponent;
        second_moment_ = absolute_normal_moment(T(2) * exponent);
        slope_ = absolute_normal_moment(exponent + T(1));
        const T whole = angular_integral(T(0), true);
        table.template fill<1>(0, panels, [&](T theta) -> std::array<T, 1> {
            return {second_moment_ / whole *
                    (angular_integral(theta, true) - angular_integral(theta, false))};
        });
    }

    /// F, F' and int_0 F at unit variances.
    struct Product {
        T value;
        T derivative;
        T integral;
    };

    [[nodiscard]] T second_moment() const { return second_moment_; } ///< E[phi^2]
    [[nodiscard]] T slope() const { return slope_; }                 ///< E[phi'] = E[z phi]
    /// int_0^1 F.
    [[nodiscard]] T whole_integral() const {
        const T next = exponent_ + T(1);
        return ((T(2) * exponent_ + T(1)) * second_moment_ - slope_ * slope_) / (next * next);
    }

    template <std::size_t rows>
    [[nodiscard]] T value(const AngularTable<T, rows>& table, T rho) const {
        const bool negative = rho < T(0);
        const T value = table.value(0, panels, numeric::acos(negative ? -rho : rho));
        return negative ? -value : value;
    }

    template <std::size_t rows>
    [[nodiscard]] Product product(const AngularTable<T, rows>& table, T rho) const {
        const bool negative = rho < T(0);
        const T magnitude = negative ? -rho : rho;
        const T theta = numeric::acos(magnitude);
        const T sine = numeric::sqrt((T(1) - magnitude) * (T(1) + magnitude));
        const T value = table.value(0, panels, theta);
        const T descent = -table.derivative(0, panels, theta);
        const T next = exponent_ + T(1);
        const T integral =
            (sine * descent - slope_ * slope_ + (T(2) * exponent_ + T(1)) * magnitude * value) /
            (next * next);
        return {negative ? -value : value, sine > smallest_sine ? descent / sine : top_slope(),
                integral};
    }

private:
    static constexpr T smallest_sine = sizeof(T) == 4 ? T(1e-2F) : T(1e-5F);

    /// F'(1) = p^2 E|z|^(2p-2), which diverges for p <= 1/2; then the value at a small angle.
    [[nodiscard]] T top_slope() const {
        const T twice = T(2) * exponent_;
        return twice > T(1) ? exponent_ * exponent_ * second_moment_ / (twice - T(1)) : T(0);
    }

    /// Twice the integral of (sin u sin(a - u))^p over 0 < u < a/2 by the tanh-sinh rule, which
    /// bears the singular end at 0; a = pi - theta (`outer`) or theta.
    [[nodiscard]] T angular_integral(T theta, bool outer) const {
        constexpr T pi = T(2) * AngularTable<T, panels>::quarter_turn;
        constexpr T step = sizeof(T) == 4 ? T(0.125F) : T(0.0625F);
        constexpr int last = sizeof(T) == 4 ? 24 : 54;
        const T half = (outer ? pi - theta : theta) / T(2);
        T sum = T(0);
        for (int i = -last; i <= last; ++i) {
            const T t = step * static_cast<T>(i);
            const T grown = numeric::exp(t);
            const T shrunk = numeric::exp(-t);
            const T stretched = pi / T(2) * (grown - shrunk); // pi sinh t
            const T weight = pi / T(2) * (grown + shrunk);
            const T folded = numeric::exp(stretched < T(0) ? stretched : -stretched);
            // u/half = 1/(1 + exp(-stretched)), without cancellation at either end
            const T share = (stretched < T(0) ? folded : T(1)) / (T(1) + folded);
            const T density = weight * folded / ((T(1) + folded) * (T(1) + folded));
            const T u = half * share;
            const T other = outer ? theta + u : theta - u;
            const T sine = numeric::sine_of_quarter(
                other > AngularTable<T, panels>::quarter_turn ? pi - other : other);
            sum += density * numeric::power(numeric::sine_of_quarter(u) * sine, exponent_);
        }
        return T(2) * half * step * sum;
    }

    T exponent_ = T(1);
    T second_moment_ = T(0);
    T slope_ = T(0);
};

} // namespace tinymf::mean_field
