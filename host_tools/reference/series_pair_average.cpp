// SPDX-License-Identifier: Apache-2.0
#include "reference/series_pair_average.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/chebyshev_sum.hpp"
#include "reference/geometric_mean.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using std::numbers::pi;

/// Of the square of a coefficient against the whole sum: a little above rounding, which must not
/// be taken for more of the series.
constexpr double negligible = 1e-29;
constexpr std::size_t most_orders = 4000;

/// On [low, high], from values at the Chebyshev points.
template <class Function>
std::vector<double> chebyshev_coefficients(const Function& f, double low, double high) {
    constexpr int count = 20;
    std::vector<double> values;
    for (int i = 0; i < count; ++i) {
        const double x = std::cos(pi * (i + 0.5) / count);
        values.push_back(f((low + high) / 2.0 + (high - low) / 2.0 * x));
    }
    std::vector<double> coefficients;
    for (int k = 0; k < count; ++k) {
        double sum = 0.0;
        for (int i = 0; i < count; ++i) {
            sum += values[static_cast<std::size_t>(i)] * std::cos(pi * k * (i + 0.5) / count);
        }
        coefficients.push_back(sum * (k == 0 ? 1.0 : 2.0) / count);
    }
    return coefficients;
}

/// exp(-2 pi d / step) for an integrand analytic within d, and exp(-2 pi^2 / step^2) of the weight.
double quadrature_step(const experiment::Parameters<double>& parameters, double variance) {
    constexpr double digits = 38.0; // exp(-38) = 3e-17
    const double deviation = std::sqrt(variance);
    const double poles = parameters.activation == ActivationKind::erf
                             ? pi * std::sqrt(2.0 / (digits * (1.0 + 2.0 * variance)))
                             : 2.0 * pi * pole_distance(parameters) / (digits * deviation);
    return std::min(0.3, poles) / 2.0;
}

} // namespace

bool SeriesPairAverage::serves(const experiment::Parameters<double>& parameters, bool centred) {
    return centred || (parameters.activation != ActivationKind::relu &&
                       parameters.activation != ActivationKind::power_law);
}

SeriesPairAverage::SeriesPairAverage(const experiment::Parameters<double>& parameters, bool centred)
    : parameters_{parameters}, activation_{reference_activation(parameters)}, centred_{centred} {
    if (parameters.activation != ActivationKind::power_law) {
        return;
    }
    const GaussianPairAverage quadrature(parameters);
    const GaussianInput unit{0.0, 1.0};
    const auto at_angle = [&](double angle) {
        return quadrature.output(unit, unit, std::cos(angle));
    };
    // Close to angle 0 the average differs from its value there by a square, and by the power
    // 2 p + 1 of the angle.
    const double singular = std::min(2.0, 2.0 * parameters.exponent + 1.0);
    const int intervals = static_cast<int>(53.0 / singular) + 1;
    for (int j = 0; j < intervals; ++j) {
        const double high = std::ldexp(pi / 2.0, -j);
        angles_.push_back(chebyshev_coefficients(at_angle, high / 2.0, high));
    }
    angles_.push_back({at_angle(0.0)});
}

/// The recursion runs on Hermite functions, which stay bounded where the polynomials overflow.
InputSeries SeriesPairAverage::expand(const GaussianInput& law) const {
    InputSeries series{law, {}};
    const bool closed = parameters_.activation == ActivationKind::linear ||
                        parameters_.activation == ActivationKind::relu ||
                        parameters_.activation == ActivationKind::power_law ||
                        (parameters_.activation == ActivationKind::erf && centred_);
    if (closed) {
        return series;
    }
    if (law.variance == 0.0) {
        series.coefficients = {activation_.value(law.mean)};
        return series;
    }
    constexpr double reach = 13.0;
    const double step = quadrature_step(parameters_, law.variance);
    const auto half = static_cast<Eigen::Index>(reach / step);
    const Eigen::ArrayXd z =
        Eigen::ArrayXd::LinSpaced(2 * half + 1, -step * double(half), step * double(half));
    const Eigen::ArrayXd root_weight = (-z * z / 4.0).exp();
    const double deviation = std::sqrt(law.variance);
    const Eigen::ArrayXd weighted = z.unaryExpr([&](double at) {
        return activation_.value(law.mean + deviation * at);
    }) * root_weight * (step / std::sqrt(2.0 * pi));
    const double whole = (weighted * weighted / (step / std::sqrt(2.0 * pi))).sum();
    Eigen::ArrayXd before = Eigen::ArrayXd::Zero(z.size());
    Eigen::ArrayXd function = root_weight;
    int small_in_a_row = 0;
    for (std::size_t k = 0; k < most_orders && small_in_a_row < 4; ++k) {
        if (!centred_ || k % 2 == 1) {
            const double h = (weighted * function).sum();
            series.coefficients.push_back(h);
            small_in_a_row = h * h < negligible * whole ? small_in_a_row + 1 : 0;
        }
        const double order = static_cast<double>(k);
        const Eigen::ArrayXd next =
            (z * function - std::sqrt(order) * before) / std::sqrt(order + 1.0);
        before = function;
        function = next;
    }
    return series;
}

double SeriesPairAverage::output(const InputSeries& x, const InputSeries& y,
                                 double covariance) const {
    if (parameters_.activation == ActivationKind::linear) {
        return covariance + x.law.mean * y.law.mean;
    }
    const double both = geometric_mean(x.law.variance, y.law.variance);
    if (parameters_.activation == ActivationKind::relu ||
        parameters_.activation == ActivationKind::power_law) {
        return both > 0.0 ? homogeneous_output(x.law, y.law, covariance) : 0.0;
    }
    if (parameters_.activation == ActivationKind::erf && centred_) {
        const double spread = (1.0 + 2.0 * x.law.variance) * (1.0 + 2.0 * y.law.variance);
        return 2.0 / pi * std::asin(2.0 * covariance / std::sqrt(spread));
    }
    return series_output(x, y, both > 0.0 ? std::clamp(covariance / both, -1.0, 1.0) : 0.0);
}

double SeriesPairAverage::homogeneous_output(const GaussianInput& x, const GaussianInput& y,
                                             double covariance) const {
    const double both = geometric_mean(x.variance, y.variance);
    const double rho = std::clamp(covariance / both, -1.0, 1.0);
    const double sine = std::sqrt((1.0 - rho) * (1.0 + rho));
    const double angle = std::atan2(sine, rho);
    if (parameters_.activation == ActivationKind::relu) {
        return both * (sine + (pi - angle) * rho) / (2.0 * pi);
    }
    const double nearest = std::min(angle, pi - angle); // from rho = 1 or rho = -1
    const auto interval = static_cast<std::size_t>(
        std::clamp(std::floor(std::log2(pi / 2.0 / std::max(nearest, 1e-300))), 0.0,
                   static_cast<double>(angles_.size() - 1)));
    const double high = std::ldexp(pi / 2.0, -static_cast<int>(interval));
    const double average =
        chebyshev_sum(angles_[interval], std::clamp(nearest / high * 4.0 - 3.0, -1.0, 1.0));
    return std::pow(both, parameters_.exponent) * (nearest == angle ? average : -average);
}

double SeriesPairAverage::series_output(const InputSeries& x, const InputSeries& y,
                                        double rho) const {
    const std::size_t terms = std::min(x.coefficients.size(), y.coefficients.size());
    const double ratio = centred_ ? rho * rho : rho;
    double power = centred_ ? rho : 1.0;
    double sum = 0.0;
    for (std::size_t k = 0; k < terms && std::abs(power) > 1e-20; ++k) {
        sum += x.coefficients[k] * y.coefficients[k] * power;
        power *= ratio;
    }
    return sum;
}

} // namespace tinymf::host
