// SPDX-License-Identifier: Apache-2.0
#include "theory/energy_condition.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/tools/roots.hpp>

namespace tinymf::host {
namespace {

constexpr double largest_variance = 1e6;

/// Root of a function that is positive at `lowest`, at its first change of sign on a ladder of
/// ratio `rung`.
template <class Function>
std::optional<double> first_descent(const Function& f, double lowest, double rung) {
    double low = lowest;
    double f_low = f(low);
    if (f_low <= 0.0) {
        return low;
    }
    while (low < largest_variance) {
        const double high = low * rung;
        const double f_high = f(high);
        if (f_high <= 0.0) {
            std::uintmax_t evaluations = 200;
            const auto bracket = boost::math::tools::toms748_solve(
                f, low, high, f_low, f_high, boost::math::tools::eps_tolerance<double>(52),
                evaluations);
            return (bracket.first + bracket.second) / 2.0;
        }
        low = high;
        f_low = f_high;
    }
    return std::nullopt;
}

std::optional<double> frozen_variance(const experiment::Parameters<double>& parameters,
                                      double strength) {
    const double x = parameters.gain * parameters.gain;
    const auto excess = [&](double variance) {
        return strength + x * gaussian_moments(parameters, variance).output_variance - variance;
    };
    return first_descent(excess, strength, 1.02);
}

std::optional<double> moving_variance(const experiment::Parameters<double>& parameters,
                                      double strength) {
    const auto energy = [&](double variance) {
        const BivariateAverage average(parameters, variance);
        const auto plateau = correlation_plateau(average, parameters.gain);
        return strength * strength / 4.0 -
               (plateau ? particle_speed_square(average, parameters.gain, *plateau, variance)
                        : -1.0);
    };
    // Without drive a variance of 1e-6 belongs to a gain 1e-6 above the critical one.
    return strength > 0.0 ? first_descent(energy, strength / 2.0, 1.1)
                          : first_descent(energy, 1e-6, 1.3);
}

/// C_x(0) = (2 g^2 k)^(1/(1-p)), where g^2 k variance^(p+1) is the integral of F.
double undriven_power_variance(const experiment::Parameters<double>& parameters) {
    const BivariateAverage at_one(parameters, 1.0);
    return std::pow(2.0 * parameters.gain * parameters.gain * at_one.integral(1.0),
                    1.0 / (1.0 - parameters.exponent));
}

std::optional<double> undriven_variance(const experiment::Parameters<double>& parameters) {
    if (parameters.gain * slope_at_rest(parameters) <= 1.0) {
        return 0.0;
    }
    if (parameters.activation == model::ActivationKind::power_law) {
        return undriven_power_variance(parameters);
    }
    return moving_variance(parameters, 0.0);
}

} // namespace

std::optional<double> correlation_plateau(const BivariateAverage& average, double gain) {
    if (average.odd()) {
        return 0.0;
    }
    const double x = gain * gain;
    const auto excess = [&](double c) { return x * average.output(c) - c; };
    const double variance = average.variance();
    if (excess(variance) >= 0.0) {
        return std::nullopt;
    }
    if (x == 0.0) {
        return 0.0;
    }
    std::uintmax_t evaluations = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        excess, 0.0, variance, boost::math::tools::eps_tolerance<double>(52), evaluations);
    return (bracket.first + bracket.second) / 2.0;
}

double particle_speed_square(const BivariateAverage& average, double gain, double plateau,
                             double covariance) {
    const double x = gain * gain;
    const double above = covariance - plateau;
    if (plateau > 0.0 && above < 1e-4 * average.variance()) { // the difference would cancel
        return (1.0 - x * average.slope(plateau)) * above * above;
    }
    const double start = plateau == 0.0 ? 0.0 : average.integral(plateau);
    return above * (covariance + plateau) - 2.0 * x * (average.integral(covariance) - start);
}

std::optional<double> stationary_variance(const experiment::Parameters<double>& parameters,
                                          const Drive& drive) {
    switch (drive.kind) {
    case Drive::Kind::frozen:
        return frozen_variance(parameters, drive.strength);
    case Drive::Kind::white:
        return moving_variance(parameters, drive.strength);
    case Drive::Kind::none:
        return undriven_variance(parameters);
    case Drive::Kind::colored:
        break;
    }
    return std::nullopt;
}

} // namespace tinymf::host
