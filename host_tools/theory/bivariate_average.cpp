// SPDX-License-Identifier: Apache-2.0
#include "theory/bivariate_average.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tinymf::host {
namespace {

using std::numbers::pi;

/// A term this small against the whole sum no longer changes it.
constexpr double negligible = 1e-18;

std::vector<double> products_of(const HermiteSeries& first, const HermiteSeries& second) {
    const std::size_t terms = std::min(first.coefficients.size(), second.coefficients.size());
    const double whole = std::sqrt(first.moments.output_variance * second.moments.output_variance);
    std::vector<double> products(terms);
    for (std::size_t n = 0; n < terms; ++n) {
        products[n] = first.coefficients[n] * second.coefficients[n];
    }
    while (products.size() > 1 && std::abs(products.back()) < negligible * whole) {
        products.pop_back();
    }
    return products;
}

/// Terms of a series in rho^2 that reach rounding.
std::size_t terms_that_count(double rho, std::size_t available) {
    const double square = rho * rho;
    if (square >= 1.0) {
        return available;
    }
    constexpr double digits = 44.0; // exp(-44) = 8e-20
    return square < 1e-40
               ? 1
               : std::min(available, static_cast<std::size_t>(-digits / std::log(square)) + 2);
}

} // namespace

BivariateAverage::BivariateAverage(const experiment::Parameters<double>& parameters,
                                   double variance)
    : BivariateAverage(parameters, hermite_series(parameters, variance)) {}

BivariateAverage::BivariateAverage(const experiment::Parameters<double>& parameters,
                                   const HermiteSeries& both)
    : BivariateAverage(parameters, both, both) {}

BivariateAverage::BivariateAverage(const experiment::Parameters<double>& parameters,
                                   const HermiteSeries& first, const HermiteSeries& second)
    : scale_{std::sqrt(first.variance * second.variance)}, moments_{first.moments},
      rectified_{parameters.activation == model::ActivationKind::relu}, products_{products_of(
                                                                            first, second)} {}

double BivariateAverage::output(double covariance) const {
    const double rho = std::clamp(covariance / scale_, -1.0, 1.0);
    if (rectified_) {
        return scale_ / (2.0 * pi) * (std::sqrt(1.0 - rho * rho) + (pi - std::acos(rho)) * rho);
    }
    double sum = 0.0;
    for (std::size_t n = terms_that_count(rho, products_.size()); n-- > 0;) {
        sum = sum * rho * rho + products_[n];
    }
    return sum * rho;
}

double BivariateAverage::slope(double covariance) const {
    const double rho = std::clamp(covariance / scale_, -1.0, 1.0);
    if (rectified_) {
        return (pi - std::acos(rho)) / (2.0 * pi);
    }
    double sum = 0.0;
    for (std::size_t n = terms_that_count(rho, products_.size()); n-- > 0;) {
        sum = sum * rho * rho + static_cast<double>(2 * n + 1) * products_[n];
    }
    return sum / scale_;
}

double BivariateAverage::integral(double covariance) const {
    const double rho = std::clamp(covariance / scale_, -1.0, 1.0);
    if (rectified_) {
        const double root = std::sqrt(1.0 - rho * rho);
        const double angle = std::asin(rho);
        const double integral_of_product =
            rho * rho / 2.0 * std::acos(rho) + (angle - rho * root) / 4.0;
        return scale_ * scale_ / (2.0 * pi) *
               ((rho * root + angle) / 2.0 + pi * rho * rho / 2.0 - integral_of_product);
    }
    double sum = 0.0;
    for (std::size_t n = terms_that_count(rho, products_.size()); n-- > 0;) {
        sum = sum * rho * rho + products_[n] / static_cast<double>(2 * n + 2);
    }
    return sum * rho * rho * scale_;
}

} // namespace tinymf::host
