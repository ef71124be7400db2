// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/json_text.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "experiment/experiment_schema.hpp"
#include "sweep/sweep_schema.hpp"

namespace tinymf::host {

void add_schema(CommandParser& program) {
    Command command = program.add_command(
        "schema", "Print the JSON schema of experiment files or sweep files, for editors");
    const auto kind = std::make_shared<std::string>("experiment");
    command.add_option("kind", *kind, "Which files").one_of({"experiment", "sweep"}).show_default();
    command.runs([kind] {
        const bool of_sweeps = *kind == "sweep";
        print_result(json_text(of_sweeps ? sweep_schema() : experiment_schema(), 2));
        return exit_passed;
    });
}

} // namespace tinymf::host
