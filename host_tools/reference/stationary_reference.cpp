// SPDX-License-Identifier: Apache-2.0
#include "reference/stationary_reference.hpp"

#include <cmath>

#include "base/host_error.hpp"
#include "reference/linear_instability.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

template <class T>
T required(const Quantity<T>& quantity) {
    if (!quantity.known()) {
        throw HostError(exit_bad_input, quantity.reason());
    }
    return quantity.value();
}

} // namespace

std::vector<double> stationary_reference_lags(const experiment::Parameters<double>& parameters) {
    std::vector<double> lags;
    for (std::uint32_t step = 0; step <= parameters.steps; ++step) {
        lags.push_back(step * parameters.dt);
    }
    return lags;
}

StationarySolution solve_stationary_reference(const Experiment& experiment) {
    const experiment::Parameters<double>& parameters = experiment.parameters;
    if (const std::string reason = linear_instability(parameters); !reason.empty()) {
        throw HostError(exit_bad_input, "no stationary state: " + reason);
    }
    StationarySolution solution;
    solution.lags = stationary_reference_lags(parameters);
    const Prediction prediction =
        predict(parameters, {.tau = solution.lags, .discrete = false, .critical_gain = false});
    const Prediction::Stationary& state = prediction.stationary;
    solution.Cx = required(state.input_correlation);
    solution.Cphi = required(state.output_correlation);
    solution.Rphi = required(state.response);
    const double mean_gain = required(state.mean_gain);
    solution.Rphi.front() = mean_gain;
    for (const double response : solution.Rphi) {
        solution.Rx.push_back(response / mean_gain);
    }
    if (prediction.largest_lyapunov_exponent.known()) {
        solution.lyapunov = prediction.largest_lyapunov_exponent.value();
    }
    return solution;
}

} // namespace tinymf::host
