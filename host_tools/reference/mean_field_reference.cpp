// SPDX-License-Identifier: Apache-2.0
#include "reference/mean_field_reference.hpp"

#include <stdexcept>
#include <string>

#include "diagnostics/host_error.hpp"
#include "export/mean_field_arrays.hpp"
#include "export/npz.hpp"
#include "reference/effective_neurons.hpp"
#include "reference/iterative_scheme.hpp"
#include "reference/linear_instability.hpp"
#include "reference/linear_two_time.hpp"
#include "reference/two_time_closure.hpp"
#include "theory/gaussian_moments.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

bool permits(const Experiment& experiment, MeanFieldSolver solver) {
    const experiment::Parameters<double>& p = experiment.parameters;
    switch (solver) {
    case MeanFieldSolver::linear:
        return is_linear(p);
    case MeanFieldSolver::closure:
        return p.reciprocity * p.gain == 0.0 && p.initial != model::InitialKind::uniform;
    case MeanFieldSolver::sample:
    case MeanFieldSolver::iteration:
        break;
    }
    return true;
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
        if (permits(experiment, solver)) {
            return solver;
        }
    }
    return MeanFieldSolver::sample;
}

TwoTimeSolution solve_mean_field_reference(const Experiment& experiment, MeanFieldSolver solver) {
    if (experiment.mean_field.method == mean_field::Method::stationary) {
        throw std::invalid_argument("a stationary state has no time grid");
    }
    const MeanFieldProblem problem = mean_field_problem(experiment.parameters);
    if (!permits(experiment, solver)) {
        throw HostError(exit_bad_input,
                        std::string(solver == MeanFieldSolver::linear
                                        ? "solver linear: needs a linear activation"
                                        : "solver closure: needs reciprocity 0 and initial states "
                                          "that are normal or zero"));
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
    return solve_mean_field_reference(experiment, best_solver(experiment));
}

void write_mean_field_reference(const std::filesystem::path& path, const Experiment& experiment,
                                MeanFieldSolver solver, const TwoTimeSolution& solution) {
    write_npz(path, arrays_of(solution),
              facts_of(experiment, mean_field_solver_names[static_cast<std::size_t>(solver)]));
}

void write_stationary_reference(const std::filesystem::path& path, const Experiment& experiment,
                                const StationarySolution& solution) {
    write_npz(path, arrays_of(solution), facts_of(experiment, "stationary"));
}

} // namespace tinymf::host
