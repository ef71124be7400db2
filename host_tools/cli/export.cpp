// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "cli/output_path.hpp"
#include "diagnostics/host_error.hpp"
#include "export/run_export.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {
namespace {

struct ExportOptions {
    std::string capture;
    std::string output;
    bool force = false;
};

int write_arrays(const ExportOptions& options) {
    const std::array<std::filesystem::path, 1> inputs{options.capture};
    check_output_path(
        options.output, inputs,
        {.kind = FileKind::run_arrays, .force = options.force, .standard_output = true});
    export_recording(read_recording(options.capture), options.output);
    return exit_passed;
}

} // namespace

void add_export(CLI::App& program, Action& chosen) {
    CLI::App* command =
        program.add_subcommand("export", "Write a capture's arrays with units and metadata");
    const auto options = std::make_shared<ExportOptions>();
    command->add_option("capture", options->capture, "Capture file (.tmf)")->required();
    command
        ->add_option("-o,--output", options->output,
                     "File to write (.npz or .csv); -: standard output, as .csv")
        ->required()
        ->type_name("OUT");
    declare_force(*command, options->force);
    command->callback(
        [options, &chosen] { chosen = [options] { return write_arrays(*options); }; });
}

} // namespace tinymf::host
