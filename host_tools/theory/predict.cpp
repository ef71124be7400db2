// SPDX-License-Identifier: Apache-2.0
#include "theory/predict.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>

#include <fmt/format.h>

#include "theory/gaussian_moments.hpp"

namespace tinymf::host {
namespace {

bool stimulated(const experiment::Parameters<double>& parameters) {
    return parameters.stimulus == model::StimulusKind::live ||
           (parameters.stimulus != model::StimulusKind::none &&
            parameters.stimulus_amplitude != 0.0);
}

/// Nonlinear with reciprocity: the effective neuron is not Gaussian and no closed theory exists.
void predict_reciprocal(const experiment::Parameters<double>& parameters, Prediction& prediction) {
    withhold_all(prediction,
                 "a nonlinear network with reciprocity other than 0 has no closed theory; solve "
                 "the mean field by sampling (mean_field.method = \"forward\")");
    const double slope = slope_at_rest(parameters);
    if (parameters.noise == 0.0 && slope > 0.0 && std::isfinite(slope) && prediction.dt == 0.0 &&
        parameters.reciprocity > -1.0 && parameters.activation != model::ActivationKind::relu) {
        prediction.critical_gain = 1.0 / (slope * (1.0 + parameters.reciprocity));
    }
}

void round_to_steps(std::vector<double>& tau, double dt) {
    for (double& lag : tau) {
        lag = std::round(lag / dt) * dt;
    }
}

} // namespace

void withhold_all(Prediction& prediction, const std::string& reason) {
    for_each_quantity(prediction, [&reason](const QuantityFacts& /*facts*/, auto& quantity) {
        quantity = Unknown{reason};
    });
}

void withhold(Prediction& prediction, std::initializer_list<std::string_view> sections,
              const std::string& reason) {
    for_each_quantity(prediction, [&](const QuantityFacts& facts, auto& quantity) {
        const std::string_view section = facts.name.substr(0, facts.name.find('.'));
        if (std::ranges::find(sections, section) != sections.end()) {
            quantity = Unknown{reason};
        }
    });
}

void withhold_covariances_of_stages(Prediction& prediction) {
    withhold(prediction, {"participation", "covariance"},
             "a scheme of several stages: this theory of covariances between neurons needs one "
             "field a step");
    prediction.fluctuation_dissipation.effective_temperature =
        Unknown{"no temperature convention for schemes of several stages"};
}

std::vector<double> responses_without_reciprocity(double mean_slope, const TimeScheme& scheme,
                                                  const std::vector<double>& tau) {
    std::vector<double> values;
    values.reserve(tau.size());
    for (const double lag : tau) {
        values.push_back(mean_slope * scheme.bare_response(lag));
    }
    return values;
}

void predict_decay(double rate, Prediction& prediction) {
    prediction.stationary.decay_rate = std::isfinite(rate)
                                           ? Quantity<double>(rate)
                                           : Unknown{"a single step ends all correlations"};
}

void predict_silence(Prediction& prediction, double slope) {
    withhold(prediction, {"stationary", "participation", "covariance", "fdt"},
             "the network is silent: nothing varies");
    Prediction::Stationary& stationary = prediction.stationary;
    stationary.input_variance = 0.0;
    stationary.output_variance = 0.0;
    stationary.mean_gain = slope;
    stationary.regime = std::string("silent");
    stationary.input_correlation = std::vector<double>(stationary.tau.size(), 0.0);
    stationary.output_correlation = std::vector<double>(stationary.tau.size(), 0.0);
}

namespace {

void predict_into(Prediction& prediction, const experiment::Parameters<double>& parameters,
                  const PredictionRequest& request) {
    prediction.stationary.tau = request.tau;
    prediction.fluctuation_dissipation.omega = {0.0, 0.5, 1.0, 2.0, 5.0};
    if (request.discrete) {
        prediction.discretisation =
            model::integrator_names[static_cast<std::size_t>(parameters.integrator)];
        prediction.dt = parameters.dt;
        round_to_steps(prediction.stationary.tau, parameters.dt);
    }
    const TimeScheme scheme = request.discrete
                                  ? TimeScheme::grid(parameters.integrator, parameters.dt)
                                  : TimeScheme::continuum();
    if (stimulated(parameters)) {
        withhold_all(prediction, "a stimulus shifts or moves the mean; the theory here is that of "
                                 "the stationary state without one");
    } else if (is_linear(parameters)) {
        scheme.several_stages() ? predict_linear_stages(parameters, scheme, prediction)
                                : predict_linear(parameters, scheme, prediction);
    } else if (parameters.reciprocity != 0.0) {
        predict_reciprocal(parameters, prediction);
    } else {
        predict_nonlinear(parameters, scheme, request.critical_gain, prediction);
    }
}

} // namespace

Prediction predict(const experiment::Parameters<double>& parameters,
                   const PredictionRequest& request) {
    Prediction prediction;
    try {
        predict_into(prediction, parameters, request);
    } catch (const std::exception& failure) { // of a root or a series that was not found
        withhold_all(prediction, std::string("no number found: ") + failure.what());
    }
    return prediction;
}

} // namespace tinymf::host
