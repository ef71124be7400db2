// SPDX-License-Identifier: Apache-2.0
#include "reference/output_curve.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "reference/chebyshev_sum.hpp"
#include "reference/series_pair_average.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using std::numbers::pi;

constexpr int points = 24; ///< of a panel

std::vector<double> chebyshev_coefficients(const std::vector<double>& values) {
    std::vector<double> coefficients;
    for (int k = 0; k < points; ++k) {
        double sum = 0.0;
        for (int i = 0; i < points; ++i) {
            sum += values[static_cast<std::size_t>(i)] * std::cos(pi * k * (i + 0.5) / points);
        }
        coefficients.push_back(sum * (k == 0 ? 1.0 : 2.0) / points);
    }
    return coefficients;
}

} // namespace

OutputCurve::OutputCurve(const experiment::Parameters<double>& parameters, double variance)
    : parameters_{parameters}, quadrature_{parameters}, variance_{variance},
      even_{parameters.activation == ActivationKind::tanh ||
            parameters.activation == ActivationKind::pade} {
    if (!even_) {
        return;
    }
    const SeriesPairAverage average(parameters, true);
    const InputSeries input = average.expand({0.0, variance});
    const double bend = std::min(1.0, pole_distance(parameters) / std::sqrt(variance));
    for (double high = pi / 2.0; high > 0.0; high = high > bend ? high / 2.0 : 0.0) {
        const double low = high > bend ? high / 2.0 : 0.0;
        std::vector<double> values;
        for (int i = 0; i < points; ++i) {
            const double at = std::cos(pi * (i + 0.5) / points);
            const double angle = (high + low) / 2.0 + (high - low) / 2.0 * at;
            values.push_back(average.output(input, input, variance * std::cos(angle)));
        }
        panels_.push_back(chebyshev_coefficients(values));
    }
}

double OutputCurve::value(double covariance) const {
    const double rho = std::clamp(covariance / variance_, -1.0, 1.0);
    if (!even_) {
        const GaussianInput input{0.0, variance_};
        return quadrature_.output(input, input, rho * variance_);
    }
    if (rho < 0.0) { // every smooth activation is odd
        return -value(-covariance);
    }
    // acos loses the small angles: 1 - rho = 2 sin^2(angle/2).
    const double angle = 2.0 * std::asin(std::sqrt((1.0 - rho) / 2.0));
    double high = pi / 2.0;
    std::size_t panel = 0;
    while (panel + 1 < panels_.size() && angle < high / 2.0) {
        high /= 2.0;
        ++panel;
    }
    const double low = panel + 1 < panels_.size() ? high / 2.0 : 0.0;
    return chebyshev_sum(panels_[panel],
                         std::clamp((2.0 * angle - high - low) / (high - low), -1.0, 1.0));
}

double OutputCurve::slope(double covariance) const {
    constexpr double share = 1e-5;
    const double high = std::min(covariance + share * variance_, variance_);
    const double low = std::max(covariance - share * variance_, -variance_);
    return (value(high) - value(low)) / (high - low);
}

} // namespace tinymf::host
