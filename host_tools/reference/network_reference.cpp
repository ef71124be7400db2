// SPDX-License-Identifier: Apache-2.0
#include "reference/network_reference.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include "arrays/npz.hpp"
#include "reference/cvode_solution.hpp"
#include "reference/scheme_run.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

StateTable solve_scheme(const NetworkProblem& problem,
                        const experiment::Parameters<double>& parameters, const DrawnNetwork& drawn,
                        std::uint32_t replica) {
    SchemeRun run(problem, parameters, drawn, replica);
    StateTable states(problem.state_steps.size(), run.equation().neurons());
    for (Eigen::Index row = 0; row < states.rows(); ++row) {
        while (run.step_index() < problem.state_steps[static_cast<std::size_t>(row)]) {
            run.advance();
        }
        states.row(row) = run.states().col(0);
    }
    return states;
}

/// The differential equation where there is one; first, because a solver may be missing.
ReferenceReplica solve_replica(const NetworkProblem& problem, const DrawnNetwork& drawn,
                               std::uint32_t replica, OdeSolver solver) {
    ReferenceReplica solved;
    const bool is_ode = has_ode_solution(problem.parameters);
    if (is_ode) {
        solved.solution = solver == OdeSolver::cvode ? solve_ode_by_cvode(problem, drawn, replica)
                                                     : solve_ode(problem, drawn, replica);
    }
    solved.scheme = solve_scheme(problem, problem.parameters, drawn, replica);
    solved.scheme_in_run = problem.shape.scalar == experiment::ScalarKind::float64
                               ? solved.scheme
                               : solve_scheme(problem, parameters_in_run(problem), drawn, replica);
    if (!is_ode) {
        solved.solution = solved.scheme;
    }
    return solved;
}

NamedArray table_array(std::string name, const StateTable& table) {
    return named_array(
        std::move(name), "",
        {static_cast<std::size_t>(table.rows()), static_cast<std::size_t>(table.cols())},
        std::span<const double>(table.data(), static_cast<std::size_t>(table.size())));
}

} // namespace

NetworkReference solve_network_reference(const NetworkProblem& problem, OdeSolver solver) {
    NetworkReference reference;
    reference.solver = solver;
    reference.method =
        has_ode_solution(problem.parameters) ? ReferenceMethod::ode : ReferenceMethod::scheme;
    reference.steps = problem.state_steps;
    for (const std::uint32_t step : problem.state_steps) {
        reference.times.push_back(step * problem.parameters.dt);
    }
    const DrawnNetwork drawn = draw_network(problem);
    for (std::uint32_t replica = 0; replica < problem.parameters.replicas; ++replica) {
        reference.replicas.push_back(solve_replica(problem, drawn, replica, solver));
    }
    return reference;
}

NetworkReference solve_network_reference(const Experiment& experiment, OdeSolver solver) {
    return solve_network_reference(network_problem(experiment), solver);
}

void write_reference(const std::filesystem::path& path, const Experiment& experiment,
                     const NetworkReference& reference) {
    std::vector<NamedArray> arrays;
    const std::size_t states = reference.steps.size();
    arrays.push_back(named_array<double>("t", "tau", {states}, reference.times));
    arrays.push_back(named_array<std::uint32_t>("step", "steps", {states}, reference.steps));
    for (std::size_t r = 0; r < reference.replicas.size(); ++r) {
        const std::string suffix = r == 0 ? "" : "_replica_" + std::to_string(r);
        arrays.push_back(table_array("x" + suffix, reference.replicas[r].solution));
        arrays.push_back(table_array("x_scheme" + suffix, reference.replicas[r].scheme));
    }
    nlohmann::json facts{{"experiment", experiment.text},
                         {"method", name_of(reference.method)},
                         {"version", build_facts.version},
                         {"git_hash", build_facts.git_hash}};
    if (reference.method == ReferenceMethod::ode) {
        facts["tolerance"] = ode_tolerance;
        facts["solver"] = ode_solver_names.at(static_cast<std::size_t>(reference.solver));
    }
    write_npz(path, arrays, facts, reference_arrays_mark);
}

} // namespace tinymf::host
