// SPDX-License-Identifier: Apache-2.0
#include "theory/bivariate_average.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace tinymf::host {
namespace {

using std::numbers::pi;

/// weight erf(x/(sqrt(2) t)), square = t^2.
struct ErfTerm {
    double weight;
    double square;
};

/// A term this small against the whole sum no longer changes it.
constexpr double negligible = 1e-18;

std::vector<double> products_of(const HermiteSeries& first, const HermiteSeries& second) {
    const std::size_t terms = std::min(first.coefficients.size(), second.coefficients.size());
    const double whole =
        std::sqrt(first.moments.output_variance) * std::sqrt(second.moments.output_variance);
    std::vector<double> products(terms);
    for (std::size_t n = 0; n < terms; ++n) {
        products[n] = first.coefficients[n] * second.coefficients[n];
    }
    while (products.size() > 1 && std::abs(products.back()) < negligible * whole) {
        products.pop_back();
    }
    return products;
}

/// tanh as an average of error functions, a trapezoid rule in ln t over Kolmogorov's density
/// (Andrews & Mallows 1974); erf itself is t^2 = 1/2 alone.
std::vector<ErfTerm> terms_of(model::ActivationKind activation) {
    if (activation == model::ActivationKind::erf) {
        return {{1.0, 0.5}};
    }
    constexpr int count = 28; // error 1e-15
    const double lowest = std::log(0.17);
    const double step = (std::log(4.4) - lowest) / (count - 1);
    std::vector<ErfTerm> terms;
    for (int i = 0; i < count; ++i) {
        const double t = std::exp(lowest + step * i);
        double density = 0.0;
        for (int n = 32; n >= 1; --n) {
            density += (n % 2 == 1 ? 8.0 : -8.0) * n * n * t * std::exp(-2.0 * n * n * t * t);
        }
        terms.push_back({step * t * density, t * t});
    }
    return terms;
}

/// Pairs of error functions of two inputs: weights, and k = scale(first) scale(second).
std::vector<ErfPair> pairs_of(model::ActivationKind activation, double first, double second) {
    static const std::vector<ErfTerm> of_erf = terms_of(model::ActivationKind::erf);
    static const std::vector<ErfTerm> of_tanh = terms_of(model::ActivationKind::tanh);
    const auto& terms = activation == model::ActivationKind::erf ? of_erf : of_tanh;
    std::vector<ErfPair> pairs;
    for (std::size_t i = 0; i < terms.size(); ++i) {
        for (std::size_t j = 0; j < terms.size(); ++j) {
            if (first == second && j > i) {
                break;
            }
            const double twice = first == second && j < i ? 2.0 : 1.0;
            pairs.push_back(
                {twice * terms[i].weight * terms[j].weight,
                 1.0 / std::sqrt((terms[i].square + first) * (terms[j].square + second))});
        }
    }
    return pairs;
}

/// Terms of a series in rho^2 that reach rounding.
std::size_t terms_that_count(double rho, std::size_t available) {
    const double square = rho * rho;
    if (!(square < 1.0)) { // nor where a trial step left the finite numbers
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
    // Not the root of a product, which leaves the range of a double before its root does.
    : scale_{first.variance == second.variance
                 ? first.variance
                 : std::sqrt(first.variance) * std::sqrt(second.variance)},
      moments_{first.moments}, rectified_{parameters.activation == model::ActivationKind::relu} {
    if (parameters.activation == model::ActivationKind::power_law) {
        power_ = PowerAverage::of(parameters.exponent);
        power_scale_ = std::pow(scale_, parameters.exponent);
    } else if (!rectified_ && (first.coefficients.empty() || second.coefficients.empty())) {
        pairs_ = pairs_of(parameters.activation, first.variance, second.variance);
    } else {
        products_ = products_of(first, second);
    }
}

double BivariateAverage::output(double covariance) const {
    const double rho = std::clamp(covariance / scale_, -1.0, 1.0);
    if (rectified_) {
        return scale_ / (2.0 * pi) * (std::sqrt(1.0 - rho * rho) + (pi - std::acos(rho)) * rho);
    }
    if (power_) {
        return power_scale_ * power_->output(rho);
    }
    double sum = 0.0;
    for (const ErfPair& pair : pairs_) {
        sum += 2.0 / pi * pair.weight * std::asin(pair.scale * rho * scale_);
    }
    if (!pairs_.empty()) {
        return sum;
    }
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
    if (power_) {
        return power_scale_ * power_->slope(rho) / scale_;
    }
    double sum = 0.0;
    for (const ErfPair& pair : pairs_) {
        const double s = pair.scale * rho * scale_;
        sum += 2.0 / pi * pair.weight * pair.scale / std::sqrt((1.0 - s) * (1.0 + s));
    }
    if (!pairs_.empty()) {
        return sum;
    }
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
    if (power_) {
        return power_scale_ * scale_ * power_->integral(rho);
    }
    double sum = 0.0;
    for (const ErfPair& pair : pairs_) {
        const double c = rho * scale_;
        const double s = pair.scale * c;
        const double cosine = std::sqrt((1.0 - s) * (1.0 + s));
        sum += 2.0 / pi * pair.weight * (c * std::asin(s) - s * c / (1.0 + cosine));
    }
    if (!pairs_.empty()) {
        return sum;
    }
    for (std::size_t n = terms_that_count(rho, products_.size()); n-- > 0;) {
        sum = sum * rho * rho + products_[n] / static_cast<double>(2 * n + 2);
    }
    return sum * rho * rho * scale_;
}

} // namespace tinymf::host
