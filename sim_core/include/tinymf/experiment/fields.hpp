// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tinymf::experiment {

/// Names one run-time parameter in refusals; the number is part of the wire protocol.
enum class Field : std::uint8_t {
    none,
    activation,
    exponent,
    pade_numerator,
    pade_denominator,
    gain,
    reciprocity,
    noise,
    noise_kind,
    noise_time,
    dt,
    steps,
    integrator,
    seed,
    initial_kind,
    initial_scale,
    stimulus_kind,
    stimulus_amplitude,
    stimulus_frequency,
    stimulus_onset,
    replicas,
    state_every,
    digest_every,
    profile,
    delivery,
    tick_period,
    input,
    populations,
    deadline,
    noise_hold,
    observables,
    observe_every,
    observe_after,
    observe_block,
    observe_lags,
    observe_window,
    count
};

/// What both ends of the link know of a parameter: its key in the experiment file, its unit and
/// the closed range a value must lie in. Enumerations range over their indices.
struct FieldInfo {
    Field field;
    std::string_view key;
    std::string_view unit;
    float lowest;
    float highest;
};

inline constexpr float largest_step = 2147483648.0F;

/// The one table of allowed ranges: the host quotes it in messages, a device in its NAKs.
inline constexpr std::array<FieldInfo, static_cast<std::size_t>(Field::count)> fields{{
    {Field::none, "", "", 0.0F, 0.0F},
    {Field::activation, "model.activation", "", 0.0F, 5.0F},
    {Field::exponent, "model.exponent", "", 0.0625F, 4.0F},
    {Field::pade_numerator, "model.pade_num", "", -1000.0F, 1000.0F},
    {Field::pade_denominator, "model.pade_den", "", -1000.0F, 1000.0F},
    {Field::gain, "model.gain", "", 0.0F, 100.0F},
    {Field::reciprocity, "model.reciprocity", "", -1.0F, 1.0F},
    {Field::noise, "model.noise", "tau^-1/2", 0.0F, 100.0F},
    {Field::noise_kind, "model.noise_kind", "", 0.0F, 2.0F},
    {Field::noise_time, "model.noise_time", "tau", 0.0009765625F, 1048576.0F},
    {Field::dt, "model.dt", "tau", 0.0000152587890625F, 1.0F},
    {Field::steps, "model.steps", "steps", 1.0F, largest_step},
    {Field::integrator, "model.integrator", "", 0.0F, 3.0F},
    {Field::seed, "model.seed", "", 0.0F, 9223372036854775808.0F},
    {Field::initial_kind, "initial.kind", "", 0.0F, 2.0F},
    {Field::initial_scale, "initial.scale", "", 0.0F, 100.0F},
    {Field::stimulus_kind, "stimulus.kind", "", 0.0F, 4.0F},
    {Field::stimulus_amplitude, "stimulus.amplitude", "", -100.0F, 100.0F},
    {Field::stimulus_frequency, "stimulus.frequency", "1/tau", 0.0F, 1000.0F},
    {Field::stimulus_onset, "stimulus.onset", "tau", 0.0F, 1048576.0F},
    {Field::replicas, "network.replicas", "", 1.0F, 2.0F},
    {Field::state_every, "stream.state_every", "steps", 0.0F, largest_step},
    {Field::digest_every, "stream.digest_every", "steps", 0.0F, largest_step},
    {Field::profile, "network.neurons", "", 0.0F, 255.0F},
    {Field::delivery, "delivery", "", 0.0F, 1.0F},
    {Field::tick_period, "tick", "us", 0.0F, 1000000.0F},
    {Field::input, "input", "", -1000000.0F, 1000000.0F},
    {Field::populations, "mean_field.populations", "", 1.0F, 255.0F},
    {Field::deadline, "deadline", "", 0.0F, 1.0F},
    {Field::noise_hold, "model.noise_hold", "steps", 0.0F, largest_step},
    {Field::observables, "stream.observe", "", 0.0F, 127.0F},
    {Field::observe_every, "stream.observe_every", "steps", 1.0F, largest_step},
    {Field::observe_after, "stream.observe_after", "steps", 0.0F, largest_step},
    {Field::observe_block, "stream.observe_block", "samples", 2.0F, 1048576.0F},
    {Field::observe_lags, "stream.observe_lags", "", 1.0F, 1024.0F},
    {Field::observe_window, "stream.observe_window", "samples", 1.0F, 1048576.0F},
}};

[[nodiscard]] constexpr const FieldInfo& info(Field field) {
    return fields[static_cast<std::size_t>(field)];
}

static_assert([] {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].field != static_cast<Field>(i)) {
            return false;
        }
    }
    return true;
}());

} // namespace tinymf::experiment
