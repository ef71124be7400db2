// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "experiment/canonical_text.hpp"
#include "experiment/checked_table.hpp"
#include "experiment/experiment.hpp"
#include "experiment/experiment_keys.hpp"
#include "experiment/toml_source.hpp"
#include "tinymf/experiment/validation.hpp"

namespace tinymf::host {
namespace {

using experiment::Field;

/// Reads each key into the member that holds it.
class KeyReader {
public:
    explicit KeyReader(CheckedTable& table) : table_{table} {}

    void version(const Key& key, std::uint32_t number) {
        if (!table_.has(key.name)) {
            table_.refuse(key.name, fmt::format("is missing; the first line must be {} = {}",
                                                key.name, number));
        }
        table_.read_integer(key.name, number, number, number);
    }
    void text(const Key& key, std::size_t longest, std::string& value) {
        table_.read_text(key.name, value, longest);
    }
    void real(const Key& key, double& value) {
        table_.read_real(key.name, key.lowest, key.highest, value);
    }
    void reals(const Key& key, std::size_t fewest, std::span<double> values) {
        table_.read_reals(key.name, fewest, key.lowest, key.highest, values);
    }
    template <std::unsigned_integral T>
    void whole(const Key& key, T& value) {
        // The bounds of whole numbers are whole.
        std::uint64_t wide = value;
        table_.read_integer(key.name, static_cast<std::uint64_t>(key.lowest),
                            static_cast<std::uint64_t>(key.highest), wide);
        value = static_cast<T>(wide);
    }
    template <class Enum>
    void choice(const Key& key, std::span<const std::string_view> names, Enum& value) {
        if (const auto index = table_.choice(key.name, names)) {
            value = static_cast<Enum>(*index);
        }
    }
    void names(const Key& key, std::span<const std::string_view> names,
               observe::ObservableSet& values) {
        table_.read_choices(key.name, names, [&values](std::size_t index) {
            values |= observe::set_of(static_cast<observe::Observable>(index));
        });
    }

private:
    CheckedTable& table_;
};

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
    for_each_key(KeyReader(table), experiment);
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
