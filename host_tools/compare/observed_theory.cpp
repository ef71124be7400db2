// SPDX-License-Identifier: Apache-2.0
#include "compare/observed_theory.hpp"

#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "compare/lasting_activity.hpp"
#include "compare/observed_rows.hpp"
#include "experiment/parameter_bytes.hpp"
#include "recording/observed_statistics.hpp"
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
    return predict(parameters, {.tau = tau, .discrete = true, .critical_gain = false});
}

/// 1/(N (1 - u)^2) with u = (g <phi'>)^2.
double finite_size_error(const ObservedUnits& observed, const Prediction& prediction,
                         const experiment::Parameters<double>& parameters) {
    const auto& gain = prediction.stationary.mean_gain;
    const double slope = gain.known() ? parameters.gain * gain.value() : 0.0;
    const double distance = 1.0 - slope * slope;
    return 1.0 / (static_cast<double>(observed.neurons) * distance * distance);
}

std::string origin_text(const ObservedUnits& observed, std::size_t networks, double finite_size,
                        bool lasting) {
    const std::string sampling =
        networks > 1 ? fmt::format("scatter of {} networks", networks)
                     : fmt::format("scatter of {} blocks of one network", observed.units.size());
    return fmt::format("{}; finite N: {:.2g} of the value{}", sampling, finite_size,
                       lasting ? scatter_of_neurons : "");
}

/// Adds what theory knows.
class PredictedRows {
public:
    PredictedRows(ObservedRows& rows, const ObservedUnits& observed,
                  const std::optional<LastingActivity>& lasting)
        : rows_{rows}, observed_{observed}, lasting_{lasting} {}

    void add_single_neuron(const Prediction& prediction) {
        const Prediction::Stationary& state = prediction.stationary;
        const LastingActivity shares = lasting_.value_or(LastingActivity{});
        add_moment("Cx(0) by moments", observe::Moment::x_squared, state.input_variance,
                   shares.state);
        add_moment("Cphi(0) by moments", observe::Moment::phi_squared, state.output_variance,
                   shares.output);
        add_moment("mean_gain", observe::Moment::slope, state.mean_gain, shares.slope);
        if (observed_.has(moments)) {
            // A ratio of two averages that move together.
            add("mean gain (Stein)", stein_gain(observed_), state.mean_gain,
                std::hypot(shares.state, shares.output));
        }
        const Quantity<double>& exponent = prediction.largest_lyapunov_exponent;
        if (observed_.has(lyapunov) && exponent.known()) {
            rows_.add("lyapunov", mean_of(observed_, lyapunov), exponent.value(), shares.growth);
        }
        add_curve("Cx", cx, state.input_correlation, shares.state);
        add_curve("Cphi", cphi, state.output_correlation, shares.output);
    }

    void add_response(const Quantity<std::vector<double>>& response) {
        add_curve("Rphi", rphi, response, lasting_.value_or(LastingActivity{}).slope);
    }

    void add_covariances(const Prediction& prediction) {
        if (lasting_) {
            if (observed_.has(spread_input) || observed_.has(spread_output)) {
                rows_.note("covariances: activity that outlasts the blocks of one network "
                           "leaves their scatter untold; give several seeds");
            }
            return;
        }
        if (observed_.parameters.observation.window > 1) {
            add("participation_long_window", participation_of(observed_, spread_output),
                prediction.participation.long_window);
            return;
        }
        add("participation_input", participation_of(observed_, spread_input),
            prediction.participation.input);
        add("participation_output", participation_of(observed_, spread_output),
            prediction.participation.output);
        add("N_var_input", covariance_spread_of(observed_, spread_input),
            prediction.covariance.input_spread);
        add("N_var_output", covariance_spread_of(observed_, spread_output),
            prediction.covariance.output_spread);
    }

private:
    void add(const std::string& name, const std::optional<Estimate>& estimate,
             const Quantity<double>& predicted, double share = 0.0) {
        if (predicted.known()) {
            rows_.add(name, estimate, predicted.value(), share * std::abs(predicted.value()));
        }
    }
    void add_moment(const std::string& name, observe::Moment moment,
                    const Quantity<double>& predicted, double share) {
        if (observed_.has(moments)) {
            add(name, mean_of(observed_, moments, static_cast<std::size_t>(moment)), predicted,
                share);
        }
    }
    /// A lag changes what neurons scatter by as little as the curve itself.
    void add_curve(const std::string& name, observe::ObservedArray array,
                   const Quantity<std::vector<double>>& predicted, double share) {
        if (predicted.known() && !predicted.value().empty()) {
            rows_.add_curve(name, array, predicted.value(),
                            share * std::abs(predicted.value().front()));
        }
    }

    ObservedRows& rows_;
    const ObservedUnits& observed_;
    const std::optional<LastingActivity>& lasting_;
};

} // namespace

TheoryComparison compare_with_theory(std::span<const Recording> networks) {
    require_one_experiment(networks);
    ObservedUnits observed = observed_units(networks);
    const auto parameters = written_parameters(networks.front());
    const auto lags_of = [&observed](observe::ObservedArray array) {
        return observed.has(array) ? curve_of(observed, array).tau : std::vector<double>{0.0};
    };
    // A realtime run may have dropped every frame of the one or of the other.
    const Prediction prediction = prediction_at(parameters, lags_of(observed.has(cx) ? cx : cphi));
    std::optional<LastingActivity> lasting;
    if (networks.size() == 1) {
        if (auto blocks = independent_blocks(observed, memory_of(parameters, prediction))) {
            observed = *std::move(blocks);
        } else {
            lasting = lasting_activity(observed.neurons, parameters, prediction);
        }
    }
    const double finite_size = finite_size_error(observed, prediction, parameters);
    ObservedRows rows(observed, finite_size,
                      origin_text(observed, networks.size(), finite_size, lasting.has_value()));
    PredictedRows predicted(rows, observed, lasting);
    predicted.add_single_neuron(prediction);
    predicted.add_response(prediction_at(parameters, lags_of(rphi)).stationary.response);
    predicted.add_covariances(prediction);
    TheoryComparison comparison = std::move(rows).finish(
        fmt::format("theory of N -> infinity, {}", prediction.discretisation));
    if (comparison.rows.empty()) {
        throw HostError(exit_bad_input, fmt::format("{}: theory gives nothing of what was observed",
                                                    networks.front().file));
    }
    return comparison;
}

} // namespace tinymf::host
