// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/experiment_options.hpp"
#include "diagnostics/host_error.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

struct TheoryOptions {
    ExperimentOptions experiment;
    PredictionRequest request;
    bool json = false;
};

int print_theory(const TheoryOptions& options) {
    const Prediction prediction = predict(options.experiment.load().parameters, options.request);
    fmt::print("{}\n", options.json ? to_json(prediction).dump() : to_text(prediction));
    return exit_passed;
}

} // namespace

void add_theory(CLI::App& program, Action& chosen) {
    CLI::App* command = program.add_subcommand(
        "theory", "Predict an experiment's statistics from mean-field theory, N to infinity");
    const auto options = std::make_shared<TheoryOptions>();
    options->experiment.declare(*command);
    command
        ->add_option("--tau", options->request.tau,
                     "Lags of the correlations and the response, in time constants")
        ->delimiter(',')
        ->check(CLI::Range(0.0, 1e4))
        ->capture_default_str();
    command->add_flag("--discrete", options->request.discrete,
                      "Theory of the experiment's own integrator and dt, not of the continuum");
    command->add_flag("--json", options->json, "Print one JSON object");
    command->callback(
        [options, &chosen] { chosen = [options] { return print_theory(*options); }; });
}

} // namespace tinymf::host
