// SPDX-License-Identifier: Apache-2.0
#include "reference/gaussian_pair_average.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "reference/geometric_mean.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using std::numbers::pi;

/// Beyond this many standard deviations the normal weight, 2e-22, against the fastest growing
/// activation is below rounding.
constexpr double reach = 10.0;

/// The rule's error estimate is that of the level before; at 1e-9 the last one is at rounding.
constexpr double tanh_sinh_tolerance = 1e-9;

double normal_density(double z) {
    return std::exp(-z * z / 2.0) / std::sqrt(2.0 * pi);
}

/// Nodes and weights of the trapezoid rule against the normal law.
struct NormalRule {
    std::vector<double> nodes;
    std::vector<double> weights;

    explicit NormalRule(double step, bool upper_half = false) {
        const int last = static_cast<int>(reach / step);
        for (int j = upper_half ? 1 : -last; j <= last; ++j) {
            nodes.push_back(j * step);
            weights.push_back((upper_half ? 2.0 : 1.0) * step * normal_density(nodes.back()));
        }
    }

    /// <f(x)>.
    template <class Function>
    [[nodiscard]] double average(const GaussianInput& x, const Function& f) const {
        const double deviation = std::sqrt(x.variance);
        double sum = 0.0;
        for (std::size_t j = 0; j < nodes.size(); ++j) {
            sum += weights[j] * f(x.mean + deviation * nodes[j]);
        }
        return sum;
    }
};

/// Integral of f against the law of x, split at the `breaks`; f is smooth between them. Of a
/// function that is zero below zero (`rectified`) what lies above counts, however unlikely.
template <class Function>
double split_average(boost::math::quadrature::tanh_sinh<double>& rule, const GaussianInput& x,
                     bool rectified, std::vector<double> breaks, Function&& f) {
    const double deviation = std::sqrt(x.variance);
    const double lowest = x.mean - reach * deviation;
    const double highest = (rectified ? std::max(x.mean, 0.0) : x.mean) + reach * deviation;
    std::erase_if(breaks, [&](double at) { return !(at > lowest && at < highest); });
    breaks.insert(breaks.end(), {lowest, highest});
    std::sort(breaks.begin(), breaks.end());
    double sum = 0.0;
    for (std::size_t k = 0; k + 1 < breaks.size(); ++k) {
        const double length = breaks[k + 1] - breaks[k];
        // On [0, 1]: the rule cannot tell the nodes next to an end of any size from the end.
        sum += length * rule.integrate(
                            [&](double share) {
                                const double at = breaks[k] + length * share;
                                return f(at) * normal_density((at - x.mean) / deviation);
                            },
                            0.0, 1.0, tanh_sinh_tolerance);
    }
    return sum / deviation;
}

/// y given x = `at`: its mean is linear in x, its variance the rest.
GaussianInput conditional(const GaussianInput& x, const GaussianInput& y, double covariance,
                          double at) {
    const double slope = covariance / x.variance;
    return {y.mean + slope * (at - x.mean), std::max(0.0, y.variance - slope * covariance)};
}

/// erf is a normal law's distribution, so that the two laws add.
double erf_average(const GaussianInput& x) {
    return std::erf(x.mean / std::sqrt(1.0 + 2.0 * x.variance));
}

} // namespace

GaussianPairAverage::GaussianPairAverage(const experiment::Parameters<double>& parameters)
    : parameters_{parameters}, activation_{reference_activation(parameters)} {
    if (parameters.activation == ActivationKind::power_law) {
        shifted_power_.emplace(parameters.exponent);
    }
}

bool GaussianPairAverage::rectified() const {
    return parameters_.activation == ActivationKind::relu;
}

bool GaussianPairAverage::kinked() const {
    return rectified() || parameters_.activation == ActivationKind::power_law;
}

/// The normal weight alone converges as exp(-2 pi^2 / step^2). A pole at d deviations leaves
/// exp(-2 pi d / step), times the weight there, exp(d^2 / 2), and a residue. erf has no poles but
/// grows as exp(variance d^2) off the axis, twice in a product; the best d is then in between.
double GaussianPairAverage::step(double variance) const {
    constexpr double digits = 38.0; // exp(-38) = 3e-17
    constexpr double residue = 8.0; // its logarithm, of a double pole
    constexpr double coarsest = 0.65;
    if (parameters_.activation == ActivationKind::erf) {
        return pi * std::sqrt(2.0 / (digits * (1.0 + 2.0 * variance)));
    }
    const double distance = pole_distance(parameters_) / std::sqrt(variance);
    const bool far = !(distance < 2.0 * pi / coarsest); // where the weight takes over
    return far ? coarsest
               : std::min(coarsest,
                          2.0 * pi * distance / (digits + residue + distance * distance / 2.0));
}

double GaussianPairAverage::output(const GaussianInput& x, const GaussianInput& y,
                                   double covariance) const {
    if (parameters_.activation == ActivationKind::linear) {
        return covariance + x.mean * y.mean;
    }
    if (x.variance < y.variance) {
        return output(y, x, covariance);
    }
    if (y.variance == 0.0) {
        return output(x) * activation_.value(y.mean);
    }
    const bool centred = x.mean == 0.0 && y.mean == 0.0;
    if (kinked()) {
        return centred ? homogeneous_pair(x.variance, y.variance, covariance)
                       : split_pair(x, y, covariance);
    }
    if (parameters_.activation == ActivationKind::erf && centred) {
        const double spread = (1.0 + 2.0 * x.variance) * (1.0 + 2.0 * y.variance);
        return 2.0 / pi * std::asin(2.0 * covariance / std::sqrt(spread));
    }
    return smooth_pair(x, y, covariance);
}

double GaussianPairAverage::evaluations(const GaussianInput& x, const GaussianInput& y,
                                        double covariance) const {
    const bool in_the_plane = parameters_.activation == ActivationKind::tanh ||
                              parameters_.activation == ActivationKind::pade;
    if (!in_the_plane || x.variance == 0.0 || y.variance == 0.0) {
        return 0.0;
    }
    const GaussianInput& outer = x.variance < y.variance ? y : x;
    const GaussianInput& inner = x.variance < y.variance ? x : y;
    const double rest = conditional(outer, inner, covariance, outer.mean).variance;
    return (1.0 + 2.0 * reach / step(outer.variance)) * (1.0 + 2.0 * reach / step(rest));
}

double GaussianPairAverage::smooth_pair(const GaussianInput& x, const GaussianInput& y,
                                        double covariance) const {
    const GaussianInput rest = conditional(x, y, covariance, x.mean);
    const double deviation = std::sqrt(x.variance);
    // Every smooth activation is odd: without means (z1, z2) and (-z1, -z2) give the same.
    const bool centred = x.mean == 0.0 && y.mean == 0.0;
    const NormalRule outer(step(x.variance), centred);
    std::optional<NormalRule> inner;
    if (parameters_.activation != ActivationKind::erf) {
        inner.emplace(step(rest.variance));
    }
    double sum = 0.0;
    for (std::size_t i = 0; i < outer.nodes.size(); ++i) {
        const double at = x.mean + deviation * outer.nodes[i];
        const GaussianInput given = conditional(x, y, covariance, at);
        sum += outer.weights[i] * activation_.value(at) *
               (inner ? inner->average(given, activation_.value) : erf_average(given));
    }
    return sum;
}

/// In polar coordinates x = r cos(theta), y = r cos(theta - psi) with cos(psi) the correlation,
/// and the radius gives <r^2p> = 2^p Gamma(p + 1). The product is positive over an angle pi - psi
/// and, for an odd power, negative over psi, twice around.
double GaussianPairAverage::homogeneous_pair(double variance_x, double variance_y,
                                             double covariance) const {
    const double p = rectified() ? 1.0 : parameters_.exponent;
    const double both = geometric_mean(variance_x, variance_y);
    const double rho = std::clamp(covariance / both, -1.0, 1.0);
    const double psi = std::atan2(std::sqrt((1.0 - rho) * (1.0 + rho)), rho);
    const double positive = angular_integral(pi - psi, psi);
    const double radial = std::pow(2.0, p) * std::tgamma(p + 1.0) * std::pow(both, p);
    return radial / (2.0 * pi) *
           (rectified() ? positive : 2.0 * (positive - angular_integral(psi, pi - psi)));
}

/// Integral of (sin u sin(angle - u))^p from 0 to `angle`, which is pi less the `complement`; half
/// of it twice, so that the one singular end is at u = 0.
double GaussianPairAverage::angular_integral(double angle, double complement) const {
    if (!(angle > 0.0)) {
        return 0.0;
    }
    const double p = parameters_.activation == ActivationKind::relu ? 1.0 : parameters_.exponent;
    const auto integrand = [=](double u) {
        return std::pow(std::sin(u) * std::max(0.0, std::sin(complement + u)), p);
    };
    return 2.0 * tanh_sinh_.integrate(integrand, 0.0, angle / 2.0, tanh_sinh_tolerance);
}

double GaussianPairAverage::split_pair(const GaussianInput& x, const GaussianInput& y,
                                       double covariance) const {
    // The one that is deeper in its tail decides what matters of the other.
    if (rectified() && y.mean * std::sqrt(x.variance) < x.mean * std::sqrt(y.variance)) {
        return split_pair_in_order(y, x, covariance);
    }
    return split_pair_in_order(x, y, covariance);
}

double GaussianPairAverage::split_pair_in_order(const GaussianInput& x, const GaussianInput& y,
                                                double covariance) const {
    std::vector<double> breaks{0.0};
    if (covariance != 0.0) {
        breaks.push_back(x.mean - y.mean * x.variance / covariance); // where y's mean is zero
    }
    return split_average(tanh_sinh_, x, rectified(), breaks, [&](double at) {
        return activation_.value(at) * output(conditional(x, y, covariance, at));
    });
}

double GaussianPairAverage::output(const GaussianInput& x) const {
    if (x.variance == 0.0) {
        return activation_.value(x.mean);
    }
    const double deviation = std::sqrt(x.variance);
    if (rectified()) {
        const double z = x.mean / deviation;
        return x.mean * std::erfc(-z / std::numbers::sqrt2) / 2.0 + deviation * normal_density(z);
    }
    if (parameters_.activation == ActivationKind::erf) {
        return erf_average(x);
    }
    if (shifted_power_) {
        return std::pow(deviation, parameters_.exponent) *
               shifted_power_->value(x.mean / deviation);
    }
    return NormalRule(step(x.variance)).average(x, activation_.value);
}

double GaussianPairAverage::slope(const GaussianInput& x) const {
    if (x.variance == 0.0) {
        return activation_.slope(x.mean);
    }
    if (kinked()) { // Stein: the slope itself is unbounded for a power below 1
        return split_average(tanh_sinh_, x, rectified(), {0.0},
                             [&](double at) { return (at - x.mean) * activation_.value(at); }) /
               x.variance;
    }
    return NormalRule(step(x.variance)).average(x, activation_.slope);
}

} // namespace tinymf::host
