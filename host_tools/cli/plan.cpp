// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/nearest_name.hpp"
#include "base/problem_list.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/experiment_options.hpp"
#include "models/board_info.hpp"
#include "plan/plan_output.hpp"

namespace tinymf::host {
namespace {

struct PlanOptions {
    ExperimentOptions experiment;
    std::string board;
    PlanRequest request;
    bool json = false;
};

const BoardInfo& board_or_throw(const std::string& name) {
    if (const BoardInfo* board = find_board(name)) {
        return *board;
    }
    std::set<std::string, std::less<>> names;
    for (const BoardInfo& board : boards()) {
        names.emplace(board.name);
    }
    const std::string nearest = nearest_name(name, names);
    throw HostError(exit_bad_input, fmt::format("no board '{}'{}; boards: {}", printable(name),
                                                nearest.empty() ? "" : "; nearest is " + nearest,
                                                fmt::join(names, ", ")));
}

int print_plan(const PlanOptions& options) {
    const BoardInfo& board = board_or_throw(options.board);
    const Plan plan = make_plan(options.experiment.load(), board, options.request);
    options.json ? print_json(to_json(plan)) : print_result(to_text(plan));
    return plan.fits() ? exit_passed : exit_failed;
}

} // namespace

void add_plan(CommandParser& program) {
    Command command = program.add_command(
        "plan", "Tell what an experiment takes on a board; exit code 1 where it does not fit");
    const auto options = std::make_shared<PlanOptions>();
    PlanRequest& request = options->request;
    options->experiment.declare(command);
    command.add_option("--board", options->board, "Board, as tinymf boards lists it").required();
    command
        .add_option("--instructions-per-second", request.instructions_per_second,
                    "How fast the core is; default: one instruction a cycle of the board's clock")
        .between(1.0, 1e12);
    command
        .add_option("--tick-ms", request.tick_ms,
                    "Milliseconds a step, which step and line must keep; 0: untimed")
        .zero_or_between(1e-3, 1e6)
        .show_default();
    command.add_option("--baud", request.baud, "Of the board's line, ten bits a byte")
        .between(300.0, 1e9)
        .show_default();
    command.add_flag("--json", options->json, "Print one JSON object");
    command.runs([options] { return print_plan(*options); });
}

} // namespace tinymf::host
