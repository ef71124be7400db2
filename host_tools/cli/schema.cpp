// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "diagnostics/host_error.hpp"
#include "diagnostics/standard_streams.hpp"
#include "experiment_file/experiment_schema.hpp"
#include "sweep/sweep_schema.hpp"

namespace tinymf::host {

void add_schema(CLI::App& program, Action& chosen) {
    CLI::App* command = program.add_subcommand(
        "schema", "Print the JSON schema of experiment files or sweep files, for editors");
    const auto kind = std::make_shared<std::string>("experiment");
    command->add_option("kind", *kind, "Which files")
        ->check(CLI::IsMember({"experiment", "sweep"}))
        ->capture_default_str();
    command->callback([kind, &chosen] {
        chosen = [kind] {
            const bool of_sweeps = *kind == "sweep";
            print_result((of_sweeps ? sweep_schema() : experiment_schema()).dump(2));
            return exit_passed;
        };
    });
}

} // namespace tinymf::host
