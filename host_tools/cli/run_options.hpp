// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/experiment_options.hpp"
#include "session/recorded_run.hpp"
#include "session/session.hpp"

namespace tinymf::host {

/// What `emulate` and `capture` have in common.
struct RunOptions {
    ExperimentOptions experiment;
    std::string output;
    std::string inputs; ///< file of live inputs; may be empty
    bool realtime = false;
    double tick_ms = 0;
    std::string deadline = "late";
    double answer_seconds = 2;
    bool json = false;

    void declare(CLI::App& command);

    /// Loads the experiment and checks the output path. With `session`, all that can be refused
    /// without a device.
    [[nodiscard]] Experiment prepare() const;
    /// Loads the live inputs too. Throws HostError (exit code 2).
    [[nodiscard]] SessionOptions session(std::uint32_t id, const Experiment& loaded) const;
    void print(const Experiment& experiment, const RecordedRun& run) const;
};

} // namespace tinymf::host
