// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/host_error.hpp"
#include "cli/command.hpp"
#include "cli/run_options.hpp"
#include "device/emulated_board.hpp"

namespace tinymf::host {

void add_emulate(CommandParser& program) {
    Command command =
        program.add_command("emulate", "Run an experiment on the firmware in this process");
    const auto options = std::make_shared<RunOptions>();
    options->declare(command);
    command.runs([options] {
        const PreparedRun run = options->prepare();
        // Every emulated board is new, so a fixed session number repeats the stream exactly.
        constexpr std::uint32_t session_id = 1;
        const SessionOptions session = options->session(session_id, run);
        EmulatedBoard board;
        return options->report(run, record_run(run.experiment, board, session, "emulation",
                                               run.output, RunProgress::shown, run.resumed));
    });
}

} // namespace tinymf::host
