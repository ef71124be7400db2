// SPDX-License-Identifier: Apache-2.0
#include "equations/reference_activation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <span>

namespace tinymf::host {
namespace {

/// c0 + c1 s + c2 s^2 + ... and its derivative with respect to s.
struct PolynomialValue {
    double value = 0.0;
    double derivative = 0.0;
};

PolynomialValue polynomial(double constant, std::span<const double> higher, double s) {
    PolynomialValue p{constant, 0.0};
    double power = 1.0; // s^k
    for (std::size_t k = 0; k < higher.size(); ++k) {
        p.derivative += static_cast<double>(k + 1) * higher[k] * power;
        power *= s;
        p.value += higher[k] * power;
    }
    return p;
}

ReferenceActivation power_law(double exponent) {
    return {[exponent](double x) { return std::copysign(std::pow(std::abs(x), exponent), x); },
            [exponent](double x) {
                return x == 0.0 ? (exponent == 1.0 ? 1.0 : 0.0)
                                : exponent * std::pow(std::abs(x), exponent - 1.0);
            }};
}

ReferenceActivation pade(const experiment::Parameters<double>& parameters) {
    const auto numerator = [a = parameters.pade_numerator](double s) {
        return polynomial(a[0], std::span(a).subspan(1), s);
    };
    const auto denominator = [b = parameters.pade_denominator](double s) {
        return polynomial(1.0, b, s);
    };
    return {[=](double x) { return x * numerator(x * x).value / denominator(x * x).value; },
            [=](double x) {
                const double s = x * x;
                const PolynomialValue p = numerator(s);
                const PolynomialValue q = denominator(s);
                return (p.value + 2.0 * s * p.derivative) / q.value -
                       2.0 * s * p.value * q.derivative / (q.value * q.value);
            }};
}

/// Roots t = 1/s of the denominator, those at 0 standing for s at infinity, by the simultaneous
/// iteration of Weierstrass, Durand and Kerner; double roots come out to about 1e-7.
std::array<std::complex<double>, 4> inverse_roots(const std::array<double, 4>& b) {
    double scale = 1e-300;
    for (std::size_t k = 0; k < b.size(); ++k) {
        scale = std::max(scale, std::pow(std::abs(b[k]), 1.0 / static_cast<double>(k + 1)));
    }
    std::array<std::complex<double>, 4> roots;
    for (std::size_t k = 0; k < roots.size(); ++k) {
        roots[k] = std::polar(scale, 0.4 + 1.6 * static_cast<double>(k));
    }
    for (int iteration = 0; iteration < 200; ++iteration) {
        for (std::size_t k = 0; k < roots.size(); ++k) {
            const std::complex<double> t = roots[k];
            std::complex<double> change = (((t + b[0]) * t + b[1]) * t + b[2]) * t + b[3];
            for (std::size_t other = 0; other < roots.size(); ++other) {
                if (other != k && t != roots[other]) {
                    change /= t - roots[other];
                }
            }
            roots[k] -= change;
        }
    }
    return roots;
}

} // namespace

double pole_distance(const experiment::Parameters<double>& parameters) {
    if (parameters.activation == model::ActivationKind::tanh) {
        return std::numbers::pi / 2.0;
    }
    double nearest = std::numeric_limits<double>::infinity();
    if (parameters.activation == model::ActivationKind::pade) {
        for (const std::complex<double>& t : inverse_roots(parameters.pade_denominator)) {
            if (std::abs(t) > 1e-12) {
                nearest = std::min(nearest, std::abs((1.0 / std::sqrt(t)).imag()));
            }
        }
    }
    return nearest;
}

ReferenceActivation reference_activation(const experiment::Parameters<double>& parameters) {
    switch (parameters.activation) {
    case model::ActivationKind::linear:
        return {[](double x) { return x; }, [](double) { return 1.0; }};
    case model::ActivationKind::relu:
        return {[](double x) { return x > 0.0 ? x : 0.0; },
                [](double x) { return x > 0.0 ? 1.0 : 0.0; }};
    case model::ActivationKind::erf:
        return {[](double x) { return std::erf(x); },
                [](double x) { return 2.0 * std::numbers::inv_sqrtpi * std::exp(-x * x); }};
    case model::ActivationKind::power_law:
        return power_law(parameters.exponent);
    case model::ActivationKind::pade:
        return pade(parameters);
    case model::ActivationKind::tanh:
        break;
    }
    return {[](double x) { return std::tanh(x); },
            [](double x) { return 1.0 / (std::cosh(x) * std::cosh(x)); }};
}

} // namespace tinymf::host
