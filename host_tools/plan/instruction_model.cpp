// SPDX-License-Identifier: Apache-2.0
#include "plan/instruction_model.hpp"

#include <string_view>

#include <fmt/format.h>

#include "plan/count_names.hpp"
#include "plan/count_sum.hpp"
#include "plan/observation_work.hpp"
#include "tinymf/model/integrator.hpp"

namespace tinymf::host {
namespace {

using model::IntegratorKind;
using model::NoiseKind;

std::string_view step_name(IntegratorKind integrator) {
    switch (integrator) {
    case IntegratorKind::heun:
        return "heun_step";
    case IntegratorKind::rk4:
        return "rk4_step";
    default:
        return "euler_step";
    }
}

/// Everything a stage does for each neuron beside product and activation, all stages together.
double update_of_neuron(CountSum& counts, IntegratorKind integrator) {
    const double n = counts("neurons");
    const double stages = model::stages(integrator);
    const double product = n * n * counts("gaussian_term") + n * counts("tanh");
    return (counts(step_name(integrator)) - stages * product) / n;
}

/// How often a step draws the noise of its neurons, on average; static noise is drawn anew once in
/// noise_hold steps.
double draws_of_step(const experiment::Parameters<double>& p) {
    if (p.noise == 0) {
        return 0;
    }
    if (p.noise_kind == NoiseKind::frozen) {
        return p.noise_hold == 0 ? 0 : 1.0 / p.noise_hold;
    }
    return 1;
}

std::optional<StepWork> network_step(const Experiment& experiment, CountSum& counts,
                                     double frame_bytes) {
    const auto& p = experiment.parameters;
    const double n = experiment.network.neurons;
    const double stages = model::stages(p.integrator);
    const bool has_field = p.noise > 0 && p.noise_kind != NoiseKind::white;
    const double of_neuron = stages * counts(value_name(p.activation)) +
                             update_of_neuron(counts, p.integrator) +
                             (has_field ? 2 : 1) * counts("digest_word");
    const double of_replica =
        stages * n * n * counts(term_name(experiment.network.coupling)) + n * of_neuron;
    const double every_step = p.replicas * of_replica + frame_bytes * counts("frame_byte");
    const double draws = draws_of_step(p);
    const double draw = draws > 0 ? p.replicas * n * counts("normal") : 0;
    const StepWork observation = observation_of_step(experiment, counts);
    return counts.result(StepWork{.average = every_step + draws * draw + observation.average,
                                  .longest = every_step + draw + observation.longest});
}

/// From the counts of a whole run and of its last row: paths (a + b t) for row t.
std::optional<StepWork> forward_step(const Experiment& experiment, CountSum& counts,
                                     double frame_bytes) {
    const auto& p = experiment.parameters;
    const std::string_view run = p.reciprocity == 0 ? "forward" : "reciprocal";
    const double last = counts("sampler_points") - 1;
    const double paths = counts("sampler_paths");
    const double last_row = counts(fmt::format("{}_row_{:.0f}", run, last)) / paths;
    const double mean_row = counts(fmt::format("{}_run", run)) / paths / last;
    // Rows 1 to last: the mean is a + b (last + 1)/2.
    const double b = (last_row - mean_row) / (last - (last + 1) / 2);
    const double a = last_row - b * last;
    const double every_path = experiment.mean_field.trajectories;
    const double sending = frame_bytes * counts("frame_byte");
    return counts.result(StepWork{.average = every_path * (a + b * (p.steps + 1.0) / 2) + sending,
                                  .longest = every_path * (a + b * p.steps) + sending});
}

} // namespace

std::optional<StepWork> instructions_of_step(const Experiment& experiment,
                                             const CountedInstructions& counted,
                                             const StreamRate& stream) {
    if (experiment.scalar() != experiment::ScalarKind::float32) {
        return std::nullopt;
    }
    CountSum counts(counted);
    if (experiment.kind == experiment::ModelKind::network) {
        return network_step(experiment, counts, stream.payload_bytes);
    }
    if (experiment.mean_field.method == mean_field::Method::forward) {
        const auto& p = experiment.parameters;
        if (p.reciprocity != 0.0 && !(p.noise_kind == model::NoiseKind::white && p.noise > 0.0)) {
            return std::nullopt; // by tangents, whose work grows as the square of the row
        }
        return forward_step(experiment, counts, stream.payload_bytes);
    }
    return std::nullopt;
}

} // namespace tinymf::host
