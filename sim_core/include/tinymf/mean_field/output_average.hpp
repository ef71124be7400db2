// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "tinymf/mean_field/angular_table.hpp"
#include "tinymf/mean_field/bivariate_average.hpp"
#include "tinymf/mean_field/erf_mixture.hpp"
#include "tinymf/mean_field/hermite_expansion.hpp"
#include "tinymf/mean_field/output_product.hpp"
#include "tinymf/mean_field/power_average.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/arc_cosine.hpp"
#include "tinymf/numeric/power.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// Whether an activation has neither a closed form nor a table, so that its average is a series.
[[nodiscard]] constexpr bool averaged_by_series(model::ActivationKind kind) {
    switch (kind) {
    case model::ActivationKind::linear:
    case model::ActivationKind::relu:
    case model::ActivationKind::erf:
    case model::ActivationKind::tanh:
    case model::ActivationKind::power_law:
        return false;
    default:
        return true;
    }
}

static_assert(
    [] {
        for (std::size_t kind = 0; kind < model::activation_traits.size(); ++kind) {
            if (averaged_by_series(static_cast<model::ActivationKind>(kind)) &&
                !model::activation_traits[kind].odd) {
                return false;
            }
        }
        return true;
    }(),
    "a series holds odd orders only: what is not odd needs a closed form");

/// F of output_product.hpp at one variance.
///
/// - linear, ReLU, erf: closed forms;
/// - tanh: a mixture of error functions, closed at any variance (erf_mixture.hpp); `tabulate` turns
///   it into a table for many covariances;
/// - power law: homogeneous, one table for all variances (power_average.hpp);
/// - Pade, and any other that is odd: a Hermite series of `terms` odd orders, whose left-out part
///   enters at the first left-out order; `unresolved` tells its share, and `quadrature_error` what
///   poles near the real axis do.
///
/// Error, relative to F(variance): 1e-14, of a series `unresolved` (double).
/// Size: about 700 scalars (double, 64 terms), 300 (float, 16 terms). Work of `prepare`: some 100
/// operations, of a series 171 values of phi and 900 terms operations; of `product` 100 to 300
/// operations, for tanh without a table an arc sine for each pair of terms.
template <std::floating_point T, std::size_t terms>
class OutputAverage {
public:
    OutputAverage() : table_{} {}

    void choose(const model::Parameters<T>& p) {
        activation_ = {.kind = p.activation,
                       .power_law = {p.exponent},
                       .pade = {p.pade_numerator, p.pade_denominator}};
        switch (p.activation) {
        case model::ActivationKind::tanh:
            table_ = {};
            mixture_.prepare();
            break;
        case model::ActivationKind::power_law:
            table_ = {};
            power_.prepare(p.exponent, table_);
            break;
        default:
            if (averaged_by_series(p.activation)) {
                series_ = Series{};
                series_.quadrature.prepare();
            }
            break;
        }
    }

    [[nodiscard]] bool odd() const { return model::is_odd(activation_.kind); }

    /// Moves to another variance > 0.
    void prepare(T variance) {
        variance_ = variance;
        tabulated_ = false;
        switch (activation_.kind) {
        case model::ActivationKind::tanh:
            mixture_.set_variance(variance);
            break;
        case model::ActivationKind::power_law:
            deviation_power_ =
                numeric::power(numeric::sqrt(variance), activation_.power_law.exponent);
            break;
        default:
            if (averaged_by_series(activation_.kind)) {
                activation_.visit([&](const auto& phi) {
                    second_moment_ = series_.quadrature.expand(series_.expansion, Parity::odd, T(0),
                                                               variance, phi);
                });
            }
            break;
        }
    }

    /// Makes `product` quick at this variance, for tanh.
    void tabulate() {
        if (activation_.kind != model::ActivationKind::tanh) {
            return;
        }
        // cos(theta) variance, from 1 - cos = 2 sin^2(theta/2) so that small angles count.
        const auto at = [this](T theta) {
            const T sine = numeric::sine_of_quarter(theta / T(2));
            return mixture_.product(variance_ * (T(1) - T(2) * sine * sine));
        };
        table_.template fill<3>(0, panels, [&at](T theta) -> std::array<T, 3> {
            const OutputProduct<T> product = at(theta);
            return {product.value, product.derivative, product.integral};
        });
        tabulated_ = true;
    }

    [[nodiscard]] T variance() const { return variance_; }

    /// The part of E[phi^2] that the series does not hold, relative to it: what F may be off.
    [[nodiscard]] T unresolved() const {
        return averaged_by_series(activation_.kind) && second_moment_ > T(0)
                   ? series_.expansion.rest * series_.expansion.rest / second_moment_
                   : T(0);
    }

    /// How far the quadrature behind a series may be off, relative to E[phi^2].
    [[nodiscard]] T quadrature_error() const {
        T error = T(0);
        if (averaged_by_series(activation_.kind)) {
            activation_.visit([&](const auto& phi) {
                error = series_.quadrature.error_of_second_moment(variance_, phi);
            });
        }
        return error;
    }

    /// phi'(0); 0 for a power law, see PowerLaw.
    [[nodiscard]] T slope_at_rest() const { return activation_.slope(T(0)); }

    /// E[phi'(x)].
    [[nodiscard]] T slope() const {
        switch (activation_.kind) {
        case model::ActivationKind::linear:
            return T(1);
        case model::ActivationKind::relu:
            return T(0.5F);
        case model::ActivationKind::erf:
            return ErfAverage<T>::slope({T(0), variance_});
        case model::ActivationKind::tanh:
            return mixture_.slope();
        case model::ActivationKind::power_law:
            return power_.slope() * deviation_power_ / numeric::sqrt(variance_);
        default:
            break;
        }
        return series_.expansion.coefficients[0] / numeric::sqrt(variance_);
    }

    /// F, F' and its integral at a covariance within [-variance, variance].
    [[nodiscard]] OutputProduct<T> product(T covariance) const {
        const T rho = correlation_coefficient(covariance, variance_, variance_);
        switch (activation_.kind) {
        case model::ActivationKind::linear:
            return {covariance, T(1), covariance * (covariance / variance_) / T(2)};
        case model::ActivationKind::relu:
            return relu_product(rho);
        case model::ActivationKind::erf:
            return erf_product(covariance);
        case model::ActivationKind::tanh:
            return tabulated_ ? table_product(rho) : mixture_.product(rho * variance_);
        case model::ActivationKind::power_law:
            return power_product(rho);
        default:
            break;
        }
        return series_product(rho);
    }

    /// E[phi^2] at unit variance and int_0^1 F there, of a power law.
    [[nodiscard]] const PowerAverage<T>& power() const { return power_; }

private:
    /// Down to an angle of 1/2^11 (double): the singularity of F lies as far off as 1/deviation.
    static constexpr std::size_t panels = sizeof(T) == 4 ? 9 : 12;
    static constexpr std::size_t rows =
        3 * panels > PowerAverage<T>::panels ? 3 * panels : PowerAverage<T>::panels;

    [[nodiscard]] OutputProduct<T> table_product(T rho) const {
        const bool negative = rho < T(0);
        const T theta = numeric::acos(negative ? -rho : rho);
        const T value = table_.value(0, panels, theta);
        return {negative ? -value : value, table_.value(panels, panels, theta),
                table_.value(2 * panels, panels, theta)};
    }

    [[nodiscard]] OutputProduct<T> power_product(T rho) const {
        const auto unit = power_.product(table_, rho);
        const T square = deviation_power_ * deviation_power_;
        return {square * unit.value, square * unit.derivative / variance_, square * unit.integral};
    }

    [[nodiscard]] OutputProduct<T> series_product(T rho) const {
        const T square = rho * rho;
        T power = T(1);
        OutputProduct<T> sum;
        for (std::size_t k = 0; k <= terms; ++k) {
            const T h = k < terms ? series_.expansion.coefficients[k] : series_.expansion.rest;
            const auto order = static_cast<T>(2 * k + 1);
            const T weighted = h * h * power;
            sum.value += weighted;
            sum.derivative += order * weighted;
            sum.integral += weighted / (order + T(1));
            power *= square;
        }
        return {sum.value * rho, sum.derivative / variance_, sum.integral * square};
    }

    /// The arc-cosine kernel, with acos(-rho) = pi/2 + asin(rho).
    [[nodiscard]] OutputProduct<T> relu_product(T rho) const {
        constexpr T inverse_two_pi = detail::inverse_pi<T> / T(2);
        const T cosine = numeric::sqrt((T(1) - rho) * (T(1) + rho));
        const T angle = numeric::acos(-rho);
        const T half_pi = numeric::acos(T(0));
        const T integral =
            T(0.75F) * rho * cosine + rho * rho * angle / T(2) + (angle - half_pi) / T(4);
        return {variance_ * inverse_two_pi * (cosine + rho * angle), inverse_two_pi * angle,
                variance_ * inverse_two_pi * integral};
    }

    /// The arcsine law with k = 2/(1 + 2 variance): F = (2/pi) asin(k c).
    [[nodiscard]] OutputProduct<T> erf_product(T covariance) const {
        const T k = T(2) / (T(1) + T(2) * variance_);
        const T s = k * covariance;
        const T cosine = numeric::sqrt((T(1) - s) * (T(1) + s));
        const T angle = numeric::asin(s);
        constexpr T two_over_pi = T(2) * detail::inverse_pi<T>;
        return {two_over_pi * angle, two_over_pi * k / cosine,
                two_over_pi * (covariance / variance_) * (angle - s / (T(1) + cosine))};
    }

    model::Activation<T> activation_;
    ErfMixture<T> mixture_;
    PowerAverage<T> power_;
    struct Series {
        HermiteQuadrature<T, terms> quadrature;
        HermiteExpansion<T, terms> expansion;
    };
    union {
        AngularTable<T, rows> table_; ///< tanh, power law
        Series series_;               ///< the others, by series
    };
    T variance_ = T(1);
    T deviation_power_ = T(1); ///< of a power law, variance^(p/2)
    T second_moment_ = T(0);
    bool tabulated_ = false;
};

} // namespace tinymf::mean_field
