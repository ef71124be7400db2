// SPDX-License-Identifier: Apache-2.0
#include "theory/lyapunov_schroedinger.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/math/tools/roots.hpp>

namespace tinymf::host {
namespace {

/// psi'/psi at lag 0 of the solution that decays at rate sqrt(rate_square - W(infinity)).
double log_derivative_at_origin(std::span<const double> slopes, std::span<const double> stretch,
                                double rate_square) {
    double z = -std::sqrt(std::max(0.0, rate_square - slopes.back()));
    const auto derivative = [&](std::size_t index, double value) {
        return stretch[index] * (rate_square - slopes[index] - value * value);
    };
    // Above sqrt(rate_square) it can only grow on the way to 0, and would pass a node of psi.
    for (std::size_t index = slopes.size() - 1; index >= 2 && z * z <= rate_square; index -= 2) {
        const double k1 = derivative(index, z);
        const double k2 = derivative(index - 1, z - k1);
        const double k3 = derivative(index - 1, z - k2);
        const double k4 = derivative(index - 2, z - 2.0 * k3);
        z -= (k1 + 2.0 * k2 + 2.0 * k3 + k4) / 3.0;
    }
    return z;
}

struct GradedLags {
    std::vector<double> lag;
    std::vector<double> stretch;
};

/// lag = s^2 / (1 + s), s equally spaced: an odd number of lags up to about `longest`.
GradedLags graded_lags(double longest) {
    constexpr std::size_t intervals = 10000;
    const double step = (longest + 1.0) / static_cast<double>(intervals);
    GradedLags lags;
    for (std::size_t j = 0; j <= intervals; ++j) {
        const double s = step * static_cast<double>(j);
        lags.lag.push_back(s * s / (1.0 + s));
        lags.stretch.push_back(step * s * (2.0 + s) / ((1.0 + s) * (1.0 + s)));
    }
    return lags;
}

} // namespace

double lyapunov_from_slopes(std::span<const double> slopes, std::span<const double> stretch) {
    const double lowest = std::sqrt(slopes.back());
    const double highest = std::sqrt(*std::max_element(slopes.begin(), slopes.end()));
    if (highest - lowest < 1e-14 * highest) {
        return -1.0 + highest;
    }
    const auto mismatch = [&](double rate) {
        return log_derivative_at_origin(slopes, stretch, rate * rate);
    };
    if (mismatch(lowest) <= 0.0) { // a well too shallow for the grid
        return -1.0 + lowest;
    }
    if (!(mismatch(highest) < 0.0)) { // W is constant to rounding
        return -1.0 + highest;
    }
    std::uintmax_t evaluations = 100;
    const auto bracket = boost::math::tools::toms748_solve(
        mismatch, lowest, highest, boost::math::tools::eps_tolerance<double>(48), evaluations);
    return -1.0 + (bracket.first + bracket.second) / 2.0;
}

double lyapunov_of_correlation(
    const BivariateAverage& average, double gain,
    const std::function<std::vector<double>(std::span<const double>)>& correlation,
    double decay_rate) {
    // Beyond 5000 time constants W changes so slowly that psi'/psi follows it.
    const GradedLags lags = graded_lags(std::min(5000.0, 40.0 / std::max(decay_rate, 1e-3)));
    std::vector<double> slopes = correlation(lags.lag);
    for (double& value : slopes) {
        value = gain * gain * average.slope(value);
    }
    return lyapunov_from_slopes(slopes, lags.stretch);
}

double largest_lyapunov_exponent(const Autocorrelation& correlation, double gain) {
    return lyapunov_of_correlation(
        correlation.average(), gain,
        [&](std::span<const double> lags) { return correlation.at(lags); },
        correlation.decay_rate());
}

} // namespace tinymf::host
