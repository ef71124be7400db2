// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/command_parser.hpp"
#include "experiment/experiment.hpp"

namespace tinymf::host {

/// The experiment file and its overrides, as every command that reads one takes them.
struct ExperimentOptions {
    std::string file;
    std::vector<std::string> overrides;

    /// Returns the option of the file.
    Option declare(Command command);
    [[nodiscard]] Experiment load() const { return load_experiment(file, overrides); }
};

} // namespace tinymf::host
