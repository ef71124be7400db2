// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cavity/cavity_check.hpp"
#include "cli/command.hpp"
#include "cli/experiment_options.hpp"
#include "cli/output_path.hpp"
#include "report/cavity_report.hpp"

namespace tinymf::host {
namespace {

struct CavityOptions {
    ExperimentOptions experiment;
    CavityRequest request;
    std::string report;
    bool force = false;
    bool json = false;
};

int check(const CavityOptions& options) {
    const Experiment experiment = options.experiment.load();
    if (!options.report.empty()) {
        const std::array<std::filesystem::path, 1> inputs{options.experiment.file};
        check_output_path(options.report, inputs, {.kind = FileKind::page, .force = options.force});
    }
    const CavityCheck found = check_cavity(experiment, options.request);
    if (!options.report.empty()) {
        write_cavity_report(options.report, found);
    }
    options.json ? print_json(to_json(found)) : print_result(to_text(found));
    return found.passed() ? exit_passed : exit_failed;
}

} // namespace

void add_cavity(CommandParser& program) {
    Command command = program.add_command(
        "cavity", "Add neurons to a running network and test what the cavity method says of them");
    const auto options = std::make_shared<CavityOptions>();
    CavityRequest& request = options->request;
    request.workers = std::max(1U, std::thread::hardware_concurrency());
    options->experiment.declare(command);
    command
        .add_option("--neurons", request.neurons,
                    "Sizes of the network, such as 250,1000 (default: the experiment's own)")
        .delimiter(',')
        .between(2, 60000);
    command.add_option("--networks", request.networks, "Networks of each size")
        .between(4, 100000)
        .show_default();
    command.add_option("--added", request.added, "Neurons added to each network, one at a time")
        .between(1, 5000)
        .show_default();
    command
        .add_option("--jobs", request.workers,
                    "Networks at a time (default: one for each core); results do not depend on it")
        .between(1U, 1024U);
    command.add_option("--report", options->report, "Page to write (.html)").type_name("OUT.html");
    declare_force(command, options->force);
    command.add_flag("--json", options->json, "Print one JSON object");
    command.runs([options] { return check(*options); });
}

} // namespace tinymf::host
