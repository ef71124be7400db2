// SPDX-License-Identifier: Apache-2.0
#include "sweep/outcome.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <string>
#include <vector>

#include <Eigen/Dense>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "equations/reference_activation.hpp"
#include "recording/observed_statistics.hpp"
#include "recording/recorded_mean_field.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

using Eigen::MatrixXd;
using nlohmann::json;

std::string always(const Experiment& /*experiment*/) {
    return {};
}

std::string needs_network(const Experiment& experiment) {
    return experiment.kind == experiment::ModelKind::network ? "" : "is an outcome of networks";
}

std::string needs_states(const Experiment& experiment) {
    const std::string reason = needs_network(experiment);
    const bool sends_states = experiment.parameters.state_every > 0;
    return reason.empty() && !sends_states ? "needs stream.state_every above 0" : reason;
}

std::string needs_two_replicas(const Experiment& experiment) {
    const std::string reason = needs_states(experiment);
    const bool two = experiment.parameters.replicas == 2;
    return reason.empty() && !two ? "needs network.replicas = 2, to be unbiased" : reason;
}

std::string needs_rows(const Experiment& experiment) {
    if (experiment.kind != experiment::ModelKind::mean_field) {
        return "is an outcome of mean fields";
    }
    return experiment.mean_field.row_every == 0 ? "needs mean_field.row_every above 0" : "";
}

std::string needs_stationary_state(const Experiment& experiment) {
    const std::string reason = needs_rows(experiment);
    const bool stationary = experiment.mean_field.method == mean_field::Method::stationary;
    return reason.empty() && !stationary ? "needs mean_field.method = \"stationary\"" : reason;
}

template <observe::Observable observable>
std::string needs_observation(const Experiment& experiment) {
    const std::string reason = needs_network(experiment);
    const bool observed = experiment.parameters.observation.asks_for(observable);
    return reason.empty() && !observed
               ? fmt::format("needs \"{}\" in stream.observe",
                             observe::observable_names[static_cast<std::size_t>(observable)])
               : reason;
}

std::string digest_text(std::uint64_t digest) {
    return fmt::format("{:016x}", digest);
}

/// The states of one replica from `after` on, a row each.
MatrixXd late_states(const Recording& recording, std::size_t replica, double after) {
    const StateTrace& trace = recording.replicas.at(replica);
    const double slack = 1e-9 * after; // of steps times dt
    const auto first = std::ranges::find_if(
        trace.steps, [&](std::uint32_t step) { return recording.time_of(step) >= after - slack; });
    return trace.x.bottom_rows(trace.steps.end() - first);
}

enum class Side { input, output };

MatrixXd late_values(const Recording& recording, std::size_t replica, double after, Side side) {
    MatrixXd values = late_states(recording, replica, after);
    return side == Side::input ? values : reference_activation(recording.parameters).values(values);
}

/// Mean of a function of x or phi over neurons, states and replicas.
template <Side side, class Function>
json average(const Recording& recording, double after, Function&& function) {
    double sum = 0.0;
    Eigen::Index count = 0;
    for (std::size_t replica = 0; replica < recording.replicas.size(); ++replica) {
        const MatrixXd values = late_values(recording, replica, after, side);
        sum += values.unaryExpr(function).sum();
        count += values.size();
    }
    return count > 0 ? json(sum / static_cast<double>(count)) : json();
}

template <Side side>
json mean(const Recording& recording, double after) {
    return average<side>(recording, after, [](double value) { return value; });
}

template <Side side>
json mean_square(const Recording& recording, double after) {
    return average<side>(recording, after, [](double value) { return value * value; });
}

MatrixXd covariance(const MatrixXd& states) {
    const MatrixXd centred = states.rowwise() - states.colwise().mean();
    return centred.transpose() * centred / static_cast<double>(states.rows() - 1);
}

/// (tr C)^2 / (N tr C^2) with one factor of each square from either replica, so that both squares
/// are unbiased whatever the correlation of the states.
template <Side side>
json participation(const Recording& recording, double after) {
    const MatrixXd first = late_values(recording, 0, after, side);
    const MatrixXd second = late_values(recording, 1, after, side);
    if (first.rows() < 2 || second.rows() < 2) {
        return {};
    }
    const MatrixXd a = covariance(first);
    const MatrixXd b = covariance(second);
    return a.trace() * b.trace() / (static_cast<double>(a.rows()) * a.cwiseProduct(b).sum());
}

bool is_stationary(const Recording& recording) {
    return recording.profile.method == mean_field::Method::stationary;
}

/// At lag 0 of a stationary state, otherwise at the last time.
double equal_time(const Recording& recording, Side side) {
    if (is_stationary(recording)) {
        const StationarySolution state = recorded_stationary(recording);
        return side == Side::input ? state.Cx.front() : state.Cphi.front();
    }
    const TwoTimeSolution solution = recorded_two_time(recording);
    const TwoTimeMatrix& rows = side == Side::input ? solution.value.Cx : solution.value.Cphi;
    return rows(rows.rows() - 1, rows.cols() - 1);
}

json stationary_lyapunov(const Recording& recording) {
    const auto exponent = recorded_stationary(recording).lyapunov;
    return exponent ? json(*exponent) : json();
}

json number(const std::optional<Estimate>& estimate) {
    return estimate ? json(estimate->value) : json();
}

/// What the network observed of itself, averaged over its blocks; null before the first has ended.
template <class Function>
json observed(const Recording& recording, Function&& function) {
    const ObservedUnits units = units_of(recording);
    return units.units.empty() ? json() : number(function(units));
}

template <observe::Moment moment>
json observed_moment(const Recording& recording, double /*after*/) {
    return observed(recording, [](const ObservedUnits& units) {
        return mean_of(units, observe::ObservedArray::moments, static_cast<std::size_t>(moment));
    });
}

json observed_exponent(const Recording& recording, double /*after*/) {
    return observed(recording, [](const ObservedUnits& units) {
        return mean_of(units, observe::ObservedArray::lyapunov);
    });
}

template <observe::ObservedArray spread>
json observed_participation(const Recording& recording, double /*after*/) {
    return observed(recording,
                    [](const ObservedUnits& units) { return participation_of(units, spread); });
}

template <observe::ObservedArray spread>
json observed_spread(const Recording& recording, double /*after*/) {
    return observed(recording,
                    [](const ObservedUnits& units) { return covariance_spread_of(units, spread); });
}

std::vector<Outcome> outcome_table() {
    constexpr auto moments = observe::Observable::moments;
    constexpr auto lyapunov = observe::Observable::lyapunov;
    constexpr auto participation_sums = observe::Observable::participation;
    using observe::Moment;
    using observe::ObservedArray;
    return {
        {"digest", "of all states, the run's fingerprint", always,
         [](const Recording& r, double) { return digest_text(r.end->digest); }},
        {"couplings_digest", "of J", needs_network,
         [](const Recording& r, double) { return digest_text(r.end->couplings_digest); }},
        {"states.mean_x", "<x> over neurons, states and replicas", needs_states, mean<Side::input>},
        {"states.mean_phi", "<phi>, the same", needs_states, mean<Side::output>},
        {"states.Cx0", "<x^2>, the same", needs_states, mean_square<Side::input>},
        {"states.Cphi0", "<phi^2>, the same", needs_states, mean_square<Side::output>},
        {"states.participation_input", "participation ratio of the inputs, from two replicas",
         needs_two_replicas, participation<Side::input>},
        {"states.participation_output", "of the outputs, the same", needs_two_replicas,
         participation<Side::output>},
        {"observed.Cx0", "<x^2>, as the device averaged it", needs_observation<moments>,
         observed_moment<Moment::x_squared>},
        {"observed.Cphi0", "<phi^2>, the same", needs_observation<moments>,
         observed_moment<Moment::phi_squared>},
        {"observed.mean_gain", "<phi'>, the same", needs_observation<moments>,
         observed_moment<Moment::slope>},
        {"observed.lyapunov", "largest Lyapunov exponent, per tau", needs_observation<lyapunov>,
         observed_exponent},
        {"observed.participation_input", "participation ratio of the inputs",
         needs_observation<participation_sums>,
         observed_participation<ObservedArray::spread_input>},
        {"observed.participation_output", "of the outputs", needs_observation<participation_sums>,
         observed_participation<ObservedArray::spread_output>},
        {"observed.N_var_input", "N Var(C_ij) of the inputs", needs_observation<participation_sums>,
         observed_spread<ObservedArray::spread_input>},
        {"observed.N_var_output", "of the outputs", needs_observation<participation_sums>,
         observed_spread<ObservedArray::spread_output>},
        {"rows.Cx0", "C_x(t,t) at the last time, or at lag 0", needs_rows,
         [](const Recording& r, double) { return equal_time(r, Side::input); }},
        {"rows.Cphi0", "C_phi, the same", needs_rows,
         [](const Recording& r, double) { return equal_time(r, Side::output); }},
        {"rows.lyapunov", "largest Lyapunov exponent, per tau", needs_stationary_state,
         [](const Recording& r, double) { return stationary_lyapunov(r); }},
    };
}

/// Every quantity that is one number or word.
std::vector<std::string> names_of_theory() {
    std::vector<std::string> names;
    const auto add = [&names]<class T>(const QuantityFacts& facts, const Quantity<T>&) {
        if constexpr (!std::same_as<T, std::vector<double>>) {
            names.emplace_back(facts.name);
        }
    };
    const Prediction nothing;
    for_each_quantity(nothing, add);
    std::ranges::sort(names);
    return names;
}

} // namespace

std::span<const Outcome> all_outcomes() {
    static const std::vector<Outcome> table = outcome_table();
    return table;
}

const Outcome& outcome_named(std::string_view name) {
    return *std::ranges::find(all_outcomes(), name, &Outcome::name);
}

std::span<const std::string> theory_names() {
    static const std::vector<std::string> names = names_of_theory();
    return names;
}

} // namespace tinymf::host
