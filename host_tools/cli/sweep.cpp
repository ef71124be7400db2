// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/json_text.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/output_path.hpp"
#include "output_file/whole_file.hpp"
#include "plan/observed_blocks.hpp"
#include "report/sweep_report.hpp"
#include "sweep/run_sweep.hpp"
#include "sweep/sweep.hpp"
#include "sweep/sweep_folder.hpp"
#include "sweep/sweep_result.hpp"

namespace tinymf::host {
namespace {

struct SweepOptions {
    std::string file;
    std::vector<std::string> overrides;
    std::string folder;
    std::string report;
    SweepRequest request;
    bool force = false;
    bool json = false;
};

void write_results(const SweepFolder& folder, const SweepResult& result) {
    write_whole_file(folder.result("points.csv"), points_csv(result));
    write_whole_file(folder.result("jobs.csv"), jobs_csv(result));
    write_whole_file(folder.result("results.json"), json_text(to_json(result), 1) + "\n");
}

/// Where outcomes are observed ones and the first job's run is too short for them.
void tell_what_is_not_observed(const Sweep& sweep) {
    const bool observed = std::ranges::any_of(
        sweep.collect.run, [](const std::string& name) { return name.starts_with("observed."); });
    const std::string note = observed ? observation_note(sweep.experiment_of(0)) : "";
    if (!note.empty()) {
        say(fmt::format("note: {}: {}", sweep.source, note));
    }
}

int sweep(const SweepOptions& options) {
    const Sweep sweep = load_sweep(options.file, options.overrides);
    if (!options.report.empty()) {
        const std::array<std::filesystem::path, 2> inputs{options.file, sweep.experiment_file};
        check_output_path(options.report, inputs, {.kind = FileKind::page, .force = options.force});
    }
    tell_what_is_not_observed(sweep);
    const SweepFolder folder(output_or_default(options.folder, sweep.name), sweep.identity(),
                             options.force);
    const SweepResult result = reduce(sweep, run_sweep(sweep, folder, options.request));
    write_results(folder, result);
    if (!options.report.empty()) {
        write_sweep_report(options.report, result);
    }
    options.json ? print_json(to_json(result)) : print_result(to_text(result));
    if (result.failures() > 0) {
        say(fmt::format("note: {} of {} runs failed; jobs.csv says why", result.failures(),
                        result.jobs.size()));
    }
    return exit_passed;
}

} // namespace

void add_sweep(CommandParser& program) {
    Command command = program.add_command(
        "sweep", "Run an experiment on a grid of parameters and seeds; goes on where it stopped");
    const auto options = std::make_shared<SweepOptions>();
    options->request.workers = std::max(1U, std::thread::hardware_concurrency());
    command.add_option("sweep", options->file, "Sweep file (TOML, schema 1)").required();
    command
        .add_option("--set", options->overrides,
                    "Override one key of the experiment, as in --set model.steps=200")
        .one_value_at_a_time()
        .type_name("KEY=VALUE");
    command
        .add_option("-o,--output", options->folder,
                    "Folder for results and finished jobs; made where there is none; default: in "
                    "out/, by the sweep's name")
        .type_name("FOLDER");
    command
        .add_option("--jobs", options->request.workers,
                    "Jobs at a time (default: one for each core); results do not depend on it")
        .between(1U, 1024U);
    command.add_flag("--keep-captures", options->request.keep_captures,
                     "Keep each job's capture in the folder");
    command.add_option("--report", options->report, "Page to write (.html)").type_name("OUT.html");
    declare_force(command, options->force);
    command.add_flag("--json", options->json, "Print one JSON object");
    command.runs([options] { return sweep(*options); });
}

} // namespace tinymf::host
