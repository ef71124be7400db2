// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "theory/critical_gain.hpp"
#include "theory/discrete_lyapunov.hpp"
#include "theory/energy_condition.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/linear_stability.hpp"
#include "theory/nonlinear_participation.hpp"
#include "theory/predict.hpp"

namespace tinymf::host {
namespace {

using Parameters = experiment::Parameters<double>;
using model::ActivationKind;

bool power_below_one(const Parameters& parameters) {
    return parameters.activation == ActivationKind::power_law && parameters.exponent < 1.0;
}

/// Moments without correlations: all that a state of any kind has.
void predict_moments(const GaussianMoments& moments, double variance, const TimeScheme& scheme,
                     Prediction::Stationary& stationary) {
    stationary.input_variance = variance;
    stationary.output_variance = moments.output_variance;
    stationary.mean_gain = moments.mean_slope;
    stationary.response = responses_without_reciprocity(moments.mean_slope, scheme, stationary.tau);
}

void predict_silent_state(const Parameters& parameters, const TimeScheme& scheme,
                          Prediction& prediction) {
    const bool relu = parameters.activation == ActivationKind::relu;
    const double slope = relu ? 0.5 : slope_at_rest(parameters);
    predict_silence(prediction, slope);
    prediction.stationary.response =
        responses_without_reciprocity(slope, scheme, prediction.stationary.tau);
    if (relu) {
        prediction.largest_lyapunov_exponent =
            Unknown{"ReLU has no linearisation at x = 0; with noise it has an exponent"};
    } else {
        // A power law below 1 has an infinite slope, which no coupling at all does not see.
        const double coupling = parameters.gain > 0.0 ? parameters.gain * slope : 0.0;
        prediction.largest_lyapunov_exponent =
            scheme.continuous()
                ? coupling - 1.0
                : linear_growth_rate(parameters.integrator, scheme.dt(), coupling, 0.0);
    }
}

void predict_fixed_points(const Parameters& parameters, const Drive& drive,
                          const TimeScheme& scheme, double variance, Prediction& prediction) {
    const GaussianMoments moments = gaussian_moments(parameters, variance);
    const double stability = parameters.gain * parameters.gain * moments.slope_square;
    Prediction::Stationary& stationary = prediction.stationary;
    predict_moments(moments, variance, scheme, stationary);
    stationary.input_correlation = std::vector<double>(stationary.tau.size(), variance);
    stationary.output_correlation =
        std::vector<double>(stationary.tau.size(), moments.output_variance);
    stationary.decay_rate = Unknown{static_noise_stays};
    stationary.regime = std::string(stability < 1.0 ? "fixed_point" : "unstable");
    if (stability >= 1.0) {
        prediction.remarks["stationary.regime"] =
            fmt::format("the fixed points are unstable, g^2 <phi'^2> = {:.6g} >= 1: all values are "
                        "those of the fixed points, which the network leaves",
                        stability);
    }
    prediction.largest_lyapunov_exponent = std::isfinite(stability)
                                               ? Quantity<double>(fixed_point_lyapunov_exponent(
                                                     parameters.gain, moments.slope_square, scheme))
                                               : Unknown{"<phi'^2> is infinite"};
    if (!model::is_odd(parameters.activation)) {
        return; // no covariances, see predict_nonlinear
    }
    const CovarianceStatistics statistics =
        frozen_covariance_statistics(moments, variance, parameters.gain, drive.strength);
    prediction.participation = {statistics.input_dimension, statistics.output_dimension,
                                long_window_dimension(parameters.gain, moments.mean_slope)};
    prediction.covariance = {statistics.input_spread, statistics.output_spread};
}

/// C_phi at ascending lags from C_x there.
std::vector<double> outputs(const BivariateAverage& average, std::vector<double> inputs) {
    for (double& value : inputs) {
        value = average.output(value);
    }
    return inputs;
}

/// omega C_x / (2 Im R_x): half the spectrum of the whole field, couplings and noise.
void predict_temperatures(const Parameters& parameters, const Drive& drive,
                          const TimeScheme& scheme, const CorrelationTable& output,
                          Prediction& prediction) {
    auto& fdt = prediction.fluctuation_dissipation;
    if (drive.kind != Drive::Kind::white && !scheme.continuous()) {
        fdt.effective_temperature =
            Unknown{"no temperature convention without white noise on a time grid"};
        return;
    }
    std::vector<FrequencyNode> nodes;
    for (const double omega : fdt.omega) {
        nodes.push_back({omega, 1.0});
    }
    std::vector<double> temperatures = spectrum_of(output, nodes);
    const double unit =
        scheme.continuous() ? 0.5 : drive.strength / 2.0 / scheme.drive_spectrum(drive, 0.0);
    for (std::size_t j = 0; j < temperatures.size(); ++j) {
        temperatures[j] = unit * (parameters.gain * parameters.gain * temperatures[j] +
                                  scheme.drive_spectrum(drive, fdt.omega[j]));
    }
    fdt.effective_temperature = temperatures;
}

void predict_covariances(const Parameters& parameters, const Drive& drive, const TimeScheme& scheme,
                         const FluctuatingState& state, Prediction& prediction) {
    if (drive.kind == Drive::Kind::frozen) {
        withhold(prediction, {"participation", "covariance"},
                 "chaos under static noise: no theory of covariances that are partly frozen");
        return;
    }
    const GaussianMoments& moments = state.average.moments();
    const double long_window = long_window_dimension(parameters.gain, moments.mean_slope);
    if (!std::isfinite(moments.slope_square)) {
        const std::string cusp =
            "<phi'^2> is infinite: the spectrum of the output falls too slowly";
        withhold(prediction, {"participation", "covariance"}, cusp);
        prediction.participation.long_window = long_window;
        prediction.fluctuation_dissipation.effective_temperature = Unknown{cusp};
        return;
    }
    const CorrelationTable output = state.output_table();
    const CovarianceStatistics statistics =
        nonlinear_covariance_statistics(state.average, parameters.gain, drive, scheme, output);
    prediction.participation = {statistics.input_dimension, statistics.output_dimension,
                                long_window};
    prediction.covariance = {statistics.input_spread, statistics.output_spread};
    predict_temperatures(parameters, drive, scheme, output, prediction);
}

void predict_fluctuating_state(const Parameters& parameters, const Drive& drive,
                               const TimeScheme& scheme, const FluctuatingState& state,
                               Prediction& prediction) {
    Prediction::Stationary& stationary = prediction.stationary;
    predict_moments(state.average.moments(), state.average.variance(), scheme, stationary);
    const std::vector<double> inputs = state.correlation_at(stationary.tau);
    stationary.input_correlation = inputs;
    stationary.output_correlation = outputs(state.average, inputs);
    predict_decay(state.decay_rate, prediction);
    const bool moves_by_itself =
        drive.kind == Drive::Kind::none || drive.kind == Drive::Kind::frozen;
    if (power_below_one(parameters)) {
        prediction.largest_lyapunov_exponent =
            Unknown{"not given for a power below 1: its slope is unbounded at 0"};
        stationary.regime = std::string(moves_by_itself ? "chaotic" : "fluctuating");
    } else {
        const double exponent = state.lyapunov_exponent();
        prediction.largest_lyapunov_exponent = exponent;
        stationary.regime = std::string(exponent > 0.0 ? "chaotic" : "fluctuating");
    }
    if (scheme.several_stages()) {
        withhold_covariances_of_stages(prediction);
    } else if (model::is_odd(parameters.activation)) {
        predict_covariances(parameters, drive, scheme, state, prediction);
    }
}

/// Above their edge of stability the network leaves the fixed points of static noise for chaos.
/// Those of a power up to 1/2 have no edge, <phi'^2> being infinite: they stay, marked unstable.
std::optional<FluctuatingState> chaos_under_static_noise(const Parameters& parameters,
                                                         const Drive& drive,
                                                         const TimeScheme& scheme,
                                                         double fixed_variance) {
    const double stability = parameters.gain * parameters.gain *
                             gaussian_moments(parameters, fixed_variance).slope_square;
    return stability > 1.0 && std::isfinite(stability)
               ? fluctuating_state(parameters, drive, scheme)
               : std::nullopt;
}

/// The greatest slope of phi(x)/x far out, infinite where phi outgrows x.
double slope_far_out(const Parameters& parameters) {
    if (parameters.activation == ActivationKind::power_law) {
        return parameters.exponent > 1.0 ? std::numeric_limits<double>::infinity() : 0.0;
    }
    if (parameters.activation != ActivationKind::pade) {
        return 0.0;
    }
    const auto& a = parameters.pade_numerator;
    const auto& b = parameters.pade_denominator;
    for (std::size_t order = a.size(); order > 0; --order) { // of s = x^2
        const double above = order < a.size() ? a[order] : 0.0;
        const double below = b[order - 1];
        if (above != 0.0 || below != 0.0) {
            return below == 0.0 ? std::numeric_limits<double>::infinity() : std::abs(above / below);
        }
    }
    return std::abs(a[0]);
}

/// A remark on states beyond which activity would grow without bound.
void remark_on_escape(const Parameters& parameters, const Drive& drive, Prediction& prediction) {
    if (drive.kind == Drive::Kind::none || !(parameters.gain * slope_far_out(parameters) > 1.0) ||
        !prediction.stationary.input_variance.known()) {
        return;
    }
    prediction.remarks["stationary.regime"] =
        "metastable: phi outgrows x, so that a rare large fluctuation of a network of finite size "
        "escapes without bound; the values are those before it does";
}

void predict_no_state(const Parameters& parameters, const Drive& drive,
                      const Quantity<double>& critical, Prediction& prediction) {
    const bool unbounded = critical.known() && parameters.gain >= critical.value() &&
                           (parameters.activation == ActivationKind::relu ||
                            parameters.activation == ActivationKind::power_law);
    withhold_all(prediction,
                 unbounded ? fmt::format("unstable: gain {} is not below the critical gain "
                                         "{:.6g}, so activity grows without bound",
                                         parameters.gain, critical.value())
                 : drive.kind == Drive::Kind::colored || prediction.dt > 0.0
                     ? fmt::format("no stationary correlation was found: the iteration "
                                   "did not converge{}",
                                   prediction.dt > 0.0 ? fmt::format(", or correlations outlast {} "
                                                                     "steps; the continuum theory "
                                                                     "has no such limit",
                                                                     most_lags)
                                                       : "")
                     : "no stationary state: activity grows without bound");
    prediction.critical_gain = critical;
    if (unbounded) {
        prediction.stationary.regime = std::string("unstable");
    }
}

} // namespace

void predict_nonlinear(const Parameters& parameters, const TimeScheme& scheme, bool critical_gain,
                       Prediction& prediction) {
    const Drive drive = drive_of(parameters);
    if (scheme.alpha() < 0.0) {
        withhold_all(prediction, "Euler steps above 1 are outside this theory");
        return;
    }
    if (!model::is_odd(parameters.activation)) {
        const std::string biased = "outputs of ReLU have a mean of their own in every neuron; this "
                                   "theory of covariances needs an odd activation";
        withhold(prediction, {"participation", "covariance"}, biased);
        prediction.fluctuation_dissipation.effective_temperature = Unknown{biased};
    }
    prediction.critical_gain = critical_gain ? nonlinear_critical_gain(parameters, drive, scheme)
                                             : Unknown{"not asked for"};
    prediction.fluctuation_dissipation.temperature =
        drive.kind == Drive::Kind::white ? Quantity<double>(drive.strength / 2.0)
                                         : Unknown{"only white noise is a bath of one temperature"};
    if (drive.kind == Drive::Kind::frozen) {
        prediction.fluctuation_dissipation.effective_temperature =
            Unknown{"static noise: all power is at frequency 0"};
    }
    const bool moving = drive.kind == Drive::Kind::colored;
    const auto variance = moving ? std::nullopt : stationary_variance(parameters, drive);
    if (variance && *variance == 0.0) {
        predict_silent_state(parameters, scheme, prediction);
    } else if (variance && drive.kind == Drive::Kind::frozen) {
        if (const auto chaos = chaos_under_static_noise(parameters, drive, scheme, *variance)) {
            predict_fluctuating_state(parameters, drive, scheme, *chaos, prediction);
        } else {
            predict_fixed_points(parameters, drive, scheme, *variance, prediction);
        }
    } else if (const auto state = moving || variance ? fluctuating_state(parameters, drive, scheme)
                                                     : std::nullopt) {
        predict_fluctuating_state(parameters, drive, scheme, *state, prediction);
    } else {
        const Quantity<double> critical = critical_gain
                                              ? prediction.critical_gain
                                              : nonlinear_critical_gain(parameters, drive, scheme);
        predict_no_state(parameters, drive, critical, prediction);
    }
    remark_on_escape(parameters, drive, prediction);
}

} // namespace tinymf::host
