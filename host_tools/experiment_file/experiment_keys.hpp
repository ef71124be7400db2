// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "experiment_file/experiment.hpp"
#include "tinymf/experiment/fields.hpp"

namespace tinymf::host {

/// One key of an experiment file.
struct Key {
    std::string_view name; ///< as it is written, `section.key`
    std::string_view meaning;
    double lowest = 0.0; ///< of a number, or of each number of a list
    double highest = 0.0;
    std::string_view unit = {};
};

/// A key that a device knows, too: it has the range in which the device takes it.
[[nodiscard]] constexpr Key key_of(experiment::Field field, std::string_view meaning) {
    const experiment::FieldInfo& info = experiment::info(field);
    return {info.key, meaning, static_cast<double>(info.lowest), static_cast<double>(info.highest),
            info.unit};
}

/// The one list of the keys of schema 1: shows `keys` each of them with the member of the
/// experiment that holds it, in the order of the canonical text. An experiment that was read from
/// nothing holds the defaults.
///
/// `keys` has a function for each kind of value: version(key, number), text(key, longest, member),
/// real(key, member), reals(key, fewest, member), whole(key, member), and, with the names of the
/// values in the order of their numbers, choice(key, names, member) and names(key, names, member).
template <class Keys, class AnyExperiment>
void for_each_key(Keys&& keys, AnyExperiment& experiment) {
    using experiment::Field;
    constexpr double most = std::numeric_limits<std::uint16_t>::max();
    constexpr std::size_t longest_name = 64;

    keys.version({"schema", "version of these keys; must be given"}, std::uint32_t{1});
    keys.text({"name", "names the files and the report, up to 64 characters; else the name of the "
                       "file"},
              longest_name, experiment.name);

    auto& p = experiment.parameters;
    keys.choice(
        {"model.kind", "one network, or its limit of infinitely many neurons: the mean field"},
        experiment::model_names, experiment.kind);
    keys.choice(key_of(Field::activation, "phi, from a neuron's input x to its output"),
                model::activation_names, p.activation);
    keys.real(key_of(Field::exponent, "of `power_law`: phi = sgn(x) abs(x)^exponent"), p.exponent);
    keys.reals(key_of(Field::pade_numerator,
                      "a0, a1, ... of `pade`: phi = x (a0 + a1 x^2 + ...) / (1 + b1 x^2 + ...)"),
               1, p.pade_numerator);
    keys.reals(
        key_of(Field::pade_denominator, "b1, b2, ... of `pade`; the denominator must stay above 0"),
        0, p.pade_denominator);
    keys.real(key_of(Field::gain, "g, the strength of all couplings: of variance g^2/N"), p.gain);
    keys.real(key_of(Field::reciprocity,
                     "eta = N E[J_ij J_ji]: 1 symmetric, -1 antisymmetric, 0 independent"),
              p.reciprocity);
    keys.real(key_of(Field::noise, "sigma, the strength of the noise xi of each neuron; 0: none"),
              p.noise);
    keys.choice(key_of(Field::noise_kind,
                       "<xi xi'> = sigma^2 delta(t - t'), or sigma^2 exp(-abs(t - t')/noise_time), "
                       "or one draw of variance sigma^2 that stays"),
                model::noise_names, p.noise_kind);
    keys.real(key_of(Field::noise_time, "correlation time of coloured noise"), p.noise_time);
    keys.whole(
        key_of(Field::noise_hold, "static noise is drawn anew after so many steps; 0: never"),
        p.noise_hold);
    keys.real(key_of(Field::dt, "step of the integrator"), p.dt);
    keys.whole(key_of(Field::steps, "length of the run; a mean field ends with its grid if that is "
                                    "shorter"),
               p.steps);
    keys.choice(key_of(Field::integrator,
                       "scheme by which a step is made; a mean field takes the first two, `rk4` no "
                       "white noise"),
                model::integrator_names, p.integrator);
    keys.whole(key_of(Field::seed, "from which couplings, initial states and noise are drawn"),
               p.seed);

    keys.choice(
        key_of(Field::initial_kind, "law of x at step 0: normal, uniform on (0, 1), or zero"),
        model::initial_names, p.initial);
    keys.real(key_of(Field::initial_scale, "factor of these numbers"), p.initial_scale);
    keys.choice(key_of(Field::stimulus_kind, "I(t), the same for all neurons; `live`: given from "
                                             "outside while it runs"),
                model::stimulus_names, p.stimulus);
    keys.real(key_of(Field::stimulus_amplitude, "of a constant, a step or a sine"),
              p.stimulus_amplitude);
    keys.real(key_of(Field::stimulus_frequency, "of a sine, in cycles"), p.stimulus_frequency);
    keys.real(key_of(Field::stimulus_onset, "time at which a step begins"), p.stimulus_onset);

    auto& network = experiment.network;
    keys.whole({"network.neurons", "N, of a network", 1.0, most}, network.neurons);
    keys.choice({"network.coupling", "law and storage of J: Gaussian, +-1/sqrt N in one bit, or "
                                     "Gaussian drawn again at each use"},
                model::coupling_names, network.coupling);
    keys.choice({"network.scalar", "precision of a network"}, experiment::scalar_names,
                network.scalar);
    keys.whole(
        key_of(Field::replicas, "copies on the same J with noise and initial states of their own"),
        network.replicas);

    auto& shape = experiment.mean_field;
    constexpr double most_trajectories = 16777216.0;
    keys.choice({"mean_field.method",
                 "how the limit is solved: by sampling, or where it is exact by closed equations"},
                mean_field::method_names, shape.method);
    keys.whole({"mean_field.points",
                "n, points of the time grid, and so the size of two-time arrays", 2.0, most},
               shape.points);
    keys.choice({"mean_field.scalar", "precision of a mean field"}, experiment::scalar_names,
                shape.scalar);
    keys.whole({"mean_field.trajectories", "M, effective neurons that `forward` samples", 1.0,
                most_trajectories},
               shape.trajectories);
    keys.choice(
        {"mean_field.storage", "numbers of a path's history: as the scalar, or 16 bits wide"},
        mean_field::path_storage_names, shape.storage);
    keys.whole(
        key_of(Field::populations, "independent samples of `forward`, for its standard errors"),
        shape.populations);
    keys.whole({"mean_field.row_every",
                "every how many rows of the two-time arrays one is sent; 0: none", 0.0, most},
               shape.row_every);

    keys.whole(key_of(Field::state_every, "steps between states that are sent; 0: none"),
               p.state_every);
    keys.whole(
        key_of(Field::digest_every, "steps between digests of all states so far; 0: only the last"),
        p.digest_every);
    auto& observation = p.observation;
    keys.names(key_of(Field::observables, "what a network estimates of itself while it runs"),
               observe::observable_names, observation.observables);
    keys.whole(key_of(Field::observe_every, "steps between its samples"), observation.sample_every);
    keys.whole(key_of(Field::observe_after, "steps before sampling begins"), observation.after);
    keys.whole(key_of(Field::observe_block, "samples that make one set of estimates; error bars "
                                            "come from the blocks"),
               observation.block);
    keys.whole(key_of(Field::observe_lags, "lags of correlations and responses, in samples"),
               observation.lags);
    keys.whole(key_of(Field::observe_window, "samples whose mean enters the covariances as one; 1: "
                                             "covariances at equal times"),
               observation.window);
}

} // namespace tinymf::host
