// SPDX-License-Identifier: Apache-2.0
#include "experiment_file/canonical_text.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tinymf/experiment/fields.hpp"

namespace tinymf::host {
namespace {

using experiment::Field;

template <class Enum, std::size_t count>
std::string name_of(const std::array<std::string_view, count>& names, Enum value) {
    return fmt::format("\"{}\"", names.at(static_cast<std::size_t>(value)));
}

/// TOML tells reals from integers by a point or an exponent.
std::string real_text(double value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".e") == std::string::npos) {
        text += ".0";
    }
    return text;
}

/// "[a, b]" of what `text_of` makes of each element.
template <class Elements, class TextOf>
std::string list_text(const Elements& elements, TextOf&& text_of) {
    std::vector<std::string> texts;
    for (const auto& element : elements) {
        texts.push_back(text_of(element));
    }
    return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string reals_text(std::span<const double> values) {
    std::size_t used = values.size();
    while (used > 1 && values[used - 1] == 0.0) {
        --used;
    }
    return list_text(values.first(used), real_text);
}

/// Lines of a TOML file, sections opened where the key's first half changes.
class Lines {
public:
    void put(std::string_view key, std::string_view value) {
        const auto dot = key.find('.');
        if (dot == std::string_view::npos) {
            text_ += fmt::format("{} = {}\n", key, value);
            return;
        }
        if (const std::string_view section = key.substr(0, dot); section != section_) {
            text_ += fmt::format("\n[{}]\n", section);
            section_ = section;
        }
        text_ += fmt::format("{} = {}\n", key.substr(dot + 1), value);
    }
    void put(Field field, std::string_view value) { put(experiment::info(field).key, value); }
    void put(Field field, double value) { put(field, real_text(value)); }
    void put(Field field, std::uint64_t value) { put(field, fmt::format("{}", value)); }

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_;
    std::string_view section_;
};

void put_model(Lines& lines, const Experiment& experiment) {
    const auto& p = experiment.parameters;
    lines.put("model.kind", name_of(experiment::model_names, experiment.kind));
    lines.put(Field::activation, name_of(model::activation_names, p.activation));
    lines.put(Field::exponent, p.exponent);
    lines.put(Field::pade_numerator, reals_text(p.pade_numerator));
    lines.put(Field::pade_denominator, reals_text(p.pade_denominator));
    lines.put(Field::gain, p.gain);
    lines.put(Field::reciprocity, p.reciprocity);
    lines.put(Field::noise, p.noise);
    lines.put(Field::noise_kind, name_of(model::noise_names, p.noise_kind));
    lines.put(Field::noise_time, p.noise_time);
    lines.put(Field::noise_hold, std::uint64_t{p.noise_hold});
    lines.put(Field::dt, p.dt);
    lines.put(Field::steps, std::uint64_t{p.steps});
    lines.put(Field::integrator, name_of(model::integrator_names, p.integrator));
    lines.put(Field::seed, p.seed);
    lines.put(Field::initial_kind, name_of(model::initial_names, p.initial));
    lines.put(Field::initial_scale, p.initial_scale);
    lines.put(Field::stimulus_kind, name_of(model::stimulus_names, p.stimulus));
    lines.put(Field::stimulus_amplitude, p.stimulus_amplitude);
    lines.put(Field::stimulus_frequency, p.stimulus_frequency);
    lines.put(Field::stimulus_onset, p.stimulus_onset);
}

void put_sizes(Lines& lines, const Experiment& experiment) {
    const NetworkShape& network = experiment.network;
    lines.put("network.neurons", fmt::format("{}", network.neurons));
    lines.put("network.coupling", name_of(model::coupling_names, network.coupling));
    lines.put("network.scalar", name_of(experiment::scalar_names, network.scalar));
    lines.put(Field::replicas, std::uint64_t{network.replicas});
    const MeanFieldShape& shape = experiment.mean_field;
    lines.put("mean_field.method", name_of(mean_field::method_names, shape.method));
    lines.put("mean_field.points", fmt::format("{}", shape.points));
    lines.put("mean_field.scalar", name_of(experiment::scalar_names, shape.scalar));
    lines.put("mean_field.trajectories", fmt::format("{}", shape.trajectories));
    lines.put("mean_field.storage", name_of(mean_field::path_storage_names, shape.storage));
    lines.put(Field::populations, std::uint64_t{shape.populations});
    lines.put("mean_field.row_every", fmt::format("{}", shape.row_every));
}

std::string observables_text(observe::ObservableSet set) {
    std::vector<observe::Observable> observables;
    for (std::size_t i = 0; i < observe::observable_names.size(); ++i) {
        if (const auto observable = static_cast<observe::Observable>(i);
            observe::contains(set, observable)) {
            observables.push_back(observable);
        }
    }
    return list_text(observables, [](observe::Observable observable) {
        return name_of(observe::observable_names, observable);
    });
}

void put_stream(Lines& lines, const Experiment& experiment) {
    lines.put(Field::state_every, std::uint64_t{experiment.parameters.state_every});
    lines.put(Field::digest_every, std::uint64_t{experiment.parameters.digest_every});
    const observe::ObservationParameters& observation = experiment.parameters.observation;
    lines.put(Field::observables, observables_text(observation.observables));
    lines.put(Field::observe_every, std::uint64_t{observation.sample_every});
    lines.put(Field::observe_after, std::uint64_t{observation.after});
    lines.put(Field::observe_block, std::uint64_t{observation.block});
    lines.put(Field::observe_lags, std::uint64_t{observation.lags});
    lines.put(Field::observe_window, std::uint64_t{observation.window});
}

} // namespace

std::string canonical_text(const Experiment& experiment) {
    Lines lines;
    lines.put("schema", "1");
    lines.put("name", fmt::format("\"{}\"", experiment.name));
    put_model(lines, experiment);
    put_sizes(lines, experiment);
    put_stream(lines, experiment);
    return lines.text();
}

} // namespace tinymf::host
