// SPDX-License-Identifier: Apache-2.0
#include "reference/network_problem.hpp"

#include <limits>

namespace tinymf::host {
namespace {

double rounded(double value) {
    // Through memory: of neighbouring values gcc 12.2 at -O2 may vectorise the two conversions and
    // leave them out.
    const volatile auto rounded = static_cast<float>(value);
    return static_cast<double>(rounded);
}

} // namespace

NetworkProblem network_problem(const Experiment& experiment) {
    NetworkProblem problem{experiment.parameters, experiment.network, {}, {}};
    const std::uint64_t last = experiment.parameters.steps;
    const std::uint64_t every =
        experiment.parameters.state_every == 0 ? last : experiment.parameters.state_every;
    for (std::uint64_t step = 0; step <= last; step += every) {
        problem.state_steps.push_back(static_cast<std::uint32_t>(step));
    }
    return problem;
}

experiment::Parameters<double> parameters_in_run(const NetworkProblem& problem) {
    experiment::Parameters<double> p = problem.parameters;
    if (problem.shape.scalar == experiment::ScalarKind::float64) {
        return p;
    }
    for (double* real : {&p.exponent, &p.gain, &p.reciprocity, &p.noise, &p.noise_time, &p.dt,
                         &p.initial_scale, &p.stimulus_amplitude, &p.stimulus_onset}) {
        *real = rounded(*real);
    }
    for (auto* coefficients : {&p.pade_numerator, &p.pade_denominator}) {
        for (double& coefficient : *coefficients) {
            coefficient = rounded(coefficient);
        }
    }
    p.stimulus_frequency = frequency_in_run(p);
    return p;
}

double frequency_in_run(const experiment::Parameters<double>& parameters) {
    const double half_step = parameters.dt / 2.0;
    return rounded(rounded(parameters.stimulus_frequency) * half_step) / half_step;
}

double unit_roundoff(const NetworkProblem& problem) {
    return problem.shape.scalar == experiment::ScalarKind::float32
               ? static_cast<double>(std::numeric_limits<float>::epsilon()) / 2.0
               : std::numeric_limits<double>::epsilon() / 2.0;
}

} // namespace tinymf::host
