// SPDX-License-Identifier: Apache-2.0
#include "reference/mean_field_problem.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "reference/linear_instability.hpp"
#include "reference/network_input.hpp"

namespace tinymf::host {
namespace {

using Parameters = experiment::Parameters<double>;

Eigen::VectorXd noise_by_lag(const Parameters& parameters, Eigen::Index points) {
    const double strength = parameters.noise * parameters.noise;
    switch (parameters.noise_kind) {
    case model::NoiseKind::colored:
        return Eigen::VectorXd::NullaryExpr(points, [&](Eigen::Index lag) {
            return strength *
                   std::exp(-static_cast<double>(lag) * parameters.dt / parameters.noise_time);
        });
    case model::NoiseKind::frozen:
        return Eigen::VectorXd::Constant(points, strength);
    case model::NoiseKind::white:
        break;
    }
    return Eigen::VectorXd::Zero(points);
}

void set_initial_moments(const Parameters& parameters, MeanFieldProblem& problem) {
    const double scale = parameters.initial_scale;
    switch (parameters.initial) {
    case model::InitialKind::normal:
        problem.initial_variance = scale * scale;
        break;
    case model::InitialKind::uniform:
        problem.initial_mean = scale / 2.0;
        problem.initial_variance = scale * scale / 12.0;
        break;
    case model::InitialKind::zero:
        break;
    }
}

} // namespace

Eigen::VectorXd MeanFieldProblem::smooth_field_row(const Eigen::VectorXd& output_row) const {
    return gain_squared * output_row + noise_by_lag.head(output_row.size()).reverse();
}

MeanFieldProblem mean_field_problem(const Parameters& parameters) {
    if (parameters.stimulus == model::StimulusKind::live) {
        throw HostError(exit_bad_input,
                        "stimulus.kind: an average over networks has no live input");
    }
    constexpr std::uint32_t most_steps = 8191;
    if (parameters.steps > most_steps) {
        throw HostError(exit_bad_input,
                        fmt::format("model.steps: the reference holds arrays of (steps + 1)^2 "
                                    "numbers; it takes at most {} steps",
                                    most_steps));
    }
    MeanFieldProblem problem;
    problem.parameters = parameters;
    problem.activation = reference_activation(parameters);
    problem.points = static_cast<Eigen::Index>(parameters.steps) + 1;
    problem.scheme = stage_scheme(parameters.integrator, parameters.dt);
    const Eigen::Index stages = problem.scheme.stages();
    problem.alpha = problem.scheme.decay();
    problem.beta = problem.scheme.field_share();
    if (parameters.noise_kind == model::NoiseKind::white) {
        problem.white_strength = parameters.noise * parameters.noise;
        problem.nu = std::pow(problem.scheme.white(stages), 2) * problem.white_strength;
    }
    problem.gain_squared = parameters.gain * parameters.gain;
    problem.kappa = parameters.reciprocity * problem.gain_squared;
    set_initial_moments(parameters, problem);
    const ReferenceStimulus stimulus(parameters, {});
    problem.input = Eigen::VectorXd::NullaryExpr(stages * problem.points, [&](Eigen::Index i) {
        return stimulus.at_stage(static_cast<std::uint32_t>(i / stages),
                                 problem.scheme.offset(i % stages));
    });
    problem.noise_by_lag = noise_by_lag(parameters, problem.points);
    return problem;
}

TwoTimeArrays zero_arrays(Eigen::Index points) {
    const TwoTimeMatrix zero = TwoTimeMatrix::Zero(points, points);
    return {zero, zero, zero, zero, Eigen::VectorXd::Zero(points)};
}

TwoTimeSolution solution_of(const MeanFieldProblem& problem, TwoTimeSolution solution) {
    const TwoTimeArrays& value = solution.value;
    solution.times.clear();
    for (Eigen::Index t = 0; t < problem.points; ++t) {
        solution.times.push_back(problem.time(t));
        for (const auto* array : {&value.Cx, &value.Cphi, &value.Rx, &value.Rphi}) {
            require_finite(problem, t, array->row(t).transpose());
        }
    }
    return solution;
}

void require_finite(const MeanFieldProblem& problem, Eigen::Index t,
                    const Eigen::Ref<const Eigen::VectorXd>& values) {
    if (values.allFinite()) {
        return;
    }
    const std::string reason = linear_instability(problem.parameters);
    throw HostError(exit_bad_input,
                    fmt::format("the mean field overflows by t = {:.6g}{}{}", problem.time(t),
                                reason.empty() ? "" : ": ", reason));
}

void respond_without_memory(const MeanFieldProblem& problem, const Eigen::VectorXd& mean_slope,
                            TwoTimeArrays& arrays) {
    arrays.Rx.setZero();
    for (Eigen::Index t = 1; t < problem.points; ++t) {
        arrays.Rx(t, t - 1) = problem.scheme.impulse();
        arrays.Rx.row(t).head(t - 1) = problem.alpha * arrays.Rx.row(t - 1).head(t - 1);
    }
    arrays.Rphi = mean_slope.asDiagonal() * arrays.Rx;
}

} // namespace tinymf::host
