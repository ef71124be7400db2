// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "theory/decay_rate.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/linear_correlation.hpp"
#include "theory/linear_response.hpp"
#include "theory/linear_scheme_variance.hpp"
#include "theory/linear_stability.hpp"
#include "theory/participation.hpp"
#include "theory/predict.hpp"

namespace tinymf::host {
namespace {

using Parameters = experiment::Parameters<double>;

double continuum_critical_gain(double reciprocity) {
    return reciprocity > -1.0 ? 1.0 / (1.0 + reciprocity) : std::numeric_limits<double>::infinity();
}

/// Stability, which needs no drive: critical gain and growth rate.
void predict_stability(const Parameters& parameters, Prediction& prediction) {
    const bool continuum = prediction.dt == 0.0;
    const double critical = continuum ? continuum_critical_gain(parameters.reciprocity)
                                      : linear_critical_gain(parameters.integrator, parameters.dt,
                                                             parameters.reciprocity);
    prediction.largest_lyapunov_exponent =
        continuum ? parameters.gain * (1.0 + parameters.reciprocity) - 1.0
                  : linear_growth_rate(parameters.integrator, parameters.dt, parameters.gain,
                                       parameters.reciprocity);
    if (std::isfinite(critical)) {
        prediction.critical_gain = critical;
    } else {
        prediction.critical_gain = Unknown{"stable at every gain: the modes only rotate"};
    }
}

bool stable(const Parameters& parameters, const Prediction& prediction) {
    return !prediction.critical_gain.known() || parameters.gain < prediction.critical_gain.value();
}

void predict_instability(const Parameters& parameters, Prediction& prediction) {
    const Quantity<double> exponent = prediction.largest_lyapunov_exponent;
    const Quantity<double> critical = prediction.critical_gain;
    withhold_all(prediction,
                 fmt::format("unstable linear point: gain {} is not below the critical gain {:.6g}"
                             "{}, so activity grows without bound",
                             parameters.gain, critical.value(),
                             prediction.dt == 0.0 ? " = 1/(1 + reciprocity)" : ""));
    prediction.stationary.regime = std::string("unstable");
    prediction.largest_lyapunov_exponent = exponent;
    prediction.critical_gain = critical;
}

std::vector<double> responses(const LinearModel& model, const std::vector<double>& tau) {
    std::vector<double> values;
    if (model.scheme.continuous()) {
        for (const double lag : tau) {
            values.push_back(linear_response_at(lag, model.kappa()));
        }
        return values;
    }
    std::size_t longest = 0;
    const auto index = [&](double lag) {
        return static_cast<std::size_t>(std::lround(lag / model.scheme.dt()));
    };
    for (const double lag : tau) {
        longest = std::max(longest, index(lag));
    }
    const auto table = discrete_linear_response(model.scheme, model.kappa(), longest + 2);
    for (const double lag : tau) {
        values.push_back(table[index(lag)]);
    }
    return values;
}

void predict_temperatures(const LinearModel& model, Prediction& prediction) {
    auto& fdt = prediction.fluctuation_dissipation;
    const bool white = model.drive.kind == Drive::Kind::white;
    fdt.temperature = white ? Quantity<double>(model.drive.strength / 2.0)
                            : Unknown{"only white noise is a bath of one temperature"};
    if (model.drive.kind == Drive::Kind::frozen) {
        fdt.effective_temperature = Unknown{"static noise: all power is at frequency 0"};
    } else if (!white && !model.scheme.continuous()) {
        fdt.effective_temperature =
            Unknown{"coloured noise has no temperature convention on a time grid"};
    } else {
        std::vector<double> temperatures;
        for (const double omega : fdt.omega) {
            temperatures.push_back(linear_effective_temperature(model, omega));
        }
        fdt.effective_temperature = temperatures;
    }
}

void predict_correlations(const LinearModel& model, Prediction& prediction) {
    auto& stationary = prediction.stationary;
    const double variance = linear_variance(model);
    stationary.input_variance = variance;
    stationary.output_variance = variance;
    stationary.regime =
        std::string(model.drive.kind == Drive::Kind::frozen ? "fixed_point" : "fluctuating");
    std::vector<double> correlations;
    for (const double lag : stationary.tau) {
        correlations.push_back(linear_correlation(model, lag));
    }
    stationary.input_correlation = correlations;
    stationary.output_correlation = correlations;
    if (model.drive.kind == Drive::Kind::frozen) {
        stationary.decay_rate = Unknown{static_noise_stays};
    } else if (model.reciprocity != 0.0) {
        stationary.decay_rate = Unknown{"given for reciprocity 0"};
    } else {
        predict_decay(decay_rate(model.gain * model.gain, model.drive, model.scheme), prediction);
    }
}

void predict_covariances(const LinearModel& model, Prediction& prediction) {
    const CovarianceStatistics statistics = linear_covariance_statistics(model);
    prediction.participation = {statistics.input_dimension, statistics.output_dimension,
                                linear_long_window_dimension(model.gain, model.reciprocity)};
    prediction.covariance = {statistics.input_spread, statistics.output_spread};
}

Quantity<std::vector<double>> responses_of_stages(const Parameters& parameters,
                                                  const TimeScheme& scheme,
                                                  const Prediction& prediction) {
    if (parameters.reciprocity != 0.0) {
        return Unknown{"a scheme of several stages: responses are given for reciprocity 0"};
    }
    return responses_without_reciprocity(1.0, scheme, prediction.stationary.tau);
}

void predict_moving_stages(const Parameters& parameters, const Drive& drive,
                           const TimeScheme& scheme, Prediction& prediction) {
    withhold_all(prediction, "a scheme of several stages: with reciprocity theory gives the "
                             "variance under white noise for -1 and 1, and stability");
    Prediction::Stationary& stationary = prediction.stationary;
    stationary.regime = std::string("fluctuating");
    prediction.fluctuation_dissipation.temperature =
        drive.kind == Drive::Kind::white ? Quantity<double>(drive.strength / 2.0)
                                         : Unknown{"only white noise is a bath of one temperature"};
    withhold_covariances_of_stages(prediction);
    prediction.participation.long_window =
        linear_long_window_dimension(parameters.gain, parameters.reciprocity);
    const auto state =
        parameters.reciprocity == 0.0 ? fluctuating_state(parameters, drive, scheme) : std::nullopt;
    if (state) {
        stationary.input_variance = state->average.variance();
        stationary.input_correlation = state->correlation_at(stationary.tau);
        predict_decay(state->decay_rate, prediction);
    } else if (const auto variance = linear_scheme_variance(
                   parameters.integrator, parameters.dt, parameters.gain, parameters.reciprocity);
               variance && drive.kind == Drive::Kind::white) {
        stationary.input_variance = *variance * drive.strength;
    }
    stationary.output_variance = stationary.input_variance;
    stationary.output_correlation = stationary.input_correlation;
}

} // namespace

void predict_linear(const Parameters& parameters, const TimeScheme& scheme,
                    Prediction& prediction) {
    predict_stability(parameters, prediction);
    if (!stable(parameters, prediction)) {
        predict_instability(parameters, prediction);
        return;
    }
    const LinearModel model{parameters.gain, parameters.reciprocity, drive_of(parameters), scheme};
    if (model.drive.kind == Drive::Kind::none) {
        predict_silence(prediction, 1.0);
    } else {
        predict_correlations(model, prediction);
        predict_covariances(model, prediction);
        predict_temperatures(model, prediction);
    }
    prediction.stationary.mean_gain = 1.0;
    prediction.stationary.response = responses(model, prediction.stationary.tau);
}

void predict_linear_stages(const Parameters& parameters, const TimeScheme& scheme,
                           Prediction& prediction) {
    predict_stability(parameters, prediction);
    if (!stable(parameters, prediction)) {
        predict_instability(parameters, prediction);
        return;
    }
    const Drive drive = drive_of(parameters);
    const Prediction stability = prediction;
    if (drive.kind == Drive::Kind::frozen) {
        // Fixed points do not depend on the scheme; only the way there does.
        predict_linear(parameters, TimeScheme::continuum(), prediction);
    } else if (drive.kind == Drive::Kind::none) {
        predict_silence(prediction, 1.0);
    } else {
        predict_moving_stages(parameters, drive, scheme, prediction);
    }
    prediction.largest_lyapunov_exponent = stability.largest_lyapunov_exponent;
    prediction.critical_gain = stability.critical_gain;
    prediction.stationary.mean_gain = 1.0;
    prediction.stationary.response = responses_of_stages(parameters, scheme, prediction);
}

} // namespace tinymf::host
