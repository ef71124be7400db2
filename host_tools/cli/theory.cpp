// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
#include "cli/experiment_options.hpp"
#include "reference/two_time_prediction.hpp"
#include "theory/finite_size_prediction.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

/// No run of the longest step and most steps reaches it.
constexpr double latest_time = 1e10;

struct TheoryOptions {
    ExperimentOptions experiment;
    PredictionRequest request;
    std::vector<double> times;
    bool finite_size = false;
    bool json = false;
};

int print_theory(const TheoryOptions& options) {
    const Experiment experiment = options.experiment.load();
    const Prediction prediction = predict(experiment.parameters, options.request);
    nlohmann::json all = to_json(prediction);
    std::string text = to_text(prediction);
    if (options.finite_size) {
        const FiniteSizePrediction sized =
            predict_finite_size(experiment, options.request.discrete);
        all["finite_size"] = to_json(sized);
        text += "\n" + to_text(sized);
    }
    if (!options.times.empty()) {
        const TwoTimePrediction two_time = predict_two_time(experiment, options.times);
        add_two_time(two_time, all);
        text += "\n" + to_text(two_time);
    }
    options.json ? print_json(all) : print_result(text);
    return exit_passed;
}

} // namespace

void add_theory(CommandParser& program) {
    Command command = program.add_command(
        "theory", "Predict an experiment's statistics from mean-field theory, N to infinity");
    const auto options = std::make_shared<TheoryOptions>();
    options->experiment.declare(command);
    command
        .add_option("--tau", options->request.tau,
                    "Lags of the correlations and the response, in time constants")
        .delimiter(',')
        .between(0.0, 1e4)
        .show_default();
    command
        .add_option("--times", options->times,
                    "Also C_x and C_phi among these times from the experiment's start, on its own "
                    "time grid")
        .delimiter(',')
        .between(0.0, latest_time);
    command.add_flag("--discrete", options->request.discrete,
                     "Theory of the experiment's own integrator and dt, not of the continuum");
    command.add_flag("--finite-size", options->finite_size,
                     "Also 1/N corrections, scatter between networks, and the exact law of single "
                     "neurons under static noise, at the experiment's own size");
    command.add_flag("--json", options->json, "Print one JSON object");
    command.runs([options] { return print_theory(*options); });
}

} // namespace tinymf::host
