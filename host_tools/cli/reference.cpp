// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/experiment_options.hpp"
#include "cli/output_path.hpp"
#include "reference/linear_instability.hpp"
#include "reference/mean_field_reference.hpp"
#include "reference/network_reference.hpp"
#include "reference/stationary_reference.hpp"

namespace tinymf::host {
namespace {

struct ReferenceOptions {
    ExperimentOptions experiment;
    std::string output;
    std::string solver; ///< empty: the first that applies
    bool force = false;
    bool json = false;
};

/// What was solved and how: the command's result.
struct Summary {
    std::string_view method;
    std::string_view counted; ///< what `count` counts
    std::size_t count;
};

[[noreturn]] void refuse_solver(const Experiment& experiment, const std::string& solver,
                                std::string_view needs) {
    throw HostError(exit_bad_input,
                    fmt::format("{}: --solver {} needs {}", experiment.source, solver, needs));
}

std::size_t place_of(std::string_view name, std::span<const std::string_view> names) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

OdeSolver chosen_ode_solver(const Experiment& experiment, const std::string& solver) {
    if (solver.empty() || solver == ode_solver_names.front()) {
        return OdeSolver::odeint;
    }
    if (place_of(solver, ode_solver_names) == ode_solver_names.size()) {
        refuse_solver(experiment, solver, "a mean field on a time grid");
    }
    if (!has_ode_solution(experiment.parameters)) {
        refuse_solver(experiment, solver, "a run without white or coloured noise");
    }
    return OdeSolver::cvode;
}

Summary solve_network(const Experiment& experiment, const ReferenceOptions& options) {
    const NetworkReference reference =
        solve_network_reference(experiment, chosen_ode_solver(experiment, options.solver));
    write_reference(options.output, experiment, reference);
    return {name_of(reference.method), "states", reference.steps.size()};
}

MeanFieldSolver chosen_mean_field_solver(const Experiment& experiment, const std::string& solver) {
    if (solver.empty()) {
        return best_solver(experiment);
    }
    const std::size_t place = place_of(solver, mean_field_solver_names);
    if (place == mean_field_solver_names.size()) {
        refuse_solver(experiment, solver, "a network");
    }
    return static_cast<MeanFieldSolver>(place);
}

Summary solve_two_time(const Experiment& experiment, const ReferenceOptions& options) {
    const MeanFieldSolver solver = chosen_mean_field_solver(experiment, options.solver);
    if (const std::string note = linear_instability(experiment.parameters); !note.empty()) {
        say(fmt::format("note: {}; the solution is that of its transient", note));
    }
    const TwoTimeSolution solution = solve_mean_field_reference(experiment, solver);
    write_mean_field_reference(options.output, experiment, solver, solution);
    return {mean_field_solver_names[static_cast<std::size_t>(solver)], "points",
            solution.times.size()};
}

Summary solve_stationary(const Experiment& experiment, const ReferenceOptions& options) {
    if (!options.solver.empty()) {
        refuse_solver(experiment, options.solver, "a time grid; a stationary state has one theory");
    }
    const StationarySolution solution = solve_stationary_reference(experiment);
    write_stationary_reference(options.output, experiment, solution);
    return {"stationary", "lags", solution.lags.size()};
}

Summary solve_any(const Experiment& experiment, const ReferenceOptions& options) {
    if (experiment.kind == experiment::ModelKind::network) {
        return solve_network(experiment, options);
    }
    return experiment.mean_field.method == mean_field::Method::stationary
               ? solve_stationary(experiment, options)
               : solve_two_time(experiment, options);
}

int solve(ReferenceOptions& options) {
    const std::array<std::filesystem::path, 1> inputs{options.experiment.file};
    const Experiment experiment = options.experiment.load();
    options.output = output_or_default(options.output, experiment.name + "-reference.npz");
    check_output_path(options.output, inputs,
                      {.kind = FileKind::reference_arrays, .force = options.force});
    const Summary summary = solve_any(experiment, options);
    if (options.json) {
        const nlohmann::json object{{"name", experiment.name},
                                    {"method", summary.method},
                                    {summary.counted, summary.count},
                                    {"output", options.output}};
        print_json(object);
    } else {
        print_result(fmt::format("{}: {} {} by method {} in {}", experiment.name, summary.count,
                                 summary.counted, summary.method, options.output));
    }
    return exit_passed;
}

std::vector<std::string> all_solver_names() {
    std::vector<std::string> names{ode_solver_names.begin(), ode_solver_names.end()};
    names.insert(names.end(), mean_field_solver_names.begin(), mean_field_solver_names.end());
    return names;
}

} // namespace

void add_reference(CommandParser& program) {
    Command command =
        program.add_command("reference", "Solve an experiment independently in double precision");
    const auto options = std::make_shared<ReferenceOptions>();
    options->experiment.declare(command);
    command
        .add_option("-o,--output", options->output,
                    "Arrays to write (.npz); default: in out/, by the experiment's name")
        .type_name("REF.npz");
    command
        .add_option("--solver", options->solver,
                    "Of the differential equation odeint, or cvode where it was built in; of a "
                    "mean field the others (default: the first that applies)")
        .one_of(all_solver_names());
    declare_force(command, options->force);
    command.add_flag("--json", options->json, "Print one JSON object");
    command.runs([options] { return solve(*options); });
}

} // namespace tinymf::host
