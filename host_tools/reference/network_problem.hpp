// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "experiment/experiment.hpp"
#include "experiment/live_input.hpp"
#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// What the reference solver is asked: one network, and the steps at which its state is wanted.
struct NetworkProblem {
    experiment::Parameters<double> parameters; ///< as written in the experiment file
    NetworkShape shape;                        ///< scalar: the precision in which data are drawn
    std::vector<LiveInput> live_inputs;        ///< ascending steps
    std::vector<std::uint32_t> state_steps;    ///< strictly ascending, not beyond parameters.steps
};

/// The experiment, with its states wanted where a run sends them: every `state_every` steps from 0
/// on. Where a run sends none, the first and the last.
[[nodiscard]] NetworkProblem network_problem(const Experiment& experiment);

/// The parameters as the run's scalar holds them, widened back: for float64 the same, for float32
/// each real rounded once, and the frequency as the run's phase increment makes it.
[[nodiscard]] experiment::Parameters<double> parameters_in_run(const NetworkProblem& problem);

/// The frequency that a float32 run's sine has, whose dt is a float32 number: it advances by
/// frequency dt/2 turns per half step, a product rounded once.
[[nodiscard]] double frequency_in_run(const experiment::Parameters<double>& parameters);

/// Half the distance from 1 to the next number of the run's scalar: the largest relative error of
/// one rounded operation.
[[nodiscard]] double unit_roundoff(const NetworkProblem& problem);

} // namespace tinymf::host
