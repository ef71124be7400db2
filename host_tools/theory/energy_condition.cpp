// SPDX-License-Identifier: Apache-2.0
#include "theory/energy_condition.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/roots.hpp>

namespace tinymf::host {
namespace {

/// Where the search for a variance gives up. That of ReLU is proportional to the drive, with a
/// factor that diverges at the critical gain; what saturates is found long before.
double largest_variance(const experiment::Parameters<double>& parameters, double strength) {
    return parameters.activation == model::ActivationKind::relu ? 1e16 * strength
                                                                : 1e6 * std::max(1.0, strength);
}

/// Root of a function that is positive at `lowest`, at its first change of sign on a ladder of
/// ratio `rung`.
template <class Function>
std::optional<double> first_descent(const Function& f, double lowest, double highest, double rung) {
    double low = lowest;
    double f_low = f(low);
    if (f_low <= 0.0) {
        return low;
    }
    while (low < highest) {
        const double high = low * rung;
        const double f_high = f(high);
        if (std::isnan(f_high)) {
            return std::nullopt;
        }
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

/// Where f changes its sign; where rounding lets it have one sign at both ends, the end nearer 0.
template <class Function>
double root_between(const Function& f, double low, double high) {
    const double at_low = f(low);
    const double at_high = f(high);
    if (!(at_low * at_high < 0.0)) {
        return std::abs(at_low) < std::abs(at_high) ? low : high;
    }
    std::uintmax_t evaluations = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        f, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(52), evaluations);
    return (bracket.first + bracket.second) / 2.0;
}

/// For a power below 1, whose one solution grows with the gain beyond any ladder: the root of a
/// function that is positive at `lowest` and not from `highest` on, found in the logarithm.
template <class Function>
std::optional<double> root_within(const Function& f, double lowest, double highest) {
    const auto of_logarithm = [&](double logarithm) { return f(std::exp(logarithm)); };
    const double low = std::log(lowest) - 1e-9;
    const double high = std::log(highest) + 1e-9;
    if (!std::isfinite(high) || of_logarithm(low) <= 0.0 || of_logarithm(high) >= 0.0) {
        return std::nullopt;
    }
    std::uintmax_t evaluations = 200;
    const auto bracket = boost::math::tools::toms748_solve(
        of_logarithm, low, high, boost::math::tools::eps_tolerance<double>(52), evaluations);
    return std::exp((bracket.first + bracket.second) / 2.0);
}

bool power_below_one(const experiment::Parameters<double>& parameters) {
    return parameters.activation == model::ActivationKind::power_law && parameters.exponent < 1.0;
}

/// v = s2 + c v^p lies below (s2^(1-p) + c)^(1/(1-p)), because v >= s2.
std::optional<double> frozen_power_variance(double p, double s2, double c) {
    const auto excess = [=](double v) { return s2 + c * std::pow(v, p) - v; };
    return root_within(excess, s2, std::pow(std::pow(s2, 1.0 - p) + c, 1.0 / (1.0 - p)));
}

/// v^2 = s2^2/4 + c v^(p+1) likewise, from v = s2/2 on.
std::optional<double> moving_power_variance(double p, double s2, double c) {
    const auto excess = [=](double v) { return s2 * s2 / 4.0 + c * std::pow(v, p + 1.0) - v * v; };
    return root_within(excess, s2 / 2.0,
                       std::pow(std::pow(s2 / 2.0, 1.0 - p) + c, 1.0 / (1.0 - p)));
}

std::optional<double> frozen_variance(const experiment::Parameters<double>& parameters,
                                      double strength) {
    const double x = parameters.gain * parameters.gain;
    if (power_below_one(parameters)) {
        return frozen_power_variance(parameters.exponent, strength,
                                     x * gaussian_moments(parameters, 1.0).output_variance);
    }
    const auto excess = [&](double variance) {
        return strength + x * gaussian_moments(parameters, variance).output_variance - variance;
    };
    return first_descent(excess, strength, largest_variance(parameters, strength), 1.02);
}

/// 2 g^2 k, where k variance^(p+1) is the integral of F.
double power_coupling(const experiment::Parameters<double>& parameters) {
    return 2.0 * parameters.gain * parameters.gain *
           BivariateAverage(parameters, 1.0).integral(1.0);
}

std::optional<double> moving_variance(const experiment::Parameters<double>& parameters,
                                      double strength) {
    if (power_below_one(parameters)) {
        return moving_power_variance(parameters.exponent, strength, power_coupling(parameters));
    }
    const auto energy = [&](double variance) {
        const BivariateAverage average(parameters, variance);
        const auto plateau = correlation_plateau(average, parameters.gain, 0.0);
        return strength * strength / 4.0 -
               (plateau ? particle_speed_square(average, parameters.gain, 0.0, *plateau, variance)
                        : -1.0);
    };
    const double highest = largest_variance(parameters, strength);
    // Where it sets in, the variance is of the order of the gain's excess over the critical one.
    const double onset = 1e-6 * std::min(1.0, parameters.gain * slope_at_rest(parameters) - 1.0);
    return strength > 0.0 ? first_descent(energy, strength / 2.0, highest, 1.1)
                          : first_descent(energy, onset, highest, 1.3);
}

std::optional<double> undriven_variance(const experiment::Parameters<double>& parameters) {
    if (parameters.activation == model::ActivationKind::relu) {
        // C'' = C - g^2 F(C) has no other bounded solution: F of a state twice as large is twice F.
        return parameters.gain < std::numbers::sqrt2 ? std::optional(0.0) : std::nullopt;
    }
    if (parameters.gain * slope_at_rest(parameters) <= 1.0) {
        return 0.0;
    }
    if (parameters.activation == model::ActivationKind::power_law) {
        return std::pow(power_coupling(parameters), 1.0 / (1.0 - parameters.exponent));
    }
    return moving_variance(parameters, 0.0);
}

/// Twice the integral of c - s - g^2 F from the plateau to c, on panels that halve towards full
/// correlation, where F of a power law or of ReLU is no polynomial.
double potential_difference(const BivariateAverage& average, double gain, double frozen_strength,
                            double plateau, double covariance) {
    constexpr double negligible = 1e-12; // a panel's share, relative to the first, is its square
    const double x = gain * gain;
    const auto slope_of_potential = [&](double c) {
        return c - frozen_strength - x * average.output(c);
    };
    double sum = 0.0;
    double low = plateau;
    while (low < covariance) {
        const double to_full = average.variance() - low;
        const bool last = to_full < negligible * (average.variance() - plateau);
        const double high = last ? covariance : std::min(covariance, low + to_full / 2.0);
        sum += boost::math::quadrature::gauss<double, 10>::integrate(slope_of_potential, low, high);
        low = high;
    }
    return 2.0 * sum;
}

} // namespace

std::optional<double> correlation_plateau(const BivariateAverage& average, double gain,
                                          double frozen_strength) {
    if (average.odd() && frozen_strength == 0.0) {
        return 0.0;
    }
    const double x = gain * gain;
    const auto excess = [&](double c) { return frozen_strength + x * average.output(c) - c; };
    double highest = average.variance();
    if (frozen_strength > 0.0) { // convex: the lower of two roots lies below the lowest point
        const auto gap = [&](double c) { return x * average.slope(c) - 1.0; };
        highest = gap(highest) > 0.0 && gap(0.0) < 0.0 ? root_between(gap, 0.0, highest) : 0.0;
    }
    if (excess(highest) >= 0.0) {
        return std::nullopt;
    }
    return x == 0.0 ? frozen_strength : root_between(excess, 0.0, highest);
}

double particle_speed_square(const BivariateAverage& average, double gain, double frozen_strength,
                             double plateau, double covariance) {
    const double x = gain * gain;
    const double above = covariance - plateau;
    if (above <= 0.0) {
        return 0.0;
    }
    if (plateau > 0.0 && above < 0.05 * average.variance()) { // the difference would cancel
        return potential_difference(average, gain, frozen_strength, plateau, covariance);
    }
    const double start = plateau == 0.0 ? 0.0 : average.integral(plateau);
    return above * (covariance + plateau - 2.0 * frozen_strength) -
           2.0 * x * (average.integral(covariance) - start);
}

std::optional<double> chaotic_variance(const experiment::Parameters<double>& parameters,
                                       double frozen_strength) {
    const auto fixed = frozen_variance(parameters, frozen_strength);
    if (!fixed || parameters.activation == model::ActivationKind::relu) {
        return std::nullopt;
    }
    const double gain = parameters.gain;
    // Positive where the particle would pass the plateau, or finds none.
    const auto energy = [&](double variance) {
        const BivariateAverage average(parameters, variance);
        const auto plateau = correlation_plateau(average, gain, frozen_strength);
        return plateau ? -particle_speed_square(average, gain, frozen_strength, *plateau, variance)
                       : 1.0;
    };
    const double span = *fixed - frozen_strength;
    double high = *fixed;
    double at_high = -1.0;
    for (double share = 1e-9; share < 1.0; share *= 1.5) {
        const double low = *fixed - span * share;
        const double at_low = energy(low);
        if (at_low >= 0.0 && at_high < 0.0 && high < *fixed) {
            return root_between(energy, low, high);
        }
        high = low;
        at_high = at_low;
    }
    return std::nullopt;
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
