// SPDX-License-Identifier: Apache-2.0
#include "report/run_facts.hpp"

#include <fmt/format.h>

#include "recording/observed_settling.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

std::string number(double value) {
    return fmt::format("{:.7g}", value);
}

template <class Names, class Kind>
std::string name_in(const Names& names, Kind kind) {
    return std::string(names[static_cast<std::size_t>(kind)]);
}

std::string noise_text(const experiment::Parameters<double>& p) {
    if (!(p.noise > 0.0)) {
        return "none";
    }
    std::string text =
        fmt::format("{}, σ = {}", name_in(model::noise_names, p.noise_kind), number(p.noise));
    if (p.noise_kind == model::NoiseKind::colored) {
        text += fmt::format(", {} τ", number(p.noise_time));
    }
    return text;
}

std::string stimulus_text(const Recording& recording) {
    const auto& p = recording.parameters;
    std::string text = name_in(model::stimulus_names, p.stimulus);
    switch (p.stimulus) {
    case model::StimulusKind::constant:
        return text + ", amplitude " + number(p.stimulus_amplitude);
    case model::StimulusKind::step:
        return fmt::format("{}, amplitude {} from t = {} τ", text, number(p.stimulus_amplitude),
                           number(p.stimulus_onset));
    case model::StimulusKind::sine:
        return fmt::format("{}, amplitude {}, {} cycles per τ", text, number(p.stimulus_amplitude),
                           number(p.stimulus_frequency));
    case model::StimulusKind::live:
        return fmt::format("{}, {} inputs taken", text, recording.live_inputs.size());
    default:
        return text;
    }
}

std::string tick_text(const Recording& recording) {
    if (recording.tick.asked_us == 0) {
        return "none: untimed";
    }
    return fmt::format("{}; a missed one {}", to_text(recording.tick),
                       recording.deadline == stream::DeadlinePolicy::late ? "is counted"
                                                                          : "ends the run");
}

Facts network_facts(const Recording& recording) {
    return {{"network", profile_text(recording.profile)},
            {"replicas", fmt::format("{}", recording.parameters.replicas)}};
}

Facts mean_field_facts(const Recording& recording) {
    const experiment::ProfileInfo& profile = recording.profile;
    Facts facts{{"mean field", name_in(mean_field::method_names, profile.method)},
                {"scalar", name_in(experiment::scalar_names, profile.scalar)}};
    if (profile.method != mean_field::Method::stationary) {
        facts.emplace_back("points", fmt::format("{} of at most {}", recording.parameters.steps + 1,
                                                 profile.points));
    }
    if (profile.method == mean_field::Method::forward) {
        facts.emplace_back("trajectories", fmt::format("{}", profile.trajectories));
        facts.emplace_back("populations", fmt::format("{}", recording.parameters.replicas));
        facts.emplace_back("path storage", fmt::format("{} bits a number", profile.path_bits));
    }
    return facts;
}

std::string beginning_text(const Recording& recording) {
    if (!recording.resumed_at) {
        return "at step 0";
    }
    const auto& origin = recording.metadata.resumed;
    return fmt::format("at step {}, from a checkpoint{}", *recording.resumed_at,
                       origin ? " of " + origin->capture : "");
}

} // namespace

Facts experiment_facts(const Recording& recording) {
    const auto& p = recording.parameters;
    Facts facts = recording.of_network() ? network_facts(recording) : mean_field_facts(recording);
    const Facts model{
        {"activation", name_in(model::activation_names, p.activation)},
        {"gain g", number(p.gain)},
        {"reciprocity η", number(p.reciprocity)},
        {"noise", noise_text(p)},
        {"stimulus", stimulus_text(recording)},
        {"integrator", name_in(model::integrator_names, p.integrator)},
        {"dt, steps", fmt::format("{} τ, {}", number(p.dt), p.steps)},
        {"initial state", fmt::format("{}, scale {}", name_in(model::initial_names, p.initial),
                                      number(p.initial_scale))},
        {"seed", fmt::format("{}", p.seed)}};
    facts.insert(facts.end(), model.begin(), model.end());
    if (const auto settled = settling_of(recording)) {
        facts.emplace_back("settling", to_text(*settled));
    }
    return facts;
}

Facts run_facts(const Recording& recording) {
    const DeviceIntroduction& device = recording.device;
    return {{"capture", recording.file},
            {"begins", beginning_text(recording)},
            {"source", recording.metadata.source},
            {"board", device.board},
            {"delivery", recording.metadata.delivery},
            {"tick", tick_text(recording)},
            {"device build", fmt::format("{} ({})", device.version, device.git_hash)},
            {"device compiler", device.compiler},
            {"device flags", fmt::format("{:08x}", device.flags_fingerprint)},
            {"this program", fmt::format("{} ({})", build_facts.version, build_facts.git_hash)},
            {"its compiler", std::string(build_facts.compiler)},
            {"its flags", fmt::format("{:08x}", build_facts.flags_fingerprint)}};
}

} // namespace tinymf::host
