// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiment/experiment.hpp"
#include "models/board_info.hpp"
#include "plan/instruction_model.hpp"
#include "plan/stream_rate.hpp"

namespace tinymf::host {

struct PlanRequest {
    double instructions_per_second = 0; ///< 0: one a cycle of the board's clock
    double tick_ms = 0;                 ///< 0: free running, which no line is too slow for
    double baud = 115200;               ///< ten bits a byte
};

/// Something a board has so much of; margin() below zero is what is missing.
struct Share {
    double needed = 0;
    double available = 0;

    [[nodiscard]] double margin() const { return available - needed; }
    [[nodiscard]] bool fits() const { return needed <= available; }
};

/// Largest shape that fits, everything else as in the experiment; 0: none does.
struct LargestShape {
    std::optional<std::uint32_t> neurons;
    std::optional<std::uint32_t> points;
    std::optional<std::uint32_t> trajectories;
};

/// What running an experiment takes on a board, before anything is compiled for it: the board's
/// application image, with a profile added where it carries none that serves. Sizes come from the
/// image as it was last measured (firmware/budgets.toml) and the models' size formulas.
struct Plan {
    std::string board;
    std::string profile;
    bool in_image = false; ///< the board's image carries the profile
    Share flash;           ///< bytes
    Share ram;             ///< bytes, with the stack's reserve
    Share stack;           ///< bytes: static bound, reserve
    std::uint32_t static_ram = 0;
    StreamRate stream;
    std::optional<StepWork> step;
    std::string counted_on; ///< board whose counts these are
    double instructions_per_second = 0;
    std::optional<double> steps_per_second; ///< on average at that rate
    /// Bytes a second on the line: at the tick, or as fast as the steps come.
    std::optional<Share> line;
    std::optional<Share> tick; ///< instructions of the longest step in a tick
    bool is_ticked = false;    ///< then the line must keep up
    LargestShape largest;
    std::vector<std::string> notes; ///< one line for everything that is not known

    [[nodiscard]] bool fits() const;
};

/// Throws HostError (exit code 2) for a board that was not measured, or a kind of model that no
/// board's image carries.
[[nodiscard]] Plan make_plan(const Experiment& experiment, const BoardInfo& board,
                             const PlanRequest& request);

} // namespace tinymf::host
