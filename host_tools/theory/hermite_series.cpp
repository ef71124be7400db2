// SPDX-License-Identifier: Apache-2.0
#include "theory/hermite_series.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Dense>

#include "equations/reference_activation.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using std::numbers::pi;

/// Of h^2 against the whole sum: what is left out is rounding in a product with any other variance.
constexpr double negligible = 1e-28;

/// h_k = <phi(sqrt(variance) z) He_k(z)> / sqrt(k!) by the trapezoid rule on z > 0. The recursion
/// runs on Hermite functions, which stay bounded where the polynomials overflow.
std::vector<double> integrated_series(const experiment::Parameters<double>& parameters,
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
    std::vector<double> series;
    while (series.size() < HermiteSeries::longest) {
        const double k = static_cast<double>(2 * series.size() + 1);
        const double h = (output * odd).sum();
        series.push_back(h);
        if (h * h < negligible * whole && series.size() > 4) {
            break;
        }
        even = (z * odd - std::sqrt(k) * even) / std::sqrt(k + 1.0);
        odd = (z * even - std::sqrt(k + 1.0) * odd) / std::sqrt(k + 2.0);
    }
    return series;
}

// A series holds odd orders only: what is not odd needs a closed form.
static_assert(std::ranges::count(model::activation_traits, false, &model::ActivationTraits::odd) ==
                  1 &&
              !model::is_odd(ActivationKind::relu));

std::vector<double> coefficients_of(const experiment::Parameters<double>& parameters,
                                    double variance, double whole) {
    switch (parameters.activation) {
    case ActivationKind::linear:
        return {std::sqrt(variance)};
    case ActivationKind::power_law:
    case ActivationKind::erf:
    case ActivationKind::relu:
        return {};
    case ActivationKind::tanh:
        if (variance > HermiteSeries::widest_tanh) {
            return {};
        }
        break;
    default:
        break;
    }
    return integrated_series(parameters, variance, whole);
}

void take_up_remainder(double whole, std::vector<double>& series) {
    double remainder = whole;
    for (const double h : series) {
        remainder -= h * h;
    }
    double& last = series.back();
    last = std::copysign(std::sqrt(last * last + std::max(0.0, remainder)), last);
}

} // namespace

HermiteSeries hermite_series(const experiment::Parameters<double>& parameters, double variance) {
    HermiteSeries series{variance, gaussian_moments(parameters, variance), {}};
    const double whole = series.moments.output_variance;
    series.coefficients = coefficients_of(parameters, variance, whole);
    if (series.coefficients.size() == HermiteSeries::longest) {
        take_up_remainder(whole, series.coefficients);
    }
    return series;
}

} // namespace tinymf::host
