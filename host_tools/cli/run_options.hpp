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
    bool realtime = false;
    double tick_ms = 0;
    double answer_seconds = 2;
    bool json = false;

    void declare(CLI::App& command);

    /// Loads the experiment and checks the output path: all that can be refused without a device.
    [[nodiscard]] Experiment prepare() const;
    [[nodiscard]] SessionOptions session(std::uint32_t id) const;
    void print(const Experiment& experiment, const RecordedRun& run) const;
};

} // namespace tinymf::host
