// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>
#include <span>
#include <string>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/output_path.hpp"
#include "compare/comparison.hpp"
#include "report/run_report.hpp"

namespace tinymf::host {
namespace {

struct CompareOptions {
    std::string capture;
    std::string report;
    ComparisonRequest request;
    bool json = false;
};

int compare(const CompareOptions& options) {
    if (!options.report.empty()) {
        const std::array<std::filesystem::path, 2> inputs{options.capture, options.request.against};
        check_output_path(options.report, inputs);
    }
    const Comparison comparison = compare_capture(options.capture, options.request);
    if (!options.report.empty()) {
        write_run_report(options.report, std::span(&comparison, 1));
    }
    fmt::print("{}\n", options.json ? to_json(comparison).dump() : to_text(comparison));
    return comparison.exit_code();
}

} // namespace

void add_compare(CLI::App& program, Action& chosen) {
    CLI::App* command = program.add_subcommand(
        "compare", "Compare a capture with the host twin, the reference, or another capture");
    const auto options = std::make_shared<CompareOptions>();
    command->add_option("capture", options->capture, "Capture file (.tmf)")->required();
    command
        ->add_option("--against", options->request.against,
                     "host, reference, theory or OTHER.tmf; default: all that apply")
        ->type_name("WHAT");
    command->add_option("--report", options->report, "Page to write (.html)")
        ->type_name("OUT.html");
    command->add_flag("--allow-other-build", options->request.allow_other_build,
                      "Compare although the firmware was built from other sources");
    command->add_flag("--json", options->json, "Print one JSON object");
    command->callback([options, &chosen] { chosen = [options] { return compare(*options); }; });
}

} // namespace tinymf::host
