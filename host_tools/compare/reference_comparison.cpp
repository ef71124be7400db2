// SPDX-License-Identifier: Apache-2.0
#include "compare/reference_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <future>
#include <iterator>
#include <limits>
#include <optional>
#include <vector>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "base/host_error.hpp"
#include "reference/ode_solution.hpp"
#include "reference/rounding_growth.hpp"
#include "reference/scheme_run.hpp"

namespace tinymf::host {
namespace {

using Eigen::VectorXd;

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

/// The scalar's smallest normal number: what is smaller has no digits to compare.
double smallest_normal(const Recording& recording) {
    return recording.profile.scalar == experiment::ScalarKind::float32
               ? static_cast<double>(std::numeric_limits<float>::min())
               : std::numeric_limits<double>::min();
}

/// One replica of the run, and the same solved again, from state to state.
class ReplicaWalk {
public:
    ReplicaWalk(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica,
                const StateTrace& trace)
        : trace_{trace}, scheme_(problem, problem.parameters, drawn, replica),
          growth_(problem, drawn, replica) {
        if (has_ode_solution(problem.parameters)) {
            ode_.emplace(problem, drawn, replica);
        }
        if (problem.shape.scalar != experiment::ScalarKind::float64) {
            scheme_in_run_.emplace(problem, parameters_in_run(problem), drawn, replica);
        }
    }

    void advance_to(std::uint32_t step) {
        step_ = step;
        advance(scheme_);
        if (scheme_in_run_) {
            advance(*scheme_in_run_);
        }
        solution_ = ode_ ? VectorXd(ode_->at_step(step)) : scheme();
    }

    [[nodiscard]] VectorXd recorded() const {
        const auto found = std::ranges::lower_bound(trace_.steps, step_);
        return trace_.x.row(found - trace_.steps.begin()).transpose();
    }
    [[nodiscard]] const VectorXd& solution() const { return solution_; }
    /// The run's scheme in double precision, of the experiment as written.
    [[nodiscard]] VectorXd scheme() const { return scheme_.states().col(0); }
    /// The same, of the parameters as the run's scalar holds them.
    [[nodiscard]] VectorXd scheme_in_run() const {
        return scheme_in_run_ ? VectorXd(scheme_in_run_->states().col(0)) : scheme();
    }
    [[nodiscard]] double rounding_bound() { return growth_.bound_at(step_); }

private:
    void advance(SchemeRun& run) const {
        while (run.step_index() < step_) {
            run.advance();
        }
    }

    const StateTrace& trace_;
    SchemeRun scheme_;
    std::optional<SchemeRun> scheme_in_run_;
    std::optional<OdeSolution> ode_;
    RoundingGrowth growth_;
    VectorXd solution_;
    std::uint32_t step_ = 0;
};

/// Raises entry k to the largest distance between two states of a replica.
void raise_to_distance(BoundedDistance& largest, std::size_t k, const VectorXd& a,
                       const VectorXd& b, std::uint32_t replica) {
    Eigen::Index neuron = 0;
    // Not a number counts as the largest of all.
    const double distance = (a - b).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(&neuron);
    largest.raise(k, distance, {replica, static_cast<std::uint32_t>(neuron)});
}

double root_mean_square(const VectorXd& x) {
    // A map, for gcc 12 takes Eigen's own copy of a vector for uninitialised.
    const Eigen::Map<const VectorXd> values(x.data(), x.size());
    return values.stableNorm() / std::sqrt(static_cast<double>(x.size()));
}

/// Adds a bound that says something behind others that do.
void add_meaningful(BoundedDistance& distance, std::size_t k, double bound, double tolerance) {
    if (distance.bound.size() == k && bound <= tolerance) {
        distance.bound.push_back(bound);
    }
}

/// All replicas from state to state, until the end, or of more than so many states until the
/// horizon ends. Memory does not grow with their number.
ReferenceComparison compare_to_the_horizon(const NetworkProblem& problem,
                                           const Recording& recording) {
    constexpr std::size_t fewest = 1024;
    const DrawnNetwork drawn = draw_network(problem);
    std::vector<ReplicaWalk> replicas;
    replicas.reserve(problem.parameters.replicas);
    for (std::uint32_t r = 0; r < problem.parameters.replicas; ++r) {
        replicas.emplace_back(problem, drawn, r, recording.replicas[r]);
    }
    ReferenceComparison comparison;
    comparison.method =
        has_ode_solution(problem.parameters) ? ReferenceMethod::ode : ReferenceMethod::scheme;
    BoundedDistance step_error;
    BoundedDistance parameter_error;
    double largest_state = 0.0; // root mean square
    const double smallest = smallest_normal(recording);
    for (std::size_t k = 0; k < problem.state_steps.size(); ++k) {
        const bool in_horizon = comparison.scheme.bound.size() == k;
        if (!in_horizon && k >= fewest) {
            break;
        }
        const std::uint32_t step = problem.state_steps[k];
        comparison.steps.push_back(step);
        comparison.times.push_back(step * problem.parameters.dt);
        double rounding = 0.0;
        for (std::uint32_t r = 0; r < replicas.size(); ++r) {
            ReplicaWalk& replica = replicas[r];
            replica.advance_to(step);
            const VectorXd recorded = replica.recorded();
            const VectorXd scheme = replica.scheme();
            const VectorXd scheme_in_run = replica.scheme_in_run();
            raise_to_distance(comparison.solution, k, recorded, replica.solution(), r);
            raise_to_distance(comparison.scheme, k, recorded, scheme_in_run, r);
            raise_to_distance(step_error, k, scheme, replica.solution(), r);
            raise_to_distance(parameter_error, k, scheme_in_run, scheme, r);
            largest_state = std::max(largest_state, root_mean_square(replica.solution()));
            if (in_horizon) {
                const double bound = replica.rounding_bound();
                // Not a number counts as the largest of all.
                rounding = std::isnan(bound) || bound > rounding ? bound : rounding;
            }
        }
        comparison.tolerance.push_back(std::max(smallest, meaningful_share * largest_state));
        const double tolerance = comparison.tolerance.back();
        add_meaningful(comparison.scheme, k, rounding, tolerance);
        if (comparison.scheme.bound.size() == k + 1) {
            add_meaningful(comparison.solution, k,
                           rounding + step_error.error[k] + parameter_error.error[k], tolerance);
        }
    }
    return comparison;
}

} // namespace

ReferenceComparison compare_with_reference(const Recording& recording) {
    require_all_inputs(recording);
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
    ReferenceComparison comparison = compare_to_the_horizon(problem, recording);
    comparison.lyapunov = lyapunov.get();
    return comparison;
}

} // namespace tinymf::host
