// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "experiment_file/canonical_text.hpp"
#include "experiment_file/checked_table.hpp"
#include "experiment_file/experiment.hpp"
#include "experiment_file/toml_source.hpp"
#include "tinymf/experiment/validation.hpp"

namespace tinymf::host {
namespace {

using experiment::Field;

void read_schema(CheckedTable& table) {
    constexpr std::uint32_t this_schema = 1;
    std::uint32_t schema = this_schema;
    if (!table.has("schema")) {
        table.refuse("schema", "is missing; the first line must be schema = 1");
    }
    table.read_integer("schema", this_schema, this_schema, schema);
}

void read_model(CheckedTable& table, Experiment& experiment) {
    auto& p = experiment.parameters;
    table.read_choice("model.kind", experiment::model_names, experiment.kind);
    table.read_choice(experiment::info(Field::activation).key, model::activation_names,
                      p.activation);
    table.read_real(Field::exponent, p.exponent);
    table.read_reals(Field::pade_numerator, 1, p.pade_numerator);
    table.read_reals(Field::pade_denominator, 0, p.pade_denominator);
    table.read_real(Field::gain, p.gain);
    table.read_real(Field::reciprocity, p.reciprocity);
    table.read_real(Field::noise, p.noise);
    table.read_choice(experiment::info(Field::noise_kind).key, model::noise_names, p.noise_kind);
    table.read_real(Field::noise_time, p.noise_time);
    table.read_integer(Field::noise_hold, p.noise_hold);
    table.read_real(Field::dt, p.dt);
    table.read_integer(Field::steps, p.steps);
    table.read_choice(experiment::info(Field::integrator).key, model::integrator_names,
                      p.integrator);
    table.read_integer(Field::seed, p.seed);
}

void read_initial_and_stimulus(CheckedTable& table, experiment::Parameters<double>& p) {
    table.read_choice(experiment::info(Field::initial_kind).key, model::initial_names, p.initial);
    table.read_real(Field::initial_scale, p.initial_scale);
    table.read_choice(experiment::info(Field::stimulus_kind).key, model::stimulus_names,
                      p.stimulus);
    table.read_real(Field::stimulus_amplitude, p.stimulus_amplitude);
    table.read_real(Field::stimulus_frequency, p.stimulus_frequency);
    table.read_real(Field::stimulus_onset, p.stimulus_onset);
}

void read_sizes(CheckedTable& table, Experiment& experiment) {
    constexpr std::uint16_t most = 65535;
    constexpr std::uint32_t most_trajectories = std::uint32_t{1} << 24U;
    constexpr std::uint32_t most_rows = most;
    table.read_integer<std::uint16_t>("network.neurons", 1, most, experiment.network.neurons);
    table.read_choice("network.coupling", model::coupling_names, experiment.network.coupling);
    table.read_choice("network.scalar", experiment::scalar_names, experiment.network.scalar);
    table.read_integer(Field::replicas, experiment.network.replicas);
    auto& shape = experiment.mean_field;
    table.read_choice("mean_field.method", mean_field::method_names, shape.method);
    table.read_integer<std::uint16_t>("mean_field.points", 2, most, shape.points);
    table.read_choice("mean_field.scalar", experiment::scalar_names, shape.scalar);
    table.read_integer<std::uint32_t>("mean_field.trajectories", 1, most_trajectories,
                                      shape.trajectories);
    table.read_choice("mean_field.storage", mean_field::path_storage_names, shape.storage);
    table.read_integer(Field::populations, shape.populations);
    table.read_integer<std::uint32_t>("mean_field.row_every", 0, most_rows, shape.row_every);
}

/// What the kind of model decides, so that one file may serve a network and its mean field: a mean
/// field takes its own sizes, runs to the end of its grid or to model.steps, and tells its own
/// rows. What a network observes of itself, and draws of static noise that follow each other, have
/// no meaning for it: it is the average already.
void adopt_shape(const CheckedTable& table, Experiment& experiment) {
    auto& p = experiment.parameters;
    if (p.observation.observables == 0) {
        // Settings of nothing: a profile that cannot observe does not echo them.
        p.observation = {};
    }
    if (experiment.kind == experiment::ModelKind::network) {
        p.replicas = experiment.network.replicas;
        return;
    }
    const MeanFieldShape& shape = experiment.mean_field;
    p.replicas = shape.populations;
    p.state_every = shape.row_every;
    p.observation = {};
    p.noise_hold = 0;
    const std::uint32_t last_point = shape.points - 1U;
    const bool given = table.has(experiment::info(Field::steps).key);
    const bool unbounded = shape.method == mean_field::Method::stationary && given;
    p.steps = unbounded ? p.steps : given ? std::min(p.steps, last_point) : last_point;
}

void read_stream(CheckedTable& table, Experiment& experiment) {
    table.read_integer(Field::state_every, experiment.parameters.state_every);
    table.read_integer(Field::digest_every, experiment.parameters.digest_every);
    observe::ObservationParameters& observation = experiment.parameters.observation;
    table.read_choices(experiment::info(Field::observables).key, observe::observable_names,
                       [&observation](std::size_t index) {
                           observation.observables |=
                               observe::set_of(static_cast<observe::Observable>(index));
                       });
    table.read_integer(Field::observe_every, observation.sample_every);
    table.read_integer(Field::observe_after, observation.after);
    table.read_integer(Field::observe_block, observation.block);
    table.read_integer(Field::observe_lags, observation.lags);
    table.read_integer(Field::observe_window, observation.window);
}

void refuse_impossible_mean_field(CheckedTable& table, const Experiment& experiment) {
    using mean_field::Method;
    const auto& p = experiment.parameters;
    const auto& shape = experiment.mean_field;
    const bool stationary = shape.method == Method::stationary;
    if (shape.method == Method::linear && p.activation != model::ActivationKind::linear) {
        table.refuse("mean_field.method", "linear needs model.activation = \"linear\"");
    }
    if ((stationary || shape.method == Method::gaussian_closure) && p.reciprocity != 0.0) {
        table.refuse("mean_field.method", "needs model.reciprocity = 0; use forward, or linear");
    }
    if (shape.method == Method::gaussian_closure && p.initial == model::InitialKind::uniform) {
        table.refuse(experiment::info(Field::initial_kind).key,
                     "must be Gaussian or zero for gaussian_closure; use forward");
    }
    if (shape.method != Method::forward && shape.populations > 1) {
        table.refuse(experiment::info(Field::populations).key,
                     "only forward samples, and has more than one");
    }
    if (shape.storage == mean_field::PathStorage::fixed16 &&
        shape.scalar == experiment::ScalarKind::float64) {
        table.refuse("mean_field.storage", "fixed16 goes with float32");
    }
    if (model::stages(p.integrator) != 1) {
        table.refuse(experiment::info(Field::integrator).key,
                     "must be euler or exponential_euler for a mean field");
    }
    if (p.stimulus == model::StimulusKind::live) {
        table.refuse(experiment::info(Field::stimulus_kind).key,
                     "has no meaning for an average over networks");
    }
    if (stationary && p.stimulus != model::StimulusKind::none) {
        table.refuse(experiment::info(Field::stimulus_kind).key,
                     "must be none in a stationary state");
    }
    if (stationary && p.activation == model::ActivationKind::power_law && p.exponent <= 0.5 &&
        p.noise_kind == model::NoiseKind::frozen && p.noise > 0.0) {
        table.refuse(experiment::info(Field::exponent).key,
                     "must be above 0.5 in a stationary state under static noise: with infinite "
                     "<phi'^2> no fixed point is stable");
    }
    const double critical_gain = 1.0 / (1.0 + p.reciprocity);
    if (stationary && p.activation == model::ActivationKind::linear && p.gain >= critical_gain) {
        table.refuse(experiment::info(Field::gain).key,
                     fmt::format("no stationary state: a linear network is unstable from gain "
                                 "1/(1 + reciprocity) = {:g} on",
                                 critical_gain));
    }
}

void refuse_impossible_observation(CheckedTable& table, const experiment::Parameters<double>& p) {
    const Field field = experiment::impossible_observation(p);
    const std::string_view key = experiment::info(field).key;
    if (field == Field::noise_kind) {
        table.refuse(key, "a response is observed through white noise; set noise_kind \"white\" "
                          "and model.noise above 0");
    } else if (field == Field::integrator) {
        table.refuse(key, "must be euler or exponential_euler to observe a Lyapunov exponent");
    } else if (field == Field::observe_block) {
        table.refuse(key, fmt::format("a block of {} samples cannot hold {} lags",
                                      p.observation.block, p.observation.lags));
    } else if (field == Field::observe_window) {
        table.refuse(key, fmt::format("a block of {} samples must be two or more whole windows",
                                      p.observation.block));
    }
}

void refuse_impossible_combinations(CheckedTable& table, const Experiment& experiment) {
    const auto& p = experiment.parameters;
    if (experiment::pole_on_the_axis(p)) {
        table.refuse(experiment::info(Field::pade_denominator).key,
                     "1 + b1 s + b2 s^2 + ... must stay above 0 for all s = x^2 >= 0; this one "
                     "vanishes, or all but does, and phi has a pole there");
    }
    if (experiment::white_noise_in_rk4(p)) {
        table.refuse(experiment::info(Field::integrator).key,
                     "rk4 cannot take white noise; use heun, or noise_kind \"colored\"");
    }
    if (p.noise_hold != 0 && p.noise_kind != model::NoiseKind::frozen) {
        table.refuse(experiment::info(Field::noise_hold).key,
                     "only static noise is held; use noise_kind \"static\"");
    }
    refuse_impossible_observation(table, p);
    if (experiment.kind == experiment::ModelKind::mean_field) {
        refuse_impossible_mean_field(table, experiment);
    }
}

std::string stem_of(std::string_view source) {
    const std::string stem = std::filesystem::path(source).stem().string();
    const bool usable = !stem.empty() && stem.size() <= 64 && printable(stem, 64) == stem;
    return usable ? stem : "experiment";
}

} // namespace

std::uint32_t last_step_of(const Experiment& experiment) {
    const auto& p = experiment.parameters;
    return experiment.kind == experiment::ModelKind::network ? p.steps
                                                             : p.replicas * (p.steps + 1U) - 1U;
}

Experiment parse_experiment(std::string_view text, std::string_view source,
                            std::span<const std::string> overrides) {
    std::vector<Override> given;
    std::ranges::transform(overrides, std::back_inserter(given), Override::on_command_line);
    return parse_experiment(text, source, std::span<const Override>(given));
}

Experiment parse_experiment(std::string_view text, std::string_view source,
                            std::span<const Override> overrides) {
    const std::string shown_source = printable(source, 4096);
    toml::table root = parse_toml(text, shown_source);
    for (const Override& given : overrides) {
        apply_override(root, given);
    }

    Experiment experiment;
    experiment.source = shown_source;
    experiment.name = stem_of(source);
    ProblemList problems;
    CheckedTable table(root, shown_source, text, problems);
    read_schema(table);
    table.read_text("name", experiment.name);
    read_model(table, experiment);
    read_initial_and_stimulus(table, experiment.parameters);
    read_sizes(table, experiment);
    read_stream(table, experiment);
    table.refuse_unread_keys();
    adopt_shape(table, experiment);
    refuse_impossible_combinations(table, experiment);
    problems.throw_if_any();
    experiment.text = canonical_text(experiment);
    return experiment;
}

Experiment load_experiment(const std::filesystem::path& file,
                           std::span<const std::string> overrides) {
    if (file == "-") {
        return parse_experiment(read_standard_input(), standard_input_name, overrides);
    }
    return parse_experiment(read_small_text(file), file.string(), overrides);
}

} // namespace tinymf::host
