// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <variant>

#include "base/host_error.hpp"
#include "capture/run_times.hpp"
#include "cli/command.hpp"
#include "cli/output_path.hpp"
#include "cli/run_options.hpp"
#include "device/link_source.hpp"
#include "device/open_link.hpp"

namespace tinymf::host {
namespace {

struct CaptureOptions {
    RunOptions run;
    std::string source;
    LinkOptions link;
};

/// A device remembers the session that a vanished host left behind; a new one needs another number.
std::uint32_t fresh_session_id() {
    std::random_device entropy;
    return std::uniform_int_distribution<std::uint32_t>{1}(entropy);
}

/// For the capture's default name: "-BOARD" of an emulated board, the kind of line of others.
std::string place_of(const LinkSource& source) {
    constexpr std::array<std::string_view, 4> lines{"-serial", "-pty", "-tcp", "-file"};
    const auto* emulated = std::get_if<QemuSource>(&source);
    return emulated != nullptr ? "-" + emulated->board : std::string(lines.at(source.index()));
}

int capture(const CaptureOptions& options) {
    const LinkSource source = parse_link_source(options.source);
    const PreparedRun run = options.run.prepare(place_of(source));
    const SessionOptions session = options.run.session(fresh_session_id(), run);
    if (const auto* recording = std::get_if<FileSource>(&source)) {
        if (!session.inputs.empty()) {
            throw HostError(exit_bad_input,
                            options.source + ": a recording takes no --input, it has its own");
        }
        if (run.resumed || session.snapshot_every != 0 || session.stop_at) {
            throw HostError(exit_bad_input,
                            options.source + ": a recording takes no checkpoint and gives none");
        }
        const std::array<std::filesystem::path, 1> inputs{recording->path};
        check_output_path(run.output, inputs, {.kind = FileKind::capture});
    }
    const auto link = open_link(options.source, options.link);
    std::string origin = options.source;
    if (options.link.counted_time) {
        origin += counted_time_mark;
    }
    return options.run.report(run, record_run(run.experiment, *link, session, origin, run.output,
                                              RunProgress::shown, run.resumed));
}

} // namespace

void add_capture(CommandParser& program) {
    Command command = program.add_command("capture", "Run an experiment on a board");
    const auto options = std::make_shared<CaptureOptions>();
    options->run.declare(command);
    command
        .add_option("--from", options->source,
                    "The board: serial:DEV@BAUD, pty:PATH, tcp:HOST:PORT, file:PATH, qemu:BOARD")
        .required()
        .type_name("SOURCE");
    command.add_option("--image", options->link.image,
                       "Firmware for qemu:BOARD; default: the board's own build tree");
    command.add_flag("--icount", options->link.counted_time,
                     "qemu: let time pass with instructions, the same in every run");
    command.runs([options] { return capture(*options); });
}

} // namespace tinymf::host
