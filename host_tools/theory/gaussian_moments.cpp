// SPDX-License-Identifier: Apache-2.0
#include "theory/gaussian_moments.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "equations/reference_activation.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using std::numbers::pi;

GaussianMoments erf_moments(double variance) {
    const double spread = 1.0 + 2.0 * variance;
    return {2.0 / pi * std::asin(2.0 * variance / spread), 2.0 / std::sqrt(pi * spread),
            4.0 / pi / std::sqrt(1.0 + 4.0 * variance)};
}

GaussianMoments power_moments(double p, double variance) {
    return {absolute_normal_moment(2.0 * p) * std::pow(variance, p),
            p * absolute_normal_moment(p - 1.0) * std::pow(variance, (p - 1.0) / 2.0),
            p * p * absolute_normal_moment(2.0 * p - 2.0) * std::pow(variance, p - 1.0)};
}

GaussianMoments integrated_moments(const experiment::Parameters<double>& parameters,
                                   double variance) {
    const ReferenceActivation activation = reference_activation(parameters);
    const double scale = std::sqrt(variance);
    const double step = quadrature_step(parameters, variance);
    const int reach = static_cast<int>(quadrature_reach / step);
    const double weight_scale = step / std::sqrt(2.0 * pi);
    GaussianMoments moments{};
    for (int j = -reach; j <= reach; ++j) {
        const double z = j * step;
        const double weight = weight_scale * std::exp(-z * z / 2.0);
        const double value = activation.value(scale * z);
        const double slope = activation.slope(scale * z);
        moments.output_variance += weight * value * value;
        moments.mean_slope += weight * slope;
        moments.slope_square += weight * slope * slope;
    }
    return moments;
}

} // namespace

double absolute_normal_moment(double order) {
    if (order <= -1.0) {
        return std::numeric_limits<double>::infinity();
    }
    return std::pow(2.0, order / 2.0) * std::tgamma((order + 1.0) / 2.0) / std::sqrt(pi);
}

double quadrature_step(const experiment::Parameters<double>& parameters, double variance) {
    constexpr double digits = 40.0; // exp(-40) = 4e-18
    const double distance = pole_distance(parameters);
    return std::clamp(2.0 * pi * distance / (std::sqrt(variance) * digits), 5e-4, 0.05);
}

GaussianMoments gaussian_moments(const experiment::Parameters<double>& parameters,
                                 double variance) {
    switch (parameters.activation) {
    case ActivationKind::linear:
        return {variance, 1.0, 1.0};
    case ActivationKind::relu:
        return {variance / 2.0, 0.5, 0.5};
    case ActivationKind::erf:
        return erf_moments(variance);
    case ActivationKind::power_law:
        return power_moments(parameters.exponent, variance);
    default:
        return integrated_moments(parameters, variance);
    }
}

double slope_at_rest(const experiment::Parameters<double>& parameters) {
    switch (parameters.activation) {
    case ActivationKind::relu:
        return 1.0; // on its way up
    case ActivationKind::power_law:
        return parameters.exponent > 1.0   ? 0.0
               : parameters.exponent < 1.0 ? std::numeric_limits<double>::infinity()
                                           : 1.0;
    default:
        return reference_activation(parameters).slope(0.0);
    }
}

bool is_linear(const experiment::Parameters<double>& parameters) {
    switch (parameters.activation) {
    case ActivationKind::linear:
        return true;
    case ActivationKind::power_law:
        return parameters.exponent == 1.0;
    case ActivationKind::pade: {
        const auto& a = parameters.pade_numerator;
        const auto& b = parameters.pade_denominator;
        const auto zero = [](double coefficient) { return coefficient == 0.0; };
        return a[0] == 1.0 && std::all_of(a.begin() + 1, a.end(), zero) &&
               std::all_of(b.begin(), b.end(), zero);
    }
    default:
        return false;
    }
}

} // namespace tinymf::host
