// SPDX-License-Identifier: Apache-2.0
#include "theory/linear_response.hpp"

#include <cmath>
#include <numbers>

#include <boost/math/special_functions/bessel.hpp>

namespace tinymf::host {
namespace {

/// exp(-z) I_1(z), whose factors leave the range of double; by the asymptotic series from where
/// its terms fall below rounding.
double scaled_bessel(double z) {
    if (z < 500.0) {
        return std::exp(-z) * boost::math::cyl_bessel_i(1, z);
    }
    double term = 1.0;
    double sum = 1.0;
    for (int k = 1; k < 9; ++k) {
        const double odd = 2.0 * k - 1.0;
        term *= -(4.0 - odd * odd) / (8.0 * k * z);
        sum += term;
    }
    return sum / std::sqrt(2.0 * std::numbers::pi * z);
}

} // namespace

std::complex<double> linear_response(std::complex<double> p, double kappa) {
    std::complex<double> root = std::sqrt(p * p - 4.0 * kappa);
    if ((root * std::conj(p)).real() < 0.0) {
        root = -root;
    }
    return 2.0 / (p + root);
}

double static_linear_response(double kappa) {
    return 2.0 / (1.0 + std::sqrt(1.0 - 4.0 * kappa));
}

double linear_response_at(double tau, double kappa) {
    if (tau <= 0.0) {
        return 0.0;
    }
    const double argument = 2.0 * std::sqrt(std::abs(kappa)) * tau;
    if (argument < 1e-8) { // I_1(z) = z/2 + z^3/16: the correction is below rounding
        return std::exp(-tau);
    }
    if (kappa < 0.0) {
        return std::exp(-tau) * 2.0 * boost::math::cyl_bessel_j(1, argument) / argument;
    }
    return std::exp(argument - tau) * 2.0 * scaled_bessel(argument) / argument;
}

std::vector<double> discrete_linear_response(const TimeScheme& scheme, double kappa,
                                             std::size_t count) {
    std::vector<double> r(count, 0.0);
    const double memory = scheme.beta() * scheme.beta() * kappa;
    if (count > 1) {
        r[1] = 1.0;
    }
    for (std::size_t k = 1; k + 1 < count; ++k) {
        double reaction = 0.0;
        for (std::size_t a = 1; a < k && memory != 0.0; ++a) {
            reaction += r[a] * r[k - a];
        }
        r[k + 1] = scheme.alpha() * r[k] + memory * reaction;
    }
    return r;
}

} // namespace tinymf::host
