// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/output_path.hpp"
#include "compare/comparison.hpp"
#include "export/run_export.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {
namespace {

struct ExportOptions {
    std::string capture;
    std::string output;
    bool force = false;
    bool partial = false;
};

/// The arrays are gathered in a second reading, which a pipe does not give.
void refuse_pipe(const std::filesystem::path& capture) {
    std::error_code ignored;
    const auto type = std::filesystem::status(capture, ignored).type();
    if (type == std::filesystem::file_type::fifo || type == std::filesystem::file_type::socket) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: is a pipe, which cannot be read twice; export a file",
                                    capture.string()));
    }
}

/// Nothing is written of an unsound capture unless it was asked for; that of a failed run is
/// written, and then the command fails.
int write_arrays(const ExportOptions& options) {
    const std::array<std::filesystem::path, 1> inputs{options.capture};
    const std::string output = output_or_default(
        options.output, std::filesystem::path(options.capture).stem().string() + ".npz");
    check_output_path(
        output, inputs,
        {.kind = FileKind::run_arrays, .force = options.force, .standard_output = true});
    refuse_pipe(options.capture);
    const Recording recording = read_recording(
        options.capture, [](std::uint8_t, std::uint32_t, std::span<const double>) {});
    const bool sound = recording.judgement.sound();
    if (!sound && !options.partial) {
        throw HostError(exit_unsound_stream, fmt::format("{}; --partial writes what there is",
                                                         judgement_line(recording)));
    }
    export_recording(recording, states_in(std::filesystem::path(options.capture)), output,
                     options.force);
    if (options.output.empty()) {
        print_result(output);
    }
    if (!sound) {
        say(judgement_line(recording) + "; wrote what there is");
        return exit_passed;
    }
    if (const auto foreign = other_build(recording.device)) {
        say(fmt::format("{}: {}", options.capture, *foreign));
    }
    require_passed(recording);
    return exit_passed;
}

} // namespace

void add_export(CommandParser& program) {
    Command command =
        program.add_command("export", "Write a capture's arrays with units and metadata");
    const auto options = std::make_shared<ExportOptions>();
    command.add_option("capture", options->capture, "Capture file (.tmf)").required();
    command
        .add_option("-o,--output", options->output,
                    "File to write (.npz or .csv); -: standard output, as .csv; default: .npz in "
                    "out/, by the capture's name")
        .type_name("OUT");
    command.add_flag("--partial", options->partial,
                     "Write what there is of an unsound capture, too");
    declare_force(command, options->force);
    command.runs([options] { return write_arrays(*options); });
}

} // namespace tinymf::host
