// SPDX-License-Identifier: Apache-2.0
#include "cli/experiment_options.hpp"

namespace tinymf::host {

Option ExperimentOptions::declare(Command command) {
    Option option =
        command.add_option("experiment", file, "Experiment file (TOML, schema 1)").required();
    command
        .add_option("--set", overrides,
                    "Override one key, as in --set model.gain=1.2; may be repeated")
        .one_value_at_a_time()
        .type_name("KEY=VALUE");
    return option;
}

} // namespace tinymf::host
