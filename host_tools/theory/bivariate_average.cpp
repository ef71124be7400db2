// SPDX-License-Identifier: Apache-2.0
#include "theory/bivariate_average.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Dense>

#include "reference/reference_activation.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using std::numbers::pi;

/// A term this small against the whole sum no longer changes it.
constexpr double negligible = 1e-18;

/// For phi = sgn(x) |x|^p, x phi' = p phi gives <phi He_(k+2)> = (p - k) <phi He_k>.
std::vector<double> power_squares(double p, double variance) {
    const double first = absolute_normal_moment(p + 1.0);
    std::vector<double> squares{first * first * std::pow(variance, p)};
    for (std::size_t n = 1; n < BivariateAverage::longest_series && squares.back() > 0.0; ++n) {
        const double k = static_cast<double>(2 * n - 1);
        squares.push_back(squares.back() * (p - k) * (p - k) / ((k + 1.0) * (k + 2.0)));
    }
    return squares;
}

/// The series of the arc sine.
std::vector<double> erf_squares(double variance) {
    const double ratio = 2.0 * variance / (1.0 + 2.0 * variance);
    const double whole = std::asin(ratio) * 2.0 / pi;
    std::vector<double> squares;
    double power = 2.0 / pi * ratio;
    for (std::size_t m = 0; m < BivariateAverage::longest_series; ++m) {
        const double order = static_cast<double>(2 * m + 1);
        squares.push_back(power / order);
        if (squares.back() < negligible * whole) {
            break;
        }
        power *= ratio * ratio * order / (order + 1.0);
    }
    return squares;
}

/// h_k = <phi(sqrt(variance) z) He_k(z)> / sqrt(k!) by the trapezoid rule on z > 0. The recursion
/// runs on Hermite functions, which stay bounded where the polynomials overflow.
std::vector<double> integrated_squares(const experiment::Parameters<double>& parameters,
                                       double variance, double whole) {
    const ReferenceActivation activation = reference_activation(parameters);
    const double step = quadrature_step(parameters, variance) / 2.0;
    const auto points = static_cast<Eigen::Index>(quadrature_reach / step);
    const Eigen::ArrayXd z = Eigen::ArrayXd::LinSpaced(points, step, step * double(points));
    const Eigen::ArrayXd root_weight = (-z * z / 4.0).exp();
    const double scale = std::sqrt(variance);
    const Eigen::ArrayXd output = z.unaryExpr([&](double at) {
        return activation.value(scale * at);
    }) * root_weight * (2.0 * step / std::sqrt(2.0 * pi));
    Eigen::ArrayXd even = root_weight;    // Hermite function of order k - 1
    Eigen::ArrayXd odd = z * root_weight; // and of order k
    std::vector<double> squares;
    for (double k = 1.0; squares.size() < BivariateAverage::longest_series; k += 2.0) {
        const double h = (output * odd).sum();
        squares.push_back(h * h);
        if (squares.back() < negligible * whole && squares.size() > 4) {
            break;
        }
        even = (z * odd - std::sqrt(k) * even) / std::sqrt(k + 1.0);
        odd = (z * even - std::sqrt(k + 1.0) * odd) / std::sqrt(k + 2.0);
    }
    return squares;
}

std::vector<double> hermite_squares(const experiment::Parameters<double>& parameters,
                                    double variance, double whole) {
    switch (parameters.activation) {
    case ActivationKind::linear:
        return {variance};
    case ActivationKind::power_law:
        return power_squares(parameters.exponent, variance);
    case ActivationKind::erf:
        return erf_squares(variance);
    case ActivationKind::relu:
        return {};
    case ActivationKind::tanh:
    case ActivationKind::pade:
        break;
    }
    return integrated_squares(parameters, variance, whole);
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
    : variance_{variance}, moments_{gaussian_moments(parameters, variance)},
      rectified_{parameters.activation == ActivationKind::relu}, squares_{hermite_squares(
                                                                     parameters, variance,
                                                                     moments_.output_variance)} {
    if (squares_.size() == longest_series) {
        double sum = 0.0;
        for (const double square : squares_) {
            sum += square;
        }
        squares_.back() += std::max(0.0, moments_.output_variance - sum);
    }
}

double BivariateAverage::output(double covariance) const {
    const double rho = std::clamp(covariance / variance_, -1.0, 1.0);
    if (rectified_) {
        return variance_ / (2.0 * pi) * (std::sqrt(1.0 - rho * rho) + (pi - std::acos(rho)) * rho);
    }
    double sum = 0.0;
    for (std::size_t n = terms_that_count(rho, squares_.size()); n-- > 0;) {
        sum = sum * rho * rho + squares_[n];
    }
    return sum * rho;
}

double BivariateAverage::slope(double covariance) const {
    const double rho = std::clamp(covariance / variance_, -1.0, 1.0);
    if (rectified_) {
        return (pi - std::acos(rho)) / (2.0 * pi);
    }
    double sum = 0.0;
    for (std::size_t n = terms_that_count(rho, squares_.size()); n-- > 0;) {
        sum = sum * rho * rho + static_cast<double>(2 * n + 1) * squares_[n];
    }
    return sum / variance_;
}

double BivariateAverage::integral(double covariance) const {
    const double rho = std::clamp(covariance / variance_, -1.0, 1.0);
    if (rectified_) {
        const double root = std::sqrt(1.0 - rho * rho);
        const double angle = std::asin(rho);
        const double integral_of_product =
            rho * rho / 2.0 * std::acos(rho) + (angle - rho * root) / 4.0;
        return variance_ * variance_ / (2.0 * pi) *
               ((rho * root + angle) / 2.0 + pi * rho * rho / 2.0 - integral_of_product);
    }
    double sum = 0.0;
    for (std::size_t n = terms_that_count(rho, squares_.size()); n-- > 0;) {
        sum = sum * rho * rho + squares_[n] / static_cast<double>(2 * n + 2);
    }
    return sum * rho * rho * variance_;
}

} // namespace tinymf::host
