// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/output_path.hpp"
#include "compare/comparison.hpp"
#include "report/run_report.hpp"

namespace tinymf::host {
namespace {

struct CompareOptions {
    std::vector<std::string> captures;
    std::string report;
    ComparisonRequest request;
    bool force = false;
    bool json = false;
};

/// Prints that captures are unsound of which no more can be read.
Comparison compared(const CompareOptions& options) {
    try {
        return compare_captures(options.captures, options.request);
    } catch (const HostError& error) {
        if (options.json && error.exit_code() == exit_unsound_stream) {
            print_json({{"verdict", name_of(Verdict::unsound)},
                        {"capture", options.captures.front()},
                        {"unsound", {error.what()}}});
        }
        throw;
    }
}

int compare(const CompareOptions& options) {
    if (!options.report.empty()) {
        std::vector<std::filesystem::path> inputs(options.captures.begin(), options.captures.end());
        inputs.emplace_back(options.request.against);
        check_output_path(options.report, inputs, {.kind = FileKind::page, .force = options.force});
    }
    const Comparison comparison = compared(options);
    if (!options.report.empty()) {
        write_run_report(options.report, std::span(&comparison, 1));
    }
    options.json ? print_json(to_json(comparison)) : print_result(to_text(comparison));
    return comparison.exit_code();
}

} // namespace

void add_compare(CommandParser& program) {
    Command command = program.add_command(
        "compare", "Compare a capture with the host twin, the reference, or another capture; or "
                   "networks that differ in their seeds with their mean field");
    const auto options = std::make_shared<CompareOptions>();
    command.add_option("captures", options->captures, "Capture files (.tmf)").required();
    command
        .add_option("--against", options->request.against,
                    "host, reference, theory or OTHER.tmf; default: all that apply")
        .type_name("WHAT");
    command.add_option("--report", options->report, "Page to write (.html)").type_name("OUT.html");
    declare_force(command, options->force);
    command.add_flag("--allow-other-build", options->request.allow_other_build,
                     "Compare although the firmware was built from other sources");
    command.add_flag("--json", options->json, "Print one JSON object");
    command.runs([options] { return compare(*options); });
}

} // namespace tinymf::host
