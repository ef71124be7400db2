// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "tinymf/mean_field/bivariate_average.hpp"
#include "tinymf/mean_field/hermite_expansion.hpp"
#include "tinymf/model/activation.hpp"
#include "tinymf/model/parameters.hpp"
#include "tinymf/numeric/arc_cosine.hpp"
#include "tinymf/numeric/sqrt.hpp"

namespace tinymf::mean_field {

/// phi(x) and phi(y) for x, y ~ N(0, variance) of covariance c, as functions of c:
/// F(c) = E[phi phi], its derivative F'(c) = E[phi' phi'] (Price), its integral from 0.
template <std::floating_point T>
struct OutputProduct {
    T value = T(0);
    T derivative = T(0);
    T integral = T(0);
};

/// F at one variance. Closed forms for linear, ReLU and erf; for other phi an odd Hermite series of
/// `terms` orders, whose left-out part enters at the first left-out order. Size: about
/// 6 terms + 180 scalars. Work of `prepare`: 171 values of phi and 900 terms operations; of
/// `product`: 6 terms operations. The quadrature is spectral for analytic phi; for a power law,
/// singular at 0, it is good to about 1e-5.
template <std::floating_point T, std::size_t terms>
class OutputAverage {
public:
    void choose(const model::Parameters<T>& p) {
        activation_ = {.kind = p.activation,
                       .power_law = {p.exponent},
                       .pade = {p.pade_numerator, p.pade_denominator}};
        quadrature_.prepare();
    }

    [[nodiscard]] bool odd() const { return activation_.kind != model::ActivationKind::relu; }

    /// Moves to another variance > 0.
    void prepare(T variance) {
        variance_ = variance;
        if (by_series()) {
            activation_.visit([&](const auto& phi) {
                quadrature_.expand(expansion_, Parity::odd, T(0), variance, phi);
            });
        }
    }

    [[nodiscard]] T variance() const { return variance_; }

    /// E[phi'(x)].
    [[nodiscard]] T slope() const {
        switch (activation_.kind) {
        case model::ActivationKind::linear:
            return T(1);
        case model::ActivationKind::relu:
            return T(0.5F);
        case model::ActivationKind::erf:
            return ErfAverage<T>::slope({T(0), variance_});
        default:
            return expansion_.coefficients[0] / numeric::sqrt(variance_);
        }
    }

    /// F, F' and its integral at a covariance within [-variance, variance].
    [[nodiscard]] OutputProduct<T> product(T covariance) const {
        const T rho = correlation_coefficient(covariance, variance_, variance_);
        switch (activation_.kind) {
        case model::ActivationKind::linear:
            return {covariance, T(1), covariance * covariance / T(2)};
        case model::ActivationKind::relu:
            return relu_product(rho);
        case model::ActivationKind::erf:
            return erf_product(covariance);
        default:
            return series_product(rho);
        }
    }

private:
    [[nodiscard]] bool by_series() const {
        return activation_.kind == model::ActivationKind::tanh ||
               activation_.kind == model::ActivationKind::power_law ||
               activation_.kind == model::ActivationKind::pade;
    }

    [[nodiscard]] OutputProduct<T> series_product(T rho) const {
        const T square = rho * rho;
        T power = T(1);
        OutputProduct<T> sum;
        for (std::size_t k = 0; k <= terms; ++k) {
            const T h = k < terms ? expansion_.coefficients[k] : expansion_.rest;
            const auto order = static_cast<T>(2 * k + 1);
            const T weighted = h * h * power;
            sum.value += weighted;
            sum.derivative += order * weighted;
            sum.integral += weighted / (order + T(1));
            power *= square;
        }
        return {sum.value * rho, sum.derivative / variance_, sum.integral * square * variance_};
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
                variance_ * variance_ * inverse_two_pi * integral};
    }

    /// The arcsine law with k = 2/(1 + 2 variance): F = (2/pi) asin(k c).
    [[nodiscard]] OutputProduct<T> erf_product(T covariance) const {
        const T k = T(2) / (T(1) + T(2) * variance_);
        const T s = k * covariance;
        const T cosine = numeric::sqrt((T(1) - s) * (T(1) + s));
        const T angle = numeric::asin(s);
        constexpr T two_over_pi = T(2) * detail::inverse_pi<T>;
        // cosine - 1 without cancellation
        const T drop = -(s * s) / (T(1) + cosine);
        return {two_over_pi * angle, two_over_pi * k / cosine,
                two_over_pi * (covariance * angle + drop / k)};
    }

    model::Activation<T> activation_;
    HermiteQuadrature<T, terms> quadrature_;
    HermiteExpansion<T, terms> expansion_{};
    T variance_ = T(1);
};

} // namespace tinymf::mean_field
