// SPDX-License-Identifier: Apache-2.0
#include "compare/observed_theory.hpp"

#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

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

/// Collects what was observed and predicted alike.
class Rows {
public:
    Rows(const ObservedUnits& observed, const Prediction& prediction,
         const experiment::Parameters<double>& parameters, std::size_t networks)
        : observed_{observed}, relative_finite_size_{finite_size(observed, prediction, parameters)},
          origin_{origin_text(networks)} {}

    void add(const std::string& name, const std::optional<Estimate>& estimate,
             const Quantity<double>& predicted) {
        if (estimate && predicted.known()) {
            rows_.push_back({.name = name,
                             .observed = estimate->value,
                             .predicted = predicted.value(),
                             .standard_error = error_of(*estimate, predicted.value()),
                             .origin = origin_});
        }
    }

    /// The whole curve for plots, and a row at lag 0 and at about 1, 2 and 5 tau.
    void add_curve(const std::string& name, observe::ObservedArray array,
                   const Quantity<std::vector<double>>& predicted) {
        if (!observed_.has(array) || !predicted.known()) {
            return;
        }
        const ObservedCurve found = curve_of(observed_, array);
        TheoryCurve curve;
        curve.name = name;
        curve.axis = "lag (tau)";
        curve.x = found.tau;
        for (std::size_t k = 0; k < found.tau.size(); ++k) {
            curve.observed.push_back(found.estimates[k].value);
            curve.observed_error.push_back(found.estimates[k].standard_error);
            curve.predicted.push_back(predicted.value()[k]);
            curve.predicted_error.push_back(
                error_of({found.estimates[k].value, 0.0}, predicted.value()[k]));
        }
        for (const std::size_t k : shown_lags(found.tau)) {
            add(fmt::format("{}({:g})", name, found.tau[k]), found.estimates[k],
                predicted.value()[k]);
        }
        curves_.push_back(std::move(curve));
    }

    [[nodiscard]] TheoryComparison finish(std::string against) && {
        return {
            .against = std::move(against), .rows = std::move(rows_), .curves = std::move(curves_)};
    }

private:
    [[nodiscard]] double error_of(const Estimate& estimate, double predicted) const {
        return std::hypot(estimate.standard_error, relative_finite_size_ * predicted);
    }

    [[nodiscard]] static std::vector<std::size_t> shown_lags(const std::vector<double>& tau) {
        std::set<std::size_t> shown;
        for (const double wanted : {0.0, 1.0, 2.0, 5.0}) {
            std::size_t nearest = 0;
            for (std::size_t k = 0; k < tau.size(); ++k) {
                if (std::abs(tau[k] - wanted) < std::abs(tau[nearest] - wanted)) {
                    nearest = k;
                }
            }
            shown.insert(nearest);
        }
        return {shown.begin(), shown.end()};
    }

    [[nodiscard]] static double finite_size(const ObservedUnits& observed,
                                            const Prediction& prediction,
                                            const experiment::Parameters<double>& parameters) {
        const auto& gain = prediction.stationary.mean_gain;
        const double slope = gain.known() ? parameters.gain * gain.value() : 0.0;
        const double distance = 1.0 - slope * slope;
        return 1.0 / (static_cast<double>(observed.neurons) * distance * distance);
    }

    [[nodiscard]] std::string origin_text(std::size_t networks) const {
        const std::string sampling =
            networks > 1
                ? fmt::format("scatter of {} networks", networks)
                : fmt::format("scatter of {} blocks of one network", observed_.units.size());
        return sampling + fmt::format("; finite N: {:.2g} of the value", relative_finite_size_);
    }

    const ObservedUnits& observed_;
    double relative_finite_size_;
    std::string origin_;
    std::vector<TheoryRow> rows_;
    std::vector<TheoryCurve> curves_;
};

Prediction prediction_at(const experiment::Parameters<double>& parameters,
                         const std::vector<double>& tau) {
    return predict(parameters, {.tau = tau, .discrete = true});
}

std::optional<Estimate> if_observed(const ObservedUnits& observed, observe::ObservedArray array) {
    return observed.has(array) ? std::optional(mean_of(observed, array)) : std::nullopt;
}

void add_covariances(Rows& rows, const ObservedUnits& observed, const Prediction& prediction) {
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
    const Prediction prediction = prediction_at(parameters, lags_of(cx));
    Rows rows(observed, prediction, parameters, networks.size());
    if (observed.has(moments)) {
        rows.add("Cx(0) by moments",
                 mean_of(observed, moments, static_cast<std::size_t>(observe::Moment::x_squared)),
                 prediction.stationary.input_variance);
        rows.add("Cphi(0) by moments",
                 mean_of(observed, moments, static_cast<std::size_t>(observe::Moment::phi_squared)),
                 prediction.stationary.output_variance);
        rows.add("mean gain",
                 mean_of(observed, moments, static_cast<std::size_t>(observe::Moment::slope)),
                 prediction.stationary.mean_gain);
        rows.add("mean gain (Stein)", stein_gain(observed), prediction.stationary.mean_gain);
    }
    rows.add_curve("Cx", cx, prediction.stationary.input_correlation);
    rows.add_curve("Cphi", cphi, prediction.stationary.output_correlation);
    rows.add_curve("Rphi", rphi, prediction_at(parameters, lags_of(rphi)).stationary.response);
    add_covariances(rows, observed, prediction);
    rows.add("lyapunov", if_observed(observed, lyapunov), prediction.largest_lyapunov_exponent);
    TheoryComparison comparison = std::move(rows).finish(
        fmt::format("theory of N -> infinity, {}", prediction.discretisation));
    if (comparison.rows.empty()) {
        throw HostError(exit_bad_input, fmt::format("{}: theory gives nothing of what was observed",
                                                    networks.front().file));
    }
    return comparison;
}

} // namespace tinymf::host
