// SPDX-License-Identifier: Apache-2.0
#include "compare/observed_theory.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "compare/observed_rows.hpp"
#include "diagnostics/host_error.hpp"
#include "experiment_file/parameter_bytes.hpp"
#include "observation/observed_statistics.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;

/// Everything but the seed and how often a run reports.
std::vector<std::uint8_t> shared_parameters(const Recording& recording) {
    experiment::Parameters<double> parameters = recording.parameters;
    parameters.seed = 0;
    parameters.state_every = 0;
    parameters.digest_every = 0;
    return parameter_bytes(parameters);
}

void require_one_experiment(std::span<const Recording> networks) {
    std::set<std::uint64_t> seeds;
    for (const Recording& network : networks) {
        if (!network.of_network() || network.profile.neurons != networks.front().profile.neurons ||
            shared_parameters(network) != shared_parameters(networks.front())) {
            throw HostError(exit_bad_input, fmt::format("{} and {} are not networks of one "
                                                        "experiment with different seeds",
                                                        networks.front().file, network.file));
        }
        if (!seeds.insert(network.parameters.seed).second) {
            throw HostError(exit_bad_input, fmt::format("{}: seed {} was given before",
                                                        network.file, network.parameters.seed));
        }
    }
}

/// Means of several networks, or the blocks of one.
ObservedUnits observed_units(std::span<const Recording> networks) {
    ObservedUnits observed = units_of(networks.front());
    if (networks.size() > 1) {
        observed.units.clear();
    }
    for (const Recording& network : networks) {
        const std::vector<ObservedMeans> blocks = observed_blocks(network);
        if (blocks.empty()) {
            throw HostError(exit_bad_input,
                            fmt::format("{}: observed nothing; see stream.observe", network.file));
        }
        if (networks.size() > 1) {
            observed.units.push_back(average(blocks, blocks.size()));
        }
    }
    if (observed.units.size() < 2) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: one block has no scatter to judge it by; run longer, or "
                                    "give several seeds",
                                    networks.front().file));
    }
    return observed;
}

/// As written, where the capture tells: float32 rounds dt and gain.
experiment::Parameters<double> written_parameters(const Recording& recording) {
    return recording.metadata.experiment.empty() ? recording.parameters
                                                 : recorded_experiment(recording).parameters;
}

Prediction prediction_at(const experiment::Parameters<double>& parameters,
                         const std::vector<double>& tau) {
    return predict(parameters, {.tau = tau, .discrete = true});
}

/// 1/(N (1 - u)^2) with u = (g <phi'>)^2.
double finite_size_error(const ObservedUnits& observed, const Prediction& prediction,
                         const experiment::Parameters<double>& parameters) {
    const auto& gain = prediction.stationary.mean_gain;
    const double slope = gain.known() ? parameters.gain * gain.value() : 0.0;
    const double distance = 1.0 - slope * slope;
    return 1.0 / (static_cast<double>(observed.neurons) * distance * distance);
}

std::string origin_text(const ObservedUnits& observed, std::size_t networks, double finite_size) {
    const std::string sampling =
        networks > 1 ? fmt::format("scatter of {} networks", networks)
                     : fmt::format("scatter of {} blocks of one network", observed.units.size());
    return fmt::format("{}; finite N: {:.2g} of the value", sampling, finite_size);
}

/// Adds what theory knows.
class PredictedRows {
public:
    PredictedRows(ObservedRows& rows, const ObservedUnits& observed)
        : rows_{rows}, observed_{observed} {}

    void add(const std::string& name, const std::optional<Estimate>& estimate,
             const Quantity<double>& predicted) {
        if (predicted.known()) {
            rows_.add(name, estimate, predicted.value());
        }
    }
    void add_moment(const std::string& name, observe::Moment moment,
                    const Quantity<double>& predicted) {
        if (observed_.has(moments)) {
            add(name, mean_of(observed_, moments, static_cast<std::size_t>(moment)), predicted);
        }
    }
    void add_curve(const std::string& name, observe::ObservedArray array,
                   const Quantity<std::vector<double>>& predicted) {
        if (predicted.known()) {
            rows_.add_curve(name, array, predicted.value());
        }
    }

private:
    ObservedRows& rows_;
    const ObservedUnits& observed_;
};

void add_single_neuron(PredictedRows& rows, const ObservedUnits& observed,
                       const Prediction& prediction) {
    const Prediction::Stationary& state = prediction.stationary;
    rows.add_moment("Cx(0) by moments", observe::Moment::x_squared, state.input_variance);
    rows.add_moment("Cphi(0) by moments", observe::Moment::phi_squared, state.output_variance);
    rows.add_moment("mean gain", observe::Moment::slope, state.mean_gain);
    if (observed.has(moments)) {
        rows.add("mean gain (Stein)", stein_gain(observed), state.mean_gain);
    }
    if (observed.has(lyapunov)) {
        rows.add("lyapunov", mean_of(observed, lyapunov), prediction.largest_lyapunov_exponent);
    }
}

void add_covariances(PredictedRows& rows, const ObservedUnits& observed,
                     const Prediction& prediction) {
    if (observed.parameters.observation.window > 1) {
        rows.add("D long window", participation_of(observed, spread_output),
                 prediction.participation.long_window);
        return;
    }
    rows.add("D input", participation_of(observed, spread_input), prediction.participation.input);
    rows.add("D output", participation_of(observed, spread_output),
             prediction.participation.output);
    rows.add("N Var C input", covariance_spread_of(observed, spread_input),
             prediction.covariance.input_spread);
    rows.add("N Var C output", covariance_spread_of(observed, spread_output),
             prediction.covariance.output_spread);
}

} // namespace

TheoryComparison compare_with_theory(std::span<const Recording> networks) {
    require_one_experiment(networks);
    const ObservedUnits observed = observed_units(networks);
    const auto parameters = written_parameters(networks.front());
    const auto lags_of = [&observed](observe::ObservedArray array) {
        return observed.has(array) ? curve_of(observed, array).tau : std::vector<double>{0.0};
    };
    // A realtime run may have dropped every frame of the one or of the other.
    const Prediction prediction = prediction_at(parameters, lags_of(observed.has(cx) ? cx : cphi));
    const double finite_size = finite_size_error(observed, prediction, parameters);
    ObservedRows rows(observed, finite_size, origin_text(observed, networks.size(), finite_size));
    PredictedRows predicted(rows, observed);
    add_single_neuron(predicted, observed, prediction);
    predicted.add_curve("Cx", cx, prediction.stationary.input_correlation);
    predicted.add_curve("Cphi", cphi, prediction.stationary.output_correlation);
    predicted.add_curve("Rphi", rphi, prediction_at(parameters, lags_of(rphi)).stationary.response);
    add_covariances(predicted, observed, prediction);
    TheoryComparison comparison = std::move(rows).finish(
        fmt::format("theory of N -> infinity, {}", prediction.discretisation));
    if (comparison.rows.empty()) {
        throw HostError(exit_bad_input, fmt::format("{}: theory gives nothing of what was observed",
                                                    networks.front().file));
    }
    return comparison;
}

} // namespace tinymf::host
