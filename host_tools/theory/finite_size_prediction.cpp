// SPDX-License-Identifier: Apache-2.0
#include "theory/finite_size_prediction.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "theory/dimension_scatter.hpp"
#include "theory/energy_condition.hpp"
#include "theory/gaussian_moments.hpp"
#include "theory/linear_finite_size.hpp"

namespace tinymf::host {
namespace {

using Parameters = experiment::Parameters<double>;

void withhold(FiniteSizePrediction& prediction, const std::string& reason) {
    const Unknown unknown{reason};
    prediction.expansion_parameter = unknown;
    prediction.input_variance = unknown;
    prediction.output_variance = unknown;
    prediction.input_participation = unknown;
    prediction.input_spread = unknown;
    prediction.single_neuron = unknown;
}

std::optional<TimeScheme> scheme_of(const Parameters& parameters, bool discrete) {
    // Fixed points are the same on every grid.
    if (!discrete || drive_of(parameters).kind == Drive::Kind::frozen) {
        return TimeScheme::continuum();
    }
    const TimeScheme scheme = TimeScheme::grid(parameters.integrator, parameters.dt);
    return scheme.several_stages() ? std::nullopt : std::optional(scheme);
}

Quantity<double> expansion_parameter(double edge, std::uint32_t neurons) {
    return 1.0 / (neurons * (1.0 - edge * edge) * (1.0 - edge * edge));
}

void take_law(const Parameters& parameters, FiniteSizePrediction& prediction) {
    if (const auto law = single_neuron_law(parameters, prediction.neurons)) {
        prediction.single_neuron = *law;
    } else {
        prediction.single_neuron =
            Unknown{"some networks of this size have no fixed point, or several"};
    }
}

void predict_linear_network(const Parameters& parameters, const TimeScheme& scheme,
                            FiniteSizePrediction& prediction) {
    const LinearModel model{parameters.gain, parameters.reciprocity, drive_of(parameters), scheme};
    if (model.edge() >= 1.0) {
        withhold(prediction, "the linear network is unstable from gain 1/(1 + reciprocity) on");
        return;
    }
    const bool frozen = model.drive.kind == Drive::Kind::frozen;
    LinearFiniteSize found = linear_finite_size(model);
    if (!frozen) {
        found.dimension.scatter = dimension_scatter(model);
    }
    prediction.expansion_parameter = expansion_parameter(model.edge(), prediction.neurons);
    prediction.input_variance = found.variance;
    prediction.output_variance = found.variance;
    prediction.input_participation = found.dimension;
    prediction.input_spread = Unknown{"given for static noise without reciprocity"};
    prediction.single_neuron = Unknown{"the exact law is one of static noise without reciprocity"};
    if (frozen && parameters.reciprocity == 0.0) {
        FiniteSizeTerm spread = static_spread_finite_size(parameters.gain);
        const double square = model.drive.strength * model.drive.strength;
        spread.limit *= square;
        spread.coefficient *= square;
        prediction.input_spread = spread;
        take_law(parameters, prediction);
    }
}

void predict_fixed_points(const Parameters& parameters, FiniteSizePrediction& prediction) {
    const auto variance = stationary_variance(parameters, drive_of(parameters));
    if (!variance) {
        withhold(prediction, "no stationary state: activity grows without bound");
        return;
    }
    const GaussianMoments moments = gaussian_moments(parameters, *variance);
    if (!(parameters.gain * parameters.gain * moments.slope_square < 1.0)) {
        withhold(prediction, "the fixed point is not stable");
        return;
    }
    const StaticFiniteSize found = static_finite_size(parameters, *variance);
    prediction.expansion_parameter =
        expansion_parameter(parameters.gain * moments.mean_slope, prediction.neurons);
    prediction.input_variance = found.input_variance;
    prediction.output_variance = found.output_variance;
    const Unknown second{"needs the joint law of two draws of the noise, which is not known"};
    prediction.input_participation = second;
    prediction.input_spread = second;
    take_law(parameters, prediction);
}

template <class Visitor>
void for_each_term(const FiniteSizePrediction& prediction, const Visitor& visit) {
    visit("stationary.Cx0", prediction.input_variance);
    visit("stationary.Cphi0", prediction.output_variance);
    visit("participation.input", prediction.input_participation);
    visit("covariance.N_var_input", prediction.input_spread);
}

nlohmann::json term_object(const FiniteSizeTerm& term, double neurons) {
    nlohmann::json object{{"limit", term.limit},
                          {"coefficient", term.coefficient},
                          {"expected", term.mean_at(neurons)},
                          {"scatter", nullptr}};
    if (term.scatter) {
        object["scatter"] = *term.scatter / neurons;
    }
    return object;
}

nlohmann::json sampled_object(const SampledNumber& number) {
    return {{"value", number.value}, {"standard_error", number.standard_error}};
}

nlohmann::json law_object(const SingleNeuronLaw& law) {
    return {{"samples", law.samples},
            {"Cx0", sampled_object(law.input_variance)},
            {"Cphi0", sampled_object(law.output_variance)},
            {"x4", sampled_object(law.fourth_moment)},
            {"Cphi0_scatter", law.activity_scatter}};
}

} // namespace

FiniteSizePrediction predict_finite_size(const Experiment& experiment, bool discrete) {
    const Parameters& parameters = experiment.parameters;
    FiniteSizePrediction prediction;
    prediction.neurons = experiment.network.neurons;
    const auto scheme = scheme_of(parameters, discrete);
    const Drive drive = drive_of(parameters);
    if (experiment.kind != experiment::ModelKind::network) {
        withhold(prediction, "a mean field has no size");
    } else if (experiment.network.coupling == model::CouplingKind::sign) {
        withhold(prediction, "given for Gaussian couplings");
    } else if (parameters.stimulus != model::StimulusKind::none) {
        withhold(prediction, "given without a stimulus");
    } else if (drive.kind == Drive::Kind::none || parameters.gain == 0.0) {
        withhold(prediction, "needs couplings and noise");
    } else if (!scheme) {
        withhold(prediction, "not given for a scheme of several stages");
    } else if (is_linear(parameters)) {
        predict_linear_network(parameters, *scheme, prediction);
    } else if (drive.kind == Drive::Kind::frozen && parameters.reciprocity == 0.0) {
        predict_fixed_points(parameters, prediction);
    } else {
        withhold(prediction, "a nonlinear network: given for static noise without reciprocity");
    }
    return prediction;
}

nlohmann::json to_json(const FiniteSizePrediction& prediction) {
    nlohmann::json all{{"neurons", prediction.neurons},
                       {"expansion_parameter", nullptr},
                       {"single_neuron", nullptr},
                       {"notes", nlohmann::json::object()}};
    if (prediction.expansion_parameter.known()) {
        all["expansion_parameter"] = prediction.expansion_parameter.value();
    }
    for_each_term(prediction, [&](const char* name, const Quantity<FiniteSizeTerm>& term) {
        all[name] = nullptr;
        if (term.known()) {
            all[name] = term_object(term.value(), prediction.neurons);
        } else {
            all["notes"][name] = term.reason();
        }
    });
    if (prediction.single_neuron.known()) {
        all["single_neuron"] = law_object(prediction.single_neuron.value());
    } else {
        all["notes"]["single_neuron"] = prediction.single_neuron.reason();
    }
    return all;
}

std::string to_text(const FiniteSizePrediction& prediction) {
    std::string text = fmt::format("one network of {} neurons, J_ii = 0", prediction.neurons);
    if (prediction.expansion_parameter.known()) {
        text += fmt::format(", expansion parameter {:.3g}", prediction.expansion_parameter.value());
    }
    for_each_term(prediction, [&](const char* name, const Quantity<FiniteSizeTerm>& quantity) {
        text += fmt::format("\n  {:<26} ", name);
        if (!quantity.known()) {
            text += "not given: " + quantity.reason();
            return;
        }
        const FiniteSizeTerm& term = quantity.value();
        text += fmt::format("{:.6g} = {:.6g} {:+.6g}/N", term.mean_at(prediction.neurons),
                            term.limit, term.coefficient);
        if (term.scatter) {
            text += fmt::format(", between networks ± {:.2g}", *term.scatter / prediction.neurons);
        }
    });
    if (prediction.single_neuron.known()) {
        const SingleNeuronLaw& law = prediction.single_neuron.value();
        text += fmt::format("\n  {:<26} <x^2> {:.5g} ± {:.1g}, <x^4> {:.5g} ± {:.1g}, <phi^2> "
                            "{:.5g} ± {:.1g}, between networks ± {:.2g}",
                            "exact law of one neuron", law.input_variance.value,
                            law.input_variance.standard_error, law.fourth_moment.value,
                            law.fourth_moment.standard_error, law.output_variance.value,
                            law.output_variance.standard_error, law.activity_scatter);
    }
    return text;
}

} // namespace tinymf::host
