// SPDX-License-Identifier: Apache-2.0
#include "observation/observed_statistics.hpp"

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
