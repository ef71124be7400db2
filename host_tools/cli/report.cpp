// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/output_path.hpp"
#include "compare/comparison.hpp"
#include "report/run_report.hpp"

namespace tinymf::host {
namespace {

struct ReportOptions {
    std::vector<std::string> captures;
    std::string output;
    bool force = false;
    ComparisonRequest request;
};

/// The worst verdict among the captures decides: unsound before failed before passed.
int write_page(const ReportOptions& options) {
    const std::vector<std::filesystem::path> inputs(options.captures.begin(),
                                                    options.captures.end());
    const std::string output =
        output_or_default(options.output, inputs.front().stem().string() + ".html");
    check_output_path(output, inputs, {.kind = FileKind::page, .force = options.force});
    std::vector<Comparison> comparisons;
    int exit_code = exit_passed;
    for (const std::string& capture : options.captures) {
        comparisons.push_back(compare_capture(capture, options.request));
        exit_code = std::max(exit_code, comparisons.back().exit_code());
    }
    write_run_report(output, comparisons);
    for (const Comparison& comparison : comparisons) {
        print_result(
            fmt::format("{}: {}", comparison.recording.file, name_of(comparison.verdict())));
    }
    if (options.output.empty()) {
        print_result(output);
    }
    return exit_code;
}

} // namespace

void add_report(CommandParser& program) {
    Command command = program.add_command("report", "Write one self-contained page about captures");
    const auto options = std::make_shared<ReportOptions>();
    command.add_option("captures", options->captures, "Capture files (.tmf)").required();
    command
        .add_option("-o,--output", options->output,
                    "Page to write (.html); default: in out/, by the first capture's name")
        .type_name("OUT.html");
    declare_force(command, options->force);
    command.add_flag("--allow-other-build", options->request.allow_other_build,
                     "Compare although the firmware was built from other sources");
    command.runs([options] { return write_page(*options); });
}

} // namespace tinymf::host
