// SPDX-License-Identifier: Apache-2.0
#include "compare/reference_comparison.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "diagnostics/host_error.hpp"
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

/// Raises each entry of `largest` to the row's largest distance between the tables.
void raise_to_distance(std::vector<double>& largest, const StateTable& a, const StateTable& b) {
    largest.resize(static_cast<std::size_t>(a.rows()), 0.0);
    for (Eigen::Index row = 0; row < a.rows(); ++row) {
        double& entry = largest[static_cast<std::size_t>(row)];
        entry = std::max(entry, (a.row(row) - b.row(row)).cwiseAbs().maxCoeff());
    }
}

/// The largest root mean square that the reference's neurons have at one time.
double state_scale(const NetworkReference& reference) {
    double largest = 0.0;
    for (const ReferenceReplica& replica : reference.replicas) {
        const double mean_square = replica.solution.rowwise().squaredNorm().maxCoeff() /
                                   static_cast<double>(replica.solution.cols());
        largest = std::max(largest, std::sqrt(mean_square));
    }
    return largest;
}

/// The largest of the replicas' rounding bounds, as far as all of them reach.
std::vector<double> largest_rounding_bounds(const NetworkProblem& problem, double stop_at) {
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
std::vector<double> meaningful(std::vector<double> bounds, double tolerance) {
    bounds.erase(std::ranges::find_if(bounds, [=](double bound) { return !(bound <= tolerance); }),
                 bounds.end());
    return bounds;
}

} // namespace

double BoundedDistance::max_error() const {
    const auto end = error.begin() + static_cast<std::ptrdiff_t>(bound.size());
    return bound.empty() ? 0.0 : *std::max_element(error.begin(), end);
}

double BoundedDistance::max_bound() const {
    return bound.empty() ? 0.0 : *std::ranges::max_element(bound);
}

bool BoundedDistance::within() const {
    return std::equal(bound.begin(), bound.end(), error.begin(),
                      [](double limit, double distance) { return distance <= limit; });
}

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
    const NetworkReference reference = solve_network_reference(problem);
    ReferenceComparison comparison;
    comparison.method = reference.method;
    comparison.times = reference.times;
    comparison.tolerance = meaningful_share * state_scale(reference);

    std::vector<double> step_error;
    std::vector<double> parameter_error;
    for (std::size_t r = 0; r < reference.replicas.size(); ++r) {
        const ReferenceReplica& solved = reference.replicas[r];
        const StateTable recorded = rows_at(recording.replicas[r], problem.state_steps);
        raise_to_distance(comparison.solution.error, recorded, solved.solution);
        raise_to_distance(comparison.scheme.error, recorded, solved.scheme_in_run);
        raise_to_distance(step_error, solved.scheme, solved.solution);
        raise_to_distance(parameter_error, solved.scheme_in_run, solved.scheme);
    }
    const std::vector<double> rounding = largest_rounding_bounds(problem, comparison.tolerance);
    comparison.scheme.bound = meaningful(rounding, comparison.tolerance);
    std::vector<double> total = comparison.scheme.bound;
    for (std::size_t k = 0; k < total.size(); ++k) {
        total[k] += step_error[k] + parameter_error[k];
    }
    comparison.solution.bound = meaningful(std::move(total), comparison.tolerance);

    problem.parameters.steps = problem.state_steps.back();
    comparison.lyapunov = largest_lyapunov_exponent(problem, draw_network(problem));
    return comparison;
}

} // namespace tinymf::host
