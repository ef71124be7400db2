// SPDX-License-Identifier: Apache-2.0
#include "compare/recorded_theory.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "base/host_error.hpp"
#include "equations/reference_activation.hpp"
#include "statistics/estimate.hpp"
#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

[[noreturn]] void refuse(const Recording& recording, const std::string& reason) {
    throw HostError(exit_bad_input, fmt::format("{}: {}", recording.file, reason));
}

/// States of the second half of the run, a row each, of all replicas side by side.
struct LateStates {
    MatrixXd x;
    MatrixXd rates;
    MatrixXd slopes;
    double interval = 0.0; ///< in tau
};

LateStates late_states(const Recording& recording,
                       const experiment::Parameters<double>& parameters) {
    constexpr Index fewest = 32;
    const std::vector<std::uint32_t>& steps = recording.replicas.front().steps;
    const auto first = static_cast<Index>(
        std::ranges::lower_bound(steps, recording.parameters.steps / 2) - steps.begin());
    const Index count = static_cast<Index>(steps.size()) - first;
    if (count < fewest) {
        refuse(recording, fmt::format("{} states in the second half of the run; {} or more give "
                                      "statistics",
                                      count, fewest));
    }
    LateStates late;
    const Index neurons = recording.replicas.front().x.cols();
    late.x.resize(count, neurons * static_cast<Index>(recording.replicas.size()));
    for (std::size_t r = 0; r < recording.replicas.size(); ++r) {
        const StateTrace& trace = recording.replicas[r];
        if (trace.steps != steps) {
            refuse(recording, "its replicas did not report the same states");
        }
        late.x.middleCols(static_cast<Index>(r) * neurons, neurons) = trace.x.bottomRows(count);
    }
    for (std::size_t k = static_cast<std::size_t>(first) + 2; k < steps.size(); ++k) {
        if (steps[k] - steps[k - 1] != steps[k - 1] - steps[k - 2] && k + 1 < steps.size()) {
            refuse(recording, "its states are not evenly spaced");
        }
    }
    const auto at = static_cast<std::size_t>(first);
    late.interval = recording.time_of(steps[at + 1]) - recording.time_of(steps[at]);
    const ReferenceActivation activation = reference_activation(parameters);
    late.rates = activation.values(late.x);
    late.slopes = activation.slopes(late.x);
    return late;
}

/// Mean over neurons and over times t with t and t + lag among these rows.
double product_at_lag(const MatrixXd& values, Index first, Index count, Index lag) {
    const Index pairs = count - lag;
    return values.middleRows(first, pairs)
        .cwiseProduct(values.middleRows(first + lag, pairs))
        .mean();
}

/// Rows that C_x needs to forget: 1 + 2 sum of C(k)/C(0) up to where it falls below 5 %, or all.
double correlation_time(const MatrixXd& x) {
    constexpr double decayed = 0.05;
    const Index rows = x.rows();
    const double variance = product_at_lag(x, 0, rows, 0);
    double sum = 1.0;
    for (Index lag = 1; lag < rows / 2; ++lag) {
        const double share = product_at_lag(x, 0, rows, lag) / variance;
        if (share < decayed) {
            return sum;
        }
        sum += 2.0 * share;
    }
    return static_cast<double>(rows);
}

/// Length of a block, in rows.
Index block_length(const Recording& recording, const LateStates& late) {
    constexpr double memories = 3.0;
    constexpr double most = 8.0;
    constexpr double fewest = 4.0;
    if (late.x.cwiseAbs().maxCoeff() == 0.0) {
        refuse(recording, "the network is silent: nothing to compare");
    }
    const double memory = correlation_time(late.x);
    const auto rows = static_cast<double>(late.x.rows());
    const double blocks = std::min(most, std::floor(rows / (memories * memory)));
    if (blocks < fewest) {
        refuse(recording, memory < rows
                              ? fmt::format("the states of the second half of the run remember "
                                            "each other for {:.3g} of its {:.3g} tau, too long to "
                                            "tell their scatter",
                                            memory * late.interval, rows * late.interval)
                              : "the states of the second half of the run do not forget each "
                                "other: a fixed point or a cycle, whose averages no block tells");
    }
    return static_cast<Index>(rows / blocks);
}

class StateStatistics {
public:
    StateStatistics(const Recording& recording, const LateStates& late, Index block)
        : late_{late}, block_{block} {
        neurons_ = static_cast<double>(recording.profile.neurons);
    }

    [[nodiscard]] std::size_t blocks() const {
        return static_cast<std::size_t>(late_.x.rows() / block_);
    }
    [[nodiscard]] double neurons() const { return neurons_; }

    /// Mean of the blocks' values of a statistic and its error by their scatter.
    [[nodiscard]] Estimate
    over_blocks(const std::function<double(Index first, Index count)>& statistic) const {
        std::vector<double> values;
        for (std::size_t b = 0; b < blocks(); ++b) {
            values.push_back(statistic(static_cast<Index>(b) * block_, block_));
        }
        const Eigen::Map<const Eigen::ArrayXd> all(values.data(),
                                                   static_cast<Index>(values.size()));
        const double mean = all.mean();
        const double variance =
            (all - mean).square().sum() / (static_cast<double>(values.size()) - 1.0);
        return {mean, std::sqrt(variance) * error_of_scatter(values.size())};
    }
    [[nodiscard]] Estimate product(const MatrixXd& values, Index lag) const {
        return over_blocks(
            [&](Index first, Index count) { return product_at_lag(values, first, count, lag); });
    }
    [[nodiscard]] Estimate mean(const MatrixXd& values) const {
        return over_blocks(
            [&](Index first, Index count) { return values.middleRows(first, count).mean(); });
    }

private:
    const LateStates& late_;
    Index block_;
    double neurons_ = 0.0;
};

/// Lags in rows next to 0, 1, 2 and 5 tau, within half a block.
std::set<Index> shown_lags(double interval, Index block) {
    std::set<Index> lags;
    for (const double tau : {0.0, 1.0, 2.0, 5.0}) {
        const auto lag = static_cast<Index>(std::round(tau / interval));
        if (lag <= block / 2) {
            lags.insert(lag);
        }
    }
    return lags;
}

bool is_odd(const experiment::Parameters<double>& parameters) {
    return model::is_odd(parameters.activation);
}

class StateRows {
public:
    explicit StateRows(const StateStatistics& statistics, double finite_size)
        : statistics_{statistics}, finite_size_{finite_size} {}

    void add(const std::string& name, const Estimate& found, double predicted, double disorder) {
        const double finite = std::hypot(disorder, finite_size_ * std::abs(predicted));
        rows.push_back(
            {.name = name,
             .observed = found.value,
             .predicted = predicted,
             .standard_error = std::hypot(found.standard_error, finite),
             .origin = fmt::format("scatter of {} blocks {:.2g}; one network of N = {:g} "
                                   "beside N -> infinity {:.2g}",
                                   statistics_.blocks(), found.standard_error,
                                   statistics_.neurons(), finite)});
    }

    std::vector<TheoryRow> rows;

private:
    const StateStatistics& statistics_;
    double finite_size_;
};

} // namespace

TheoryComparison compare_states_with_theory(const Recording& recording,
                                            const LyapunovEstimate& lyapunov) {
    const experiment::Parameters<double> p = recording.metadata.experiment.empty()
                                                 ? recording.parameters
                                                 : recorded_experiment(recording).parameters;
    if (p.stimulus != model::StimulusKind::none) {
        refuse(recording, "a stimulus: theory is of stationary states without one");
    }
    const LateStates late = late_states(recording, p);
    const Index block = block_length(recording, late);
    const StateStatistics statistics(recording, late, block);

    const std::set<Index> lags = shown_lags(late.interval, block);
    std::vector<double> tau;
    for (const Index lag : lags) {
        tau.push_back(static_cast<double>(lag) * late.interval);
    }
    const Prediction prediction = predict(p, {.tau = tau, .discrete = true});
    const Prediction::Stationary& state = prediction.stationary;
    if (!state.input_correlation.known()) {
        refuse(recording, state.input_correlation.reason());
    }
    const double slope = state.mean_gain.known() ? p.gain * state.mean_gain.value() : 0.0;
    const double distance = 1.0 - slope * slope;
    const bool chaotic = state.regime.known() && state.regime.value() == "chaotic";
    StateRows rows(statistics, chaotic ? 0.0 : 1.0 / (statistics.neurons() * distance * distance));
    const double root = std::sqrt(1.0 / statistics.neurons());

    const double variance = state.input_correlation.value().front();
    std::size_t k = 0;
    for (const Index lag : lags) {
        rows.add(fmt::format("Cx({:g})", tau[k]), statistics.product(late.x, lag),
                 state.input_correlation.value()[k], std::sqrt(2.0) * root * variance);
        ++k;
    }
    if (state.output_correlation.known()) {
        const double output = state.output_correlation.value().front();
        k = 0;
        for (const Index lag : lags) {
            rows.add(fmt::format("Cphi({:g})", tau[k]), statistics.product(late.rates, lag),
                     state.output_correlation.value()[k], std::sqrt(2.0) * root * output);
            ++k;
        }
    }
    if (is_odd(p)) {
        rows.add("mean", statistics.mean(late.x), 0.0, root * std::sqrt(variance));
    }
    if (state.mean_gain.known()) {
        rows.add("mean gain", statistics.mean(late.slopes), state.mean_gain.value(),
                 root * std::abs(state.mean_gain.value()));
    }
    if (prediction.largest_lyapunov_exponent.known() && lyapunov.standard_error > 0.0) {
        const double predicted = prediction.largest_lyapunov_exponent.value();
        rows.add("lyapunov", {lyapunov.exponent, lyapunov.standard_error}, predicted,
                 root * (1.0 + predicted));
    }
    const double freedom = static_cast<double>(statistics.blocks()) - 1.0;
    return {.against = fmt::format("theory of N -> infinity, {}, from recorded states",
                                   prediction.discretisation),
            .rows = std::move(rows.rows),
            .curves = {},
            .freedom = freedom,
            .largest_z = allowed_z(freedom)};
}

} // namespace tinymf::host
