// SPDX-License-Identifier: Apache-2.0
#include "reference/mean_field_reference.hpp"

#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arrays/mean_field_arrays.hpp"
#include "arrays/npz.hpp"
#include "base/host_error.hpp"
#include "reference/effective_neurons.hpp"
#include "reference/iterative_scheme.hpp"
#include "reference/linear_instability.hpp"
#include "reference/linear_two_time.hpp"
#include "reference/two_time_closure.hpp"
#include "theory/gaussian_moments.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

/// Why a solver does not take an experiment; nothing when it does.
std::string objection(const Experiment& experiment, MeanFieldSolver solver) {
    const experiment::Parameters<double>& p = experiment.parameters;
    if (solver == MeanFieldSolver::closure) {
        return p.reciprocity * p.gain == 0.0 && p.initial != model::InitialKind::uniform
                   ? ""
                   : "needs reciprocity 0 and initial states that are normal or zero";
    }
    if (solver == MeanFieldSolver::linear && !is_linear(p)) {
        return "needs a linear activation";
    }
    return model::stages(p.integrator) == 1
               ? ""
               : "needs model.integrator to be euler or exponential_euler, schemes of one stage";
}

void require_time_grid(const Experiment& experiment) {
    if (experiment.mean_field.method == mean_field::Method::stationary) {
        throw std::invalid_argument("a stationary state has no time grid");
    }
}

nlohmann::json facts_of(const Experiment& experiment, std::string_view method) {
    nlohmann::json facts{{"experiment", experiment.text},
                         {"method", method},
                         {"version", build_facts.version},
                         {"git_hash", build_facts.git_hash}};
    const std::string instability = linear_instability(experiment.parameters);
    if (!instability.empty()) {
        facts["note"] = instability;
    }
    return facts;
}

} // namespace

MeanFieldSolver best_solver(const Experiment& experiment) {
    for (const auto solver : {MeanFieldSolver::linear, MeanFieldSolver::closure}) {
        if (objection(experiment, solver).empty()) {
            return solver;
        }
    }
    return MeanFieldSolver::sample;
}

TwoTimeSolution solve_mean_field_reference(const Experiment& experiment, MeanFieldSolver solver) {
    require_time_grid(experiment);
    const MeanFieldProblem problem = mean_field_problem(experiment.parameters);
    if (const std::string reason = objection(experiment, solver); !reason.empty()) {
        throw HostError(exit_bad_input,
                        fmt::format("solver {}: {}",
                                    mean_field_solver_names[static_cast<std::size_t>(solver)],
                                    reason));
    }
    switch (solver) {
    case MeanFieldSolver::linear:
        return solve_linear_two_time(problem);
    case MeanFieldSolver::closure:
        return solve_two_time_closure(problem);
    case MeanFieldSolver::iteration:
        return solve_by_iteration(problem, iteration_settings_for(problem));
    case MeanFieldSolver::sample:
        break;
    }
    return solve_effective_neurons(problem, sample_size_for(problem));
}

TwoTimeSolution solve_mean_field_reference(const Experiment& experiment) {
    require_time_grid(experiment);
    const MeanFieldSolver best = best_solver(experiment);
    if (best != MeanFieldSolver::closure) {
        return solve_mean_field_reference(experiment, best);
    }
    const MeanFieldProblem problem = mean_field_problem(experiment.parameters);
    return solve_two_time_closure(problem, PairRule::quadrature, affordable_evaluations(problem));
}

void write_mean_field_reference(const std::filesystem::path& path, const Experiment& experiment,
                                MeanFieldSolver solver, const TwoTimeSolution& solution) {
    write_npz(path, arrays_of(solution),
              facts_of(experiment, mean_field_solver_names[static_cast<std::size_t>(solver)]),
              reference_arrays_mark);
}

void write_stationary_reference(const std::filesystem::path& path, const Experiment& experiment,
                                const StationarySolution& solution) {
    write_npz(path, arrays_of(solution), facts_of(experiment, "stationary"), reference_arrays_mark);
}

} // namespace tinymf::host
