// SPDX-License-Identifier: Apache-2.0
#include "theory/fluctuation_dissipation.hpp"

#include <cmath>
#include <limits>

namespace tinymf::host {
namespace {

/// C(omega), which is real: the correlation is even in the lag.
double correlation_spectrum(const StationaryLags& lags, double angle) {
    double sum = lags.correlation.front();
    for (std::size_t k = 1; k < lags.size(); ++k) {
        sum += 2.0 * lags.correlation[k] * std::cos(static_cast<double>(k) * angle);
    }
    return sum;
}

/// Im R(omega) / (beta sin(angle)), which stays finite as the angle goes to 0.
double dissipation(const StationaryLags& lags, double angle) {
    double sum = 0.0;
    for (std::size_t k = 1; k < lags.size(); ++k) {
        const auto lag = static_cast<double>(k);
        sum += lags.response[k] * (angle == 0.0 ? lag : std::sin(lag * angle) / std::sin(angle));
    }
    return sum;
}

} // namespace

std::vector<double> susceptibility(const StationaryLags& lags, const TimeScheme& scheme) {
    std::vector<double> chi;
    double sum = 0.0;
    for (std::size_t k = 0; k + 1 < lags.size(); ++k) {
        sum += scheme.beta() * lags.response[k];
        chi.push_back(sum);
    }
    return chi;
}

std::vector<double> correlation_in_mid_step(const StationaryLags& lags) {
    std::vector<double> middle;
    for (std::size_t k = 0; k + 1 < lags.size(); ++k) {
        middle.push_back((lags.correlation[k] + lags.correlation[k + 1]) / 2.0);
    }
    return middle;
}

std::vector<double> fluctuation_dissipation_ratio(const StationaryLags& lags,
                                                  const HeatBath& bath) {
    const double step_variance = bath.scheme.step_variance(bath.strength);
    std::vector<double> ratio{std::numeric_limits<double>::quiet_NaN()};
    for (std::size_t k = 1; k + 1 < lags.size(); ++k) {
        ratio.push_back(step_variance * lags.response[k] /
                        (lags.correlation[k - 1] - lags.correlation[k + 1]));
    }
    return ratio;
}

std::vector<double> excess_fluctuation(const StationaryLags& lags, const HeatBath& bath) {
    const std::vector<double> middle = correlation_in_mid_step(lags);
    std::vector<double> excess = susceptibility(lags, bath.scheme);
    for (std::size_t k = 0; k < excess.size(); ++k) {
        excess[k] = middle.front() - middle[k] - bath.scheme_temperature() * excess[k];
    }
    return excess;
}

std::vector<double> effective_temperature(const StationaryLags& lags, const HeatBath& bath,
                                          std::span<const double> omega) {
    // sigma^2 beta / (2 nu) C / (Im R / sin) with the sine taken into `dissipation`.
    const double factor = bath.strength / (2.0 * bath.scheme.step_variance(bath.strength));
    std::vector<double> temperature;
    for (const double frequency : omega) {
        const double angle = frequency * bath.scheme.dt();
        temperature.push_back(factor * correlation_spectrum(lags, angle) /
                              dissipation(lags, angle));
    }
    return temperature;
}

} // namespace tinymf::host
