// SPDX-License-Identifier: Apache-2.0
#include "cli/experiment_options.hpp"

namespace tinymf::host {

CLI::Option* ExperimentOptions::declare(CLI::App& command) {
    CLI::Option* option =
        command.add_option("experiment", file, "Experiment file (TOML, schema 1)")->required();
    command
        .add_option("--set", overrides,
                    "Override one key, as in --set model.gain=1.2; may be repeated")
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
    return option;
}

} // namespace tinymf::host
