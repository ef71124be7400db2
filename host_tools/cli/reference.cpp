// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.hpp"
#include "cli/experiment_options.hpp"
#include "cli/output_path.hpp"
#include "diagnostics/host_error.hpp"
#include "reference/network_reference.hpp"

namespace tinymf::host {
namespace {

struct ReferenceOptions {
    ExperimentOptions experiment;
    std::string output;
    std::string solver{ode_solver_names.front()};
    bool json = false;
};

/// Throws HostError (exit code 2) where a solver is asked for that has nothing to solve.
OdeSolver chosen_solver(const ReferenceOptions& options, const Experiment& experiment) {
    if (options.solver == ode_solver_names.front()) {
        return OdeSolver::odeint;
    }
    if (!has_ode_solution(experiment.parameters)) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: --solver {} needs a run without white or coloured noise",
                                    experiment.source, options.solver));
    }
    return OdeSolver::cvode;
}

int solve(const ReferenceOptions& options) {
    const std::array<std::filesystem::path, 1> inputs{options.experiment.file};
    const Experiment experiment = options.experiment.load();
    check_output_path(options.output, inputs);
    const NetworkReference reference =
        solve_network_reference(experiment, chosen_solver(options, experiment));
    write_reference(options.output, experiment, reference);
    const std::string_view method = name_of(reference.method);
    if (options.json) {
        const nlohmann::json summary{{"name", experiment.name},
                                     {"method", method},
                                     {"states", reference.steps.size()},
                                     {"output", options.output}};
        fmt::print("{}\n", summary.dump());
    } else {
        fmt::print("{}: {} states by method {} in {}\n", experiment.name, reference.steps.size(),
                   method, options.output);
    }
    return exit_passed;
}

} // namespace

void add_reference(CLI::App& program, Action& chosen) {
    CLI::App* command = program.add_subcommand(
        "reference", "Solve an experiment independently in double precision");
    const auto options = std::make_shared<ReferenceOptions>();
    options->experiment.declare(*command);
    command->add_option("-o,--output", options->output, "Arrays to write (.npz)")
        ->required()
        ->type_name("REF.npz");
    command
        ->add_option("--solver", options->solver,
                     "Of the differential equation: odeint, or cvode where it was built in")
        ->check(CLI::IsMember(
            std::vector<std::string>{ode_solver_names.begin(), ode_solver_names.end()}))
        ->capture_default_str();
    command->add_flag("--json", options->json, "Print one JSON object");
    command->callback([options, &chosen] { chosen = [options] { return solve(*options); }; });
}

} // namespace tinymf::host
