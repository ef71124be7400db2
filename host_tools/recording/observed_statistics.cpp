// SPDX-License-Identifier: Apache-2.0
#include "recording/observed_statistics.hpp"

#include <cmath>
#include <numbers>

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;

template <class Function>
Estimate over_units(const ObservedUnits& observed, Function&& function) {
    return jackknife_estimate(std::span<const ObservedMeans>(observed.units), average, function);
}

template <class Function>
std::optional<Estimate> over_spreads(const ObservedUnits& observed, observe::ObservedArray spread,
                                     Function&& function) {
    if (!observed.has(spread) || !spread_of(observed.units.front(), observed, spread)) {
        return std::nullopt;
    }
    return over_units(observed, [&](const ObservedMeans& means) {
        return function(*spread_of(means, observed, spread));
    });
}

bool is_response(observe::ObservedArray array) {
    return array == rx || array == rphi;
}

} // namespace

ObservedUnits units_of(const Recording& recording) {
    return {observed_blocks(recording), recording.parameters, recording.profile.neurons,
            recording.written_dt};
}

Estimate mean_of(const ObservedUnits& observed, observe::ObservedArray array, std::size_t element) {
    return over_units(observed,
                      [=](const ObservedMeans& means) { return means.of(array)[element]; });
}

ObservedCurve curve_of(const ObservedUnits& observed, observe::ObservedArray array) {
    ObservedCurve curve;
    const double interval = observed.parameters.observation.sample_every * observed.written_dt;
    const double first = is_response(array) ? observed.written_dt : 0.0;
    for (std::size_t lag = 0; lag < observed.units.front().of(array).size(); ++lag) {
        curve.tau.push_back(first + static_cast<double>(lag) * interval);
        curve.estimates.push_back(mean_of(observed, array, lag));
    }
    return curve;
}

ObservedSpectrum spectrum_of(const ObservedUnits& observed, observe::ObservedArray correlation) {
    ObservedSpectrum spectrum;
    const double interval = observed.parameters.observation.sample_every * observed.written_dt;
    const std::size_t lags = observed.units.front().of(correlation).size();
    for (std::size_t m = 0; m < lags; ++m) {
        const double angle = std::numbers::pi * static_cast<double>(m) / static_cast<double>(lags);
        spectrum.omega.push_back(angle / interval);
        spectrum.estimates.push_back(over_units(observed, [=](const ObservedMeans& means) {
            const std::vector<double>& c = means.of(correlation);
            double sum = c[0];
            for (std::size_t k = 1; k < lags; ++k) {
                const double weight = k + 1 == lags ? 1.0 : 2.0;
                sum += weight * c[k] * std::cos(angle * static_cast<double>(k));
            }
            return interval * sum;
        }));
    }
    return spectrum;
}

Estimate stein_gain(const ObservedUnits& observed) {
    return over_units(observed, [](const ObservedMeans& means) {
        const auto at = [&means](observe::Moment moment) {
            return means.of(moments)[static_cast<std::size_t>(moment)];
        };
        return at(observe::Moment::x_phi) / at(observe::Moment::x_squared);
    });
}

std::optional<CovarianceSpread> spread_of(const ObservedMeans& means, const ObservedUnits& observed,
                                          observe::ObservedArray spread) {
    const auto& values = means.of(spread);
    if (observed.parameters.replicas > 1) {
        return spread_of_two_replicas(values);
    }
    const auto& correlation = means.of(spread == spread_input ? cx : cphi);
    const observe::ObservationParameters& observation = observed.parameters.observation;
    if (correlation.empty() || observation.window != 1) {
        return std::nullopt;
    }
    return spread_of_one_replica(values, independent_samples(correlation, observation.block));
}

std::optional<Estimate> participation_of(const ObservedUnits& observed,
                                         observe::ObservedArray spread) {
    return over_spreads(observed, spread, [&observed](const CovarianceSpread& s) {
        return s.participation_ratio(observed.neurons);
    });
}

std::optional<Estimate> covariance_spread_of(const ObservedUnits& observed,
                                             observe::ObservedArray spread) {
    return over_spreads(observed, spread, [&observed](const CovarianceSpread& s) {
        return s.scaled_variance(observed.neurons);
    });
}

} // namespace tinymf::host
