// SPDX-License-Identifier: Apache-2.0
#include "theory/critical_gain.hpp"

#include <cmath>
#include <numbers>
#include <optional>

#include <boost/math/tools/roots.hpp>

#include "theory/discrete_lyapunov.hpp"
#include "theory/energy_condition.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/linear_stability.hpp"

namespace tinymf::host {
namespace {

using Parameters = experiment::Parameters<double>;

/// Where x = 0 loses stability.
double silent_critical_gain(const Parameters& parameters, double slope, const TimeScheme& scheme) {
    const double linear =
        scheme.continuous() ? 1.0 : linear_critical_gain(parameters.integrator, scheme.dt(), 0.0);
    return linear / slope;
}

/// Above it C_x(0) = s2 + g^2 m C_x(0)^p has no solution.
double frozen_power_limit(double p, double s2) {
    const double largest =
        std::pow(p - 1.0, p - 1.0) / (std::pow(p, p) * absolute_normal_moment(2.0 * p));
    return std::sqrt(largest * std::pow(s2, 1.0 - p));
}

/// Above it s2^2/8 - v^2/2 + g^2 k v^(p+1) has no root v; k v^(p+1) is the integral of F.
double white_power_limit(const Parameters& parameters, double s2) {
    const double p = parameters.exponent;
    const double k = BivariateAverage(parameters, 1.0).integral(1.0);
    const double square = s2 * s2 * (p + 1.0) / (4.0 * (p - 1.0));
    return std::sqrt((square / 2.0 - s2 * s2 / 8.0) / (k * std::pow(square, (p + 1.0) / 2.0)));
}

/// Largest Lyapunov exponent at a gain, or what has its sign and its zero; nothing where no state
/// is found.
std::optional<double> instability_at(Parameters parameters, double gain, const Drive& drive,
                                     const TimeScheme& scheme) {
    parameters.gain = gain;
    if (drive.kind == Drive::Kind::frozen) {
        const auto variance = stationary_variance(parameters, drive);
        if (!variance) {
            return std::nullopt;
        }
        return fixed_point_lyapunov_exponent(
            gain, gaussian_moments(parameters, *variance).slope_square, scheme);
    }
    const auto state = fluctuating_state(parameters, drive, scheme);
    if (!state) {
        return std::nullopt;
    }
    return state->stability_margin ? -state->stability_margin() : state->lyapunov_exponent();
}

Quantity<double> onset_of_instability(const Parameters& parameters, const Drive& drive,
                                      const TimeScheme& scheme) {
    constexpr double rung = 1.25;
    constexpr double highest_gain = 50.0;
    constexpr double lowest_gain = 1e-12; // that of a power law below 1 goes as sigma^(1-p)
    const auto instability = [&](double gain) {
        return instability_at(parameters, gain, drive, scheme).value_or(std::nan(""));
    };
    double low = 0.5 / slope_at_rest(parameters);
    if (!(low > 0.0 && std::isfinite(low))) {
        low = 0.1;
    }
    double at_low = instability(low);
    while (at_low >= 0.0 && low > lowest_gain) {
        low /= 8.0;
        at_low = instability(low);
    }
    while (low < highest_gain) {
        const double high = low * rung;
        const double at_high = instability(high);
        if (std::isnan(at_low) || std::isnan(at_high)) {
            return Unknown{"the stationary state was not found at every gain on the way"};
        }
        if (at_low < 0.0 && at_high >= 0.0) {
            std::uintmax_t evaluations = 60;
            const auto bracket = boost::math::tools::toms748_solve(
                instability, low, high, at_low, at_high,
                boost::math::tools::eps_tolerance<double>(32), evaluations);
            return (bracket.first + bracket.second) / 2.0;
        }
        low = high;
        at_low = at_high;
    }
    return Unknown{"stable at every gain up to 50"};
}

} // namespace

Quantity<double> nonlinear_critical_gain(const Parameters& parameters, const Drive& drive,
                                         const TimeScheme& scheme) {
    if (parameters.activation == model::ActivationKind::relu) {
        return std::numbers::sqrt2;
    }
    const bool power = parameters.activation == model::ActivationKind::power_law;
    const double slope = slope_at_rest(parameters);
    if (drive.kind == Drive::Kind::none) {
        if (slope > 0.0 && std::isfinite(slope)) {
            return silent_critical_gain(parameters, slope, scheme);
        }
        return slope > 0.0 ? Unknown{"the slope at rest is infinite: x = 0 is never stable"}
                           : Unknown{"the slope at rest is not positive: x = 0 is always stable"};
    }
    if (power && parameters.exponent > 1.0) {
        if (drive.kind == Drive::Kind::frozen) {
            return frozen_power_limit(parameters.exponent, drive.strength);
        }
        if (drive.kind == Drive::Kind::white && scheme.continuous()) {
            return white_power_limit(parameters, drive.strength);
        }
        return Unknown{
            "the limit of a power above 1 is given for static noise, and for white noise "
            "in the continuum"};
    }
    if (power && (drive.kind != Drive::Kind::frozen || parameters.exponent <= 0.5)) {
        return drive.kind == Drive::Kind::frozen
                   ? Unknown{"<phi'^2> is infinite: no fixed point is stable at any gain"}
                   : Unknown{"the Lyapunov exponent of a power below 1 in time is not given: its "
                             "slope is unbounded at 0"};
    }
    return onset_of_instability(parameters, drive, scheme);
}

} // namespace tinymf::host
