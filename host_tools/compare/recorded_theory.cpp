// SPDX-License-Identifier: Apache-2.0
#include "compare/recorded_theory.hpp"

#include <algorithm>
#include <cmath>
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

/// The second half of the run's states, in all replicas at the same steps.
class LateStates {
public:
    LateStates(const Recording& recording, Index first)
        : recording_{recording}, first_{first}, rows_{recording.replicas.front().x.rows() - first} {
    }

    [[nodiscard]] Index rows() const { return rows_; }

    /// Rows of all replicas side by side.
    [[nodiscard]] MatrixXd middle_rows(Index first, Index count) const {
        const auto neurons = static_cast<Index>(recording_.profile.neurons);
        MatrixXd x(count, neurons * static_cast<Index>(recording_.replicas.size()));
        Index column = 0;
        for (const StateTrace& trace : recording_.replicas) {
            x.middleCols(column, neurons) = trace.x.middle_rows(first_ + first, count);
            column += neurons;
        }
        return x;
    }
    [[nodiscard]] bool silent() const {
        for (const StateTrace& trace : recording_.replicas) {
            for (Index row = first_; row < first_ + rows_; ++row) {
                if (trace.x.row(row).cwiseAbs().maxCoeff() > 0.0) {
                    return false;
                }
            }
        }
        return true;
    }
    /// Mean over neurons, replicas, and times t of which t and t + lag are among these rows.
    [[nodiscard]] double product_at_lag(Index first, Index count, Index lag) const {
        double sum = 0.0;
        for (const StateTrace& trace : recording_.replicas) {
            for (Index row = first_ + first; row + lag < first_ + first + count; ++row) {
                sum += trace.x.product(row, row + lag);
            }
        }
        return sum / (static_cast<double>(count - lag) * recording_.profile.neurons *
                      static_cast<double>(recording_.replicas.size()));
    }
    /// In tau.
    [[nodiscard]] double interval() const {
        const auto& steps = recording_.replicas.front().steps;
        const auto at = static_cast<std::size_t>(first_);
        return recording_.time_of(steps[at + 1]) - recording_.time_of(steps[at]);
    }

private:
    const Recording& recording_;
    Index first_;
    Index rows_;
};

LateStates late_states(const Recording& recording) {
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
    for (const StateTrace& trace : recording.replicas) {
        if (trace.steps != steps) {
            refuse(recording, "its replicas did not report the same states");
        }
    }
    for (std::size_t k = static_cast<std::size_t>(first) + 2; k < steps.size(); ++k) {
        if (steps[k] - steps[k - 1] != steps[k - 1] - steps[k - 2] && k + 1 < steps.size()) {
            refuse(recording, "its states are not evenly spaced");
        }
    }
    return {recording, first};
}

/// Rows that C_x needs to forget: 1 + 2 sum of C(k)/C(0) up to where it falls below 5 %, or all.
double correlation_time(const LateStates& late) {
    constexpr double decayed = 0.05;
    const Index rows = late.rows();
    const double variance = late.product_at_lag(0, rows, 0);
    double sum = 1.0;
    for (Index lag = 1; lag < rows / 2; ++lag) {
        const double share = late.product_at_lag(0, rows, lag) / variance;
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
    if (late.silent()) {
        refuse(recording, "the network is silent: nothing to compare");
    }
    const double memory = correlation_time(late);
    const auto rows = static_cast<double>(late.rows());
    const double blocks = std::min(most, std::floor(rows / (memories * memory)));
    if (blocks < fewest) {
        refuse(recording, memory < rows
                              ? fmt::format("the states of the second half of the run remember "
                                            "each other for {:.3g} of its {:.3g} tau, too long to "
                                            "tell their scatter",
                                            memory * late.interval(), rows * late.interval())
                              : "the states of the second half of the run do not forget each "
                                "other: a fixed point or a cycle, whose averages no block tells");
    }
    return static_cast<Index>(rows / blocks);
}

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

/// Mean over neurons and over times t with t and t + lag among these rows.
double product_at_lag(const MatrixXd& values, Index lag) {
    const Index pairs = values.rows() - lag;
    return values.topRows(pairs).cwiseProduct(values.bottomRows(pairs)).mean();
}

/// Averages of each block, in order.
struct BlockAverages {
    std::vector<std::vector<double>> input_products;  ///< by lag, then by block
    std::vector<std::vector<double>> output_products; ///< the same
    std::vector<double> mean;
    std::vector<double> mean_slope;
};

/// Holds one block at a time: 24 bytes a neuron, replica and row.
BlockAverages averages_of_blocks(const LateStates& late, Index block, const std::set<Index>& lags,
                                 const ReferenceActivation& activation) {
    BlockAverages averages;
    averages.input_products.resize(lags.size());
    averages.output_products.resize(lags.size());
    for (Index first = 0; first + block <= late.rows(); first += block) {
        const MatrixXd x = late.middle_rows(first, block);
        const MatrixXd rates = activation.values(x);
        std::size_t k = 0;
        for (const Index lag : lags) {
            averages.input_products[k].push_back(product_at_lag(x, lag));
            averages.output_products[k].push_back(product_at_lag(rates, lag));
            ++k;
        }
        averages.mean.push_back(x.mean());
        averages.mean_slope.push_back(activation.slopes(x).mean());
    }
    return averages;
}

/// Mean of the blocks' values and its error by their scatter.
Estimate over_blocks(const std::vector<double>& values) {
    const Eigen::Map<const Eigen::ArrayXd> all(values.data(), static_cast<Index>(values.size()));
    const double mean = all.mean();
    const double variance =
        (all - mean).square().sum() / (static_cast<double>(values.size()) - 1.0);
    return {mean, std::sqrt(variance) * error_of_scatter(values.size())};
}

bool is_odd(const experiment::Parameters<double>& parameters) {
    return model::is_odd(parameters.activation);
}

class StateRows {
public:
    StateRows(std::size_t blocks, double neurons, double finite_size)
        : blocks_{blocks}, neurons_{neurons}, finite_size_{finite_size} {}

    void add(const std::string& name, const std::vector<double>& of_blocks, double predicted,
             double disorder) {
        add(name, over_blocks(of_blocks), predicted, disorder);
    }
    void add(const std::string& name, const Estimate& found, double predicted, double disorder) {
        const double finite = std::hypot(disorder, finite_size_ * std::abs(predicted));
        rows.push_back(
            {.name = name,
             .observed = found.value,
             .predicted = predicted,
             .standard_error = std::hypot(found.standard_error, finite),
             .origin = fmt::format("scatter of {} blocks {:.2g}; one network of N = {:g} "
                                   "beside N -> infinity {:.2g}",
                                   blocks_, found.standard_error, neurons_, finite)});
    }

    std::vector<TheoryRow> rows;

private:
    std::size_t blocks_;
    double neurons_;
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
    const LateStates late = late_states(recording);
    const Index block = block_length(recording, late);
    const std::set<Index> lags = shown_lags(late.interval(), block);
    std::vector<double> tau;
    for (const Index lag : lags) {
        tau.push_back(static_cast<double>(lag) * late.interval());
    }
    const Prediction prediction =
        predict(p, {.tau = tau, .discrete = true, .critical_gain = false});
    const Prediction::Stationary& state = prediction.stationary;
    if (!state.input_correlation.known()) {
        refuse(recording, state.input_correlation.reason());
    }
    const BlockAverages averages = averages_of_blocks(late, block, lags, reference_activation(p));
    const std::size_t blocks = averages.mean.size();
    const auto neurons = static_cast<double>(recording.profile.neurons);
    const double slope = state.mean_gain.known() ? p.gain * state.mean_gain.value() : 0.0;
    const double distance = 1.0 - slope * slope;
    const bool chaotic = state.regime.known() && state.regime.value() == "chaotic";
    StateRows rows(blocks, neurons, chaotic ? 0.0 : 1.0 / (neurons * distance * distance));
    const double root = std::sqrt(1.0 / neurons);

    const double variance = state.input_correlation.value().front();
    for (std::size_t k = 0; k < tau.size(); ++k) {
        rows.add(fmt::format("Cx({:g})", tau[k]), averages.input_products[k],
                 state.input_correlation.value()[k], std::sqrt(2.0) * root * variance);
    }
    if (state.output_correlation.known()) {
        const double output = state.output_correlation.value().front();
        for (std::size_t k = 0; k < tau.size(); ++k) {
            rows.add(fmt::format("Cphi({:g})", tau[k]), averages.output_products[k],
                     state.output_correlation.value()[k], std::sqrt(2.0) * root * output);
        }
    }
    if (is_odd(p)) {
        rows.add("mean", averages.mean, 0.0, root * std::sqrt(variance));
    }
    if (state.mean_gain.known()) {
        rows.add("mean_gain", averages.mean_slope, state.mean_gain.value(),
                 root * std::abs(state.mean_gain.value()));
    }
    if (prediction.largest_lyapunov_exponent.known() && lyapunov.standard_error > 0.0) {
        const double predicted = prediction.largest_lyapunov_exponent.value();
        rows.add("lyapunov", Estimate{lyapunov.exponent, lyapunov.standard_error}, predicted,
                 root * (1.0 + predicted));
    }
    const double freedom = static_cast<double>(blocks) - 1.0;
    return {.against = fmt::format("theory of N -> infinity, {}, from recorded states",
                                   prediction.discretisation),
            .rows = std::move(rows.rows),
            .curves = {},
            .freedom = freedom,
            .largest_z = allowed_z(freedom)};
}

} // namespace tinymf::host
