// SPDX-License-Identifier: Apache-2.0
#include "reference/two_time_prediction.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "reference/mean_field_reference.hpp"
#include "reference/two_time_closure.hpp"

namespace tinymf::host {
namespace {

using Steps = std::vector<Eigen::Index>;

Eigen::Index step_at(const Experiment& experiment, double time) {
    const auto& p = experiment.parameters;
    const double step = std::round(time / p.dt);
    if (!(step >= 0.0 && step <= static_cast<double>(p.steps))) {
        throw HostError(exit_bad_input,
                        fmt::format("--times: {} is not within the experiment, 0 to {}", time,
                                    static_cast<double>(p.steps) * p.dt));
    }
    return static_cast<Eigen::Index>(step);
}

/// Why the experiment has no exact theory up to a step; nothing when it has one.
std::string objection(const Experiment& experiment, Eigen::Index last) {
    const auto& p = experiment.parameters;
    if (p.noise_kind == model::NoiseKind::frozen && p.noise_hold > 0 && last > p.noise_hold) {
        return "static noise that is drawn anew (model.noise_hold) has no theory beyond its first "
               "draw";
    }
    if (best_solver(experiment) != MeanFieldSolver::sample) {
        return "";
    }
    if (p.reciprocity * p.gain == 0.0) {
        return "x(0) is not normal, so that a nonlinear network has no closed theory; solve the "
               "mean field by sampling (mean_field.method = \"forward\")";
    }
    return model::stages(p.integrator) == 1
               ? "a nonlinear network with reciprocity other than 0 has no closed theory; solve "
                 "the mean field by sampling (mean_field.method = \"forward\")"
               : "with reciprocity other than 0 theory is given for schemes of one stage: euler, "
                 "exponential_euler";
}

TwoTimeArrays among(const Steps& steps, const TwoTimeArrays& arrays) {
    TwoTimeArrays chosen;
    chosen.Cx = arrays.Cx(steps, steps);
    chosen.Cphi = arrays.Cphi(steps, steps);
    chosen.mean = arrays.mean(steps);
    return chosen;
}

Quantity<TwoTimeArrays> solved_among(Experiment experiment, const Steps& steps) {
    const Eigen::Index last = *std::ranges::max_element(steps);
    if (const std::string reason = objection(experiment, last); !reason.empty()) {
        return Unknown{reason};
    }
    // The solvers need a step to take.
    experiment.parameters.steps = static_cast<std::uint32_t>(std::max<Eigen::Index>(1, last));
    experiment.mean_field.method = mean_field::Method::forward;
    try {
        return among(steps, best_solver(experiment) == MeanFieldSolver::closure
                                ? solve_two_time_closure(mean_field_problem(experiment.parameters),
                                                         PairRule::series)
                                      .value
                                : solve_mean_field_reference(experiment).value);
    } catch (const HostError& error) {
        return Unknown{error.what()};
    }
}

nlohmann::json rows_of(const TwoTimeMatrix& matrix) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& row : matrix.rowwise()) {
        rows.push_back(std::vector<double>(row.begin(), row.end()));
    }
    return rows;
}

} // namespace

TwoTimePrediction predict_two_time(const Experiment& experiment, const std::vector<double>& times) {
    TwoTimePrediction prediction;
    Steps steps;
    for (const double time : times) {
        steps.push_back(step_at(experiment, time));
        prediction.times.push_back(static_cast<double>(steps.back()) * experiment.parameters.dt);
    }
    prediction.value = solved_among(experiment, steps);
    return prediction;
}

void add_two_time(const TwoTimePrediction& prediction, nlohmann::json& all) {
    nlohmann::json& two_time = all["two_time"] = {{"times", prediction.times}};
    for (const char* name : {"mean", "Cx", "Cphi"}) {
        two_time[name] = nullptr;
        if (!prediction.value.known()) {
            all["notes"][std::string("two_time.") + name] = prediction.value.reason();
        }
    }
    if (prediction.value.known()) {
        const TwoTimeArrays& value = prediction.value.value();
        two_time["mean"] = std::vector<double>(value.mean.begin(), value.mean.end());
        two_time["Cx"] = rows_of(value.Cx);
        two_time["Cphi"] = rows_of(value.Cphi);
    }
}

std::string to_text(const TwoTimePrediction& prediction) {
    if (!prediction.value.known()) {
        return fmt::format("{:<28} none: {}", "two_time", prediction.value.reason());
    }
    std::string text = fmt::format("{:>10} {:>16} {:>16}", "t", "C_x(t,t)", "C_phi(t,t)");
    const TwoTimeArrays& value = prediction.value.value();
    for (std::size_t j = 0; j < prediction.times.size(); ++j) {
        const auto t = static_cast<Eigen::Index>(j);
        text += fmt::format("\n{:>10.6g} {:>16.12f} {:>16.12f}", prediction.times[j],
                            value.Cx(t, t), value.Cphi(t, t));
    }
    return text;
}

} // namespace tinymf::host
