// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>

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
    bool json = false;
};

int solve(const ReferenceOptions& options) {
    const std::array<std::filesystem::path, 1> inputs{options.experiment.file};
    const Experiment experiment = options.experiment.load();
    check_output_path(options.output, inputs);
    const NetworkReference reference = solve_network_reference(experiment);
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
    command->add_flag("--json", options->json, "Print one JSON object");
    command->callback([options, &chosen] { chosen = [options] { return solve(*options); }; });
}

} // namespace tinymf::host
