// SPDX-License-Identifier: Apache-2.0
#include "theory/power_average.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

#include <boost/math/quadrature/tanh_sinh.hpp>

#include "theory/gaussian_moments.hpp"

namespace tinymf::host {
namespace {

using std::numbers::pi;

constexpr int nodes = 20;

/// int_0^a (sin u sin(a - u))^p du with a = pi less the `complement`; half of it twice, so that the
/// one singular end is at u = 0.
double angular_integral(double p, double a, double complement) {
    if (!(a > 0.0)) {
        return 0.0;
    }
    constexpr double tolerance = 1e-9; // of the level before; the last one is at rounding
    static const boost::math::quadrature::tanh_sinh<double> fresh;
    boost::math::quadrature::tanh_sinh<double> rule = fresh;
    const auto integrand = [=](double u) {
        return std::pow(std::sin(u) * std::max(0.0, std::sin(complement + u)), p);
    };
    return 2.0 * rule.integrate(integrand, 0.0, a / 2.0, tolerance);
}

} // namespace

std::shared_ptr<const PowerAverage> PowerAverage::of(double exponent) {
    static std::mutex mutex;
    static std::map<double, std::shared_ptr<const PowerAverage>> known;
    const std::scoped_lock lock(mutex);
    auto& entry = known[exponent];
    if (!entry) {
        entry = std::make_shared<PowerAverage>(exponent);
    }
    return entry;
}

PowerAverage::PowerAverage(double exponent)
    : exponent_{exponent}, second_moment_{absolute_normal_moment(2.0 * exponent)},
      mean_slope_{absolute_normal_moment(exponent + 1.0)} {
    const double radial = std::pow(2.0, exponent) * std::tgamma(exponent + 1.0) / pi;
    // Close to 0, F falls as theta^2 and theta^(2p+1): the last interval, which reaches 0, holds
    // 1e-16 of it.
    const int intervals = static_cast<int>(53.0 / std::min(2.0, 2.0 * exponent + 1.0)) + 2;
    double high = pi / 2.0;
    for (int j = 0; j < intervals; ++j) {
        const double low = j + 1 == intervals ? 0.0 : high / 2.0;
        std::vector<double> values;
        for (int i = 0; i < nodes; ++i) {
            const double theta =
                (high + low) / 2.0 + (high - low) / 2.0 * std::cos(pi * (i + 0.5) / nodes);
            values.push_back(radial * (angular_integral(exponent, pi - theta, theta) -
                                       angular_integral(exponent, theta, pi - theta)));
        }
        std::vector<double>& coefficients = coefficients_.emplace_back();
        for (int k = 0; k < nodes; ++k) {
            double sum = 0.0;
            for (int i = 0; i < nodes; ++i) {
                sum += values[static_cast<std::size_t>(i)] * std::cos(pi * k * (i + 0.5) / nodes);
            }
            coefficients.push_back(sum * (k == 0 ? 1.0 : 2.0) / nodes);
        }
        high = low;
    }
}

PowerAverage::Place PowerAverage::find(double theta) const {
    double high = pi / 2.0;
    std::size_t interval = 0;
    while (interval + 1 < coefficients_.size() && theta < high / 2.0) {
        high /= 2.0;
        ++interval;
    }
    const double low = interval + 1 == coefficients_.size() ? 0.0 : high / 2.0;
    const double stretch = 2.0 / (high - low);
    return {interval, std::clamp((theta - low) * stretch - 1.0, -1.0, 1.0), stretch};
}

double PowerAverage::output(double rho) const {
    const Place place = find(std::acos(std::min(1.0, std::abs(rho))));
    const std::vector<double>& c = coefficients_[place.interval];
    double next = 0.0;
    double after = 0.0;
    for (std::size_t k = c.size(); k-- > 1;) {
        const double now = 2.0 * place.at * next - after + c[k];
        after = next;
        next = now;
    }
    return std::copysign(place.at * next - after + c[0], rho);
}

double PowerAverage::descent(double theta) const {
    const Place place = find(theta);
    const std::vector<double>& c = coefficients_[place.interval];
    double next = 0.0;
    double after = 0.0;
    for (std::size_t k = c.size(); k-- > 1;) {
        const double now = 2.0 * place.at * next - after + static_cast<double>(k) * c[k];
        after = next;
        next = now;
    }
    return -next * place.stretch;
}

double PowerAverage::slope(double rho) const {
    constexpr double smallest = 1e-5; // below, differences of F are rounding
    const double theta = std::acos(std::min(1.0, std::abs(rho)));
    const double p = exponent_;
    return theta < smallest && p > 0.5
               ? p * p * second_moment_ / (2.0 * p - 1.0)
               : descent(std::max(theta, smallest)) / std::sin(std::max(theta, smallest));
}

double PowerAverage::integral(double rho) const {
    const double magnitude = std::min(1.0, std::abs(rho));
    const double theta = std::acos(magnitude);
    const double p = exponent_;
    return (std::sin(theta) * descent(theta) - mean_slope_ * mean_slope_ +
            (2.0 * p + 1.0) * magnitude * output(magnitude)) /
           ((p + 1.0) * (p + 1.0));
}

} // namespace tinymf::host
