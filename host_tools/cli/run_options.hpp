// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_parser.hpp"
#include "cli/experiment_options.hpp"
#include "device/recorded_run.hpp"
#include "device/session.hpp"

namespace tinymf::host {

/// An experiment to run, from its beginning or from a checkpoint.
struct PreparedRun {
    Experiment experiment;
    std::vector<std::uint8_t> checkpoint{}; ///< empty: from the beginning
    std::optional<ResumedRun> resumed{};
    std::string output{}; ///< capture file to write
};

/// What `emulate` and `capture` have in common.
struct RunOptions {
    ExperimentOptions experiment;
    std::string output;     ///< empty: under out/, by the experiment's name
    std::string inputs;     ///< file of live inputs; may be empty
    std::string controller; ///< program that answers states with inputs; may be empty
    bool realtime = false;
    double tick_ms = 0;
    std::string deadline = "late";
    double answer_seconds = 2;
    std::string resume; ///< capture to go on from; may be empty
    std::uint32_t snapshot_every = 0;
    std::optional<std::uint32_t> stop_at;
    bool json = false;

    void declare(Command command);

    /// Loads the experiment, or the run to resume, and checks the output path. With `session`, all
    /// that can be refused without a device.
    /// `place` tells the capture's default name from those of other places.
    [[nodiscard]] PreparedRun prepare(const std::string& place = {}) const;
    /// Loads the live inputs too, and starts the controller. Throws HostError (exit code 2).
    [[nodiscard]] SessionOptions session(std::uint32_t id, const PreparedRun& run) const;
    /// Prints what the run came to, and on standard error why it failed, if it did. Returns the
    /// exit code.
    [[nodiscard]] int report(const PreparedRun& prepared, const RecordedRun& run) const;

private:
    void print(const PreparedRun& prepared, const RecordedRun& run) const;
    void check_stop(const PreparedRun& run) const;
    void start_controller(SessionOptions& session, const Experiment& loaded) const;
};

} // namespace tinymf::host
