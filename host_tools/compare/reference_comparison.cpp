// SPDX-License-Identifier: Apache-2.0
#include "compare/reference_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <future>
#include <iterator>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "reference/rounding_growth.hpp"

namespace tinymf::host {
namespace {

/// The share of the state's own size above which a bound says nothing.
constexpr double meaningful_share = 0.1;

NetworkProblem problem_of(const Recording& recording) {
    NetworkProblem problem;
    problem.shape = {.neurons = recording.profile.neurons,
                     .coupling = recording.profile.coupling,
                     .scalar = recording.profile.scalar};
    problem.parameters = recording.metadata.experiment.empty()
                             ? recording.parameters
                             : recorded_experiment(recording).parameters;
    problem.live_inputs = recording.live_inputs;
    return problem;
}

/// Steps at which all replicas have a state.
std::vector<std::uint32_t> common_steps(const Recording& recording) {
    std::vector<std::uint32_t> steps = recording.replicas.front().steps;
    for (const StateTrace& trace : recording.replicas) {
        std::vector<std::uint32_t> both;
        std::ranges::set_intersection(steps, trace.steps, std::back_inserter(both));
        steps = std::move(both);
    }
    return steps;
}

StateTable rows_at(const StateTrace& trace, const std::vector<std::uint32_t>& steps) {
    StateTable rows(static_cast<Eigen::Index>(steps.size()), trace.x.cols());
    for (Eigen::Index row = 0; row < rows.rows(); ++row) {
        const auto found =
            std::ranges::lower_bound(trace.steps, steps[static_cast<std::size_t>(row)]);
        rows.row(row) = trace.x.row(found - trace.steps.begin());
    }
    return rows;
}

/// Raises each entry to the row's largest distance between the tables of one replica.
void raise_to_distance(BoundedDistance& largest, const StateTable& a, const StateTable& b,
                       std::uint32_t replica) {
    for (Eigen::Index row = 0; row < a.rows(); ++row) {
        Eigen::Index neuron = 0;
        // Not a number counts as the largest of all.
        const double distance =
            (a.row(row) - b.row(row)).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(&neuron);
        largest.raise(static_cast<std::size_t>(row), distance,
                      {replica, static_cast<std::uint32_t>(neuron)});
    }
}

/// The scalar's smallest normal number: what is smaller has no digits to compare.
double smallest_normal(const Recording& recording) {
    return recording.profile.scalar == experiment::ScalarKind::float32
               ? static_cast<double>(std::numeric_limits<float>::min())
               : std::numeric_limits<double>::min();
}

/// At each state, the bound above which nothing is said.
std::vector<double> tolerances(const NetworkReference& reference, double smallest) {
    std::vector<double> result;
    double largest = 0.0;
    for (std::size_t k = 0; k < reference.steps.size(); ++k) {
        for (const ReferenceReplica& replica : reference.replicas) {
            const auto state = replica.solution.row(static_cast<Eigen::Index>(k));
            largest = std::max(largest,
                               state.stableNorm() / std::sqrt(static_cast<double>(state.size())));
        }
        result.push_back(std::max(smallest, meaningful_share * largest));
    }
    return result;
}

/// The largest of the replicas' rounding bounds, as far as all of them reach.
std::vector<double> largest_rounding_bounds(const NetworkProblem& problem,
                                            const std::vector<double>& stop_at) {
    const DrawnNetwork drawn = draw_network(problem);
    std::vector<double> largest(problem.state_steps.size(), 0.0);
    for (std::uint32_t replica = 0; replica < problem.parameters.replicas; ++replica) {
        const std::vector<double> bounds = rounding_bounds(problem, drawn, replica, stop_at);
        largest.resize(std::min(largest.size(), bounds.size()));
        std::ranges::transform(largest, bounds, largest.begin(),
                               [](double a, double b) { return std::max(a, b); });
    }
    return largest;
}

/// The leading bounds that say something.
std::vector<double> meaningful(std::vector<double> bounds, const std::vector<double>& tolerance) {
    std::size_t count = 0;
    while (count < bounds.size() && bounds[count] <= tolerance[count]) {
        ++count;
    }
    bounds.resize(count);
    return bounds;
}

/// All states of the problem, solved and compared.
ReferenceComparison compare_states(const NetworkProblem& problem, const Recording& recording) {
    const NetworkReference reference = solve_network_reference(problem);
    ReferenceComparison comparison;
    comparison.method = reference.method;
    comparison.steps = reference.steps;
    comparison.times = reference.times;
    comparison.tolerance = tolerances(reference, smallest_normal(recording));

    BoundedDistance step;
    BoundedDistance parameter;
    for (std::uint32_t r = 0; r < reference.replicas.size(); ++r) {
        const ReferenceReplica& solved = reference.replicas[r];
        const StateTable recorded = rows_at(recording.replicas[r], problem.state_steps);
        raise_to_distance(comparison.solution, recorded, solved.solution, r);
        raise_to_distance(comparison.scheme, recorded, solved.scheme_in_run, r);
        raise_to_distance(step, solved.scheme, solved.solution, r);
        raise_to_distance(parameter, solved.scheme_in_run, solved.scheme, r);
    }
    comparison.scheme.bound =
        meaningful(largest_rounding_bounds(problem, comparison.tolerance), comparison.tolerance);
    std::vector<double> total = comparison.scheme.bound;
    for (std::size_t k = 0; k < total.size(); ++k) {
        total[k] += step.error[k] + parameter.error[k];
    }
    comparison.solution.bound = meaningful(std::move(total), comparison.tolerance);
    return comparison;
}

/// Of the first states alone where the horizon ends among them: four times as many, each time, as
/// did not reach it.
ReferenceComparison compare_to_the_horizon(NetworkProblem problem, const Recording& recording) {
    constexpr std::size_t fewest = 1024;
    const std::vector<std::uint32_t> all = std::move(problem.state_steps);
    for (std::size_t states = fewest;; states *= 4) {
        const auto first = std::span(all).first(std::min(states, all.size()));
        problem.state_steps.assign(first.begin(), first.end());
        ReferenceComparison comparison = compare_states(problem, recording);
        if (states >= all.size() || !comparison.scheme.reaches_the_end()) {
            return comparison;
        }
    }
}

} // namespace

ReferenceComparison compare_with_reference(const Recording& recording) {
    NetworkProblem problem = problem_of(recording);
    if (!recording.replicas.empty()) {
        problem.state_steps = common_steps(recording);
    }
    if (problem.state_steps.empty()) {
        throw HostError(exit_bad_input, fmt::format("{}: it holds no states to compare with the "
                                                    "reference; record with stream.state_every > 0",
                                                    recording.file));
    }
    // Of the whole run, beside the solution of its first states.
    NetworkProblem whole = problem;
    whole.parameters.steps = problem.state_steps.back();
    auto lyapunov = std::async(std::launch::async, [&whole] {
        return largest_lyapunov_exponent(whole, draw_network(whole));
    });
    ReferenceComparison comparison = compare_to_the_horizon(std::move(problem), recording);
    comparison.lyapunov = lyapunov.get();
    return comparison;
}

} // namespace tinymf::host
