// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "tinymf/model/activation.hpp"
#include "tinymf/model/initial.hpp"
#include "tinymf/model/integrator.hpp"
#include "tinymf/model/noise.hpp"
#include "tinymf/model/stimulus.hpp"
#include "tinymf/observe/observable.hpp"

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
    Field field = Field::none;
    std::string_view key;
    std::string_view unit;
    float lowest = 0.0F;
    float highest = 0.0F;
};

/// A row of the list of parameters. An image holds `info` alone; the rest is for host and reader.
struct ParameterRow {
    FieldInfo info;
    std::string_view meaning;
    /// Of a choice, or of the bits of a set, in the order of their numbers.
    std::span<const std::string_view> names = {};
    std::size_t fewest = 1; ///< numbers that a list must have
};

inline constexpr float largest_step = 2147483648.0F;

namespace detail {

consteval ParameterRow number(Field field, std::string_view key, float lowest, float highest,
                              std::string_view meaning) {
    return {{field, key, "", lowest, highest}, meaning};
}

consteval ParameterRow quantity(Field field, std::string_view key, std::string_view unit,
                                float lowest, float highest, std::string_view meaning) {
    return {{field, key, unit, lowest, highest}, meaning};
}

consteval ParameterRow numbers(Field field, std::string_view key, std::size_t fewest, float lowest,
                               float highest, std::string_view meaning) {
    return {{field, key, "", lowest, highest}, meaning, {}, fewest};
}

consteval ParameterRow choice(Field field, std::string_view key,
                              std::span<const std::string_view> names, std::string_view meaning) {
    return {{field, key, "", 0.0F, static_cast<float>(names.size() - 1)}, meaning, names};
}

consteval ParameterRow set(Field field, std::string_view key,
                           std::span<const std::string_view> names, std::string_view meaning) {
    return {{field, key, "", 0.0F, static_cast<float>((1U << names.size()) - 1U)}, meaning, names};
}

} // namespace detail

/// The one list of run-time parameters, in wire order: calls visit(row, member of each set) for
/// each of them, where the sets are any number of experiment::Parameters. From it follow ranges,
/// NAKs, the wire order, validation and TABLE on a device; keys, their page, canonical text and
/// schema on the host.
template <class Visitor, class... Sets>
[[gnu::always_inline]] constexpr void for_each_parameter(Visitor&& visit,
                                                         [[maybe_unused]] Sets&... p) {
    using namespace detail;
    visit(choice(Field::activation, "model.activation", model::activation_names,
                 "phi, from a neuron's input x to its output"),
          p.activation...);
    visit(number(Field::exponent, "model.exponent", 0.0625F, 4.0F,
                 "of `power_law`: phi = sgn(x) abs(x)^exponent"),
          p.exponent...);
    visit(numbers(Field::pade_numerator, "model.pade_num", 1, -1000.0F, 1000.0F,
                  "a0, a1, ... of `pade`: phi = x (a0 + a1 x^2 + ...) / (1 + b1 x^2 + ...)"),
          p.pade_numerator...);
    visit(numbers(Field::pade_denominator, "model.pade_den", 0, -1000.0F, 1000.0F,
                  "b1, b2, ... of `pade`; the denominator must stay above 0"),
          p.pade_denominator...);
    visit(number(Field::gain, "model.gain", 0.0F, 100.0F,
                 "g, the strength of all couplings: of variance g^2/N"),
          p.gain...);
    visit(number(Field::reciprocity, "model.reciprocity", -1.0F, 1.0F,
                 "eta = N E[J_ij J_ji]: 1 symmetric, -1 antisymmetric, 0 independent"),
          p.reciprocity...);
    visit(quantity(Field::noise, "model.noise", "tau^-1/2", 0.0F, 100.0F,
                   "sigma, the strength of the noise xi of each neuron; 0: none"),
          p.noise...);
    visit(
        choice(Field::noise_kind, "model.noise_kind", model::noise_names,
               "<xi xi'> = sigma^2 delta(t - t'), or sigma^2 exp(-abs(t - t')/noise_time), or one "
               "draw of variance sigma^2 that stays"),
        p.noise_kind...);
    visit(quantity(Field::noise_time, "model.noise_time", "tau", 0.0009765625F, 1048576.0F,
                   "correlation time of coloured noise"),
          p.noise_time...);
    visit(quantity(Field::noise_hold, "model.noise_hold", "steps", 0.0F, largest_step,
                   "static noise is drawn anew after so many steps; 0: never"),
          p.noise_hold...);
    visit(
        quantity(Field::dt, "model.dt", "tau", 0.0000152587890625F, 1.0F, "step of the integrator"),
        p.dt...);
    visit(quantity(Field::steps, "model.steps", "steps", 1.0F, largest_step,
                   "length of the run; a mean field ends with its grid if that is shorter"),
          p.steps...);
    visit(choice(Field::integrator, "model.integrator", model::integrator_names,
                 "scheme by which a step is made; a mean field takes the first two, `rk4` no white "
                 "noise"),
          p.integrator...);
    visit(number(Field::seed, "model.seed", 0.0F, 9223372036854775808.0F,
                 "from which couplings, initial states and noise are drawn"),
          p.seed...);
    visit(choice(Field::initial_kind, "initial.kind", model::initial_names,
                 "law of x at step 0: normal, uniform on (0, 1), or zero"),
          p.initial...);
    visit(number(Field::initial_scale, "initial.scale", 0.0F, 100.0F, "factor of these numbers"),
          p.initial_scale...);
    visit(choice(Field::stimulus_kind, "stimulus.kind", model::stimulus_names,
                 "I(t), the same for all neurons; `live`: given from outside while it runs"),
          p.stimulus...);
    visit(number(Field::stimulus_amplitude, "stimulus.amplitude", -100.0F, 100.0F,
                 "of a constant, a step or a sine"),
          p.stimulus_amplitude...);
    visit(quantity(Field::stimulus_frequency, "stimulus.frequency", "1/tau", 0.0F, 1000.0F,
                   "of a sine, in cycles"),
          p.stimulus_frequency...);
    visit(quantity(Field::stimulus_onset, "stimulus.onset", "tau", 0.0F, 1048576.0F,
                   "time at which a step begins"),
          p.stimulus_onset...);
    visit(number(Field::replicas, "network.replicas", 1.0F, 2.0F,
                 "copies on the same J with noise and initial states of their own"),
          p.replicas...);
    visit(quantity(Field::state_every, "stream.state_every", "steps", 0.0F, largest_step,
                   "steps between states that are sent; 0: none"),
          p.state_every...);
    visit(quantity(Field::digest_every, "stream.digest_every", "steps", 0.0F, largest_step,
                   "steps between digests of all states so far; 0: only the last"),
          p.digest_every...);
    visit(set(Field::observables, "stream.observe", observe::observable_names,
              "what a network estimates of itself while it runs"),
          p.observation.observables...);
    visit(quantity(Field::observe_every, "stream.observe_every", "steps", 1.0F, largest_step,
                   "steps between its samples"),
          p.observation.sample_every...);
    visit(quantity(Field::observe_after, "stream.observe_after", "steps", 0.0F, largest_step,
                   "steps before sampling begins"),
          p.observation.after...);
    visit(quantity(Field::observe_block, "stream.observe_block", "samples", 2.0F, 1048576.0F,
                   "samples that make one set of estimates; error bars come from the blocks"),
          p.observation.block...);
    visit(number(Field::observe_lags, "stream.observe_lags", 1.0F, 1024.0F,
                 "lags of correlations and responses, in samples"),
          p.observation.lags...);
    visit(quantity(Field::observe_window, "stream.observe_window", "samples", 1.0F, 1048576.0F,
                   "samples whose mean enters the covariances as one; 1: covariances at equal "
                   "times"),
          p.observation.window...);
}

/// What else a refusal can name: neither part of the parameters nor of their wire format.
inline constexpr std::array<FieldInfo, 6> other_fields{{
    {Field::profile, "network.neurons", "", 0.0F, 255.0F},
    {Field::delivery, "delivery", "", 0.0F, 1.0F},
    {Field::tick_period, "tick", "us", 0.0F, 1000000.0F},
    {Field::input, "input", "", -1000000.0F, 1000000.0F},
    {Field::populations, "mean_field.populations", "", 1.0F, 255.0F},
    {Field::deadline, "deadline", "", 0.0F, 1.0F},
}};

namespace detail {

/// Shows `visit` of each row what a device needs, so that nothing else of it enters an image.
template <class Visitor>
struct FieldOnly {
    Visitor& visit;

    template <class... Members>
    [[gnu::always_inline]] constexpr void operator()(const ParameterRow& row,
                                                     Members&... members) const {
        visit(row.info.field, members...);
    }
};

} // namespace detail

/// The same list, with visit(field, member of each set).
template <class Visitor, class... Sets>
[[gnu::always_inline]] constexpr void for_each_field(Visitor&& visit, Sets&... p) {
    for_each_parameter(detail::FieldOnly<Visitor>{visit}, p...);
}

inline constexpr std::size_t parameter_count = [] {
    std::size_t count = 0;
    for_each_field([&count](Field /*field*/) { ++count; });
    return count;
}();

/// Ranges by field: the host quotes them in messages, a device in its NAKs.
inline constexpr std::array<FieldInfo, static_cast<std::size_t>(Field::count)> fields = [] {
    std::array<FieldInfo, static_cast<std::size_t>(Field::count)> table{};
    const auto place = [&table](const FieldInfo& row) {
        table[static_cast<std::size_t>(row.field)] = row;
    };
    for_each_parameter([&place](const ParameterRow& row) { place(row.info); });
    for (const FieldInfo& row : other_fields) {
        place(row);
    }
    return table;
}();

[[nodiscard]] constexpr const FieldInfo& info(Field field) {
    return fields[static_cast<std::size_t>(field)];
}

// Every field has its row, and one only.
static_assert(1 + parameter_count + other_fields.size() == fields.size());
static_assert([] {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].field != static_cast<Field>(i)) {
            return false;
        }
    }
    return true;
}());

} // namespace tinymf::experiment
