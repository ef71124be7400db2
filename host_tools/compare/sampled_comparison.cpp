// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "compare/mean_field_comparison.hpp"
#include "compare/mean_field_rounding.hpp"
#include "compare/two_time_rows.hpp"
#include "equations/time_selection.hpp"
#include "recording/recorded_mean_field.hpp"
#include "reference/effective_neurons.hpp"
#include "reference/mean_field_reference.hpp"

namespace tinymf::host {
namespace {

using Index = Eigen::Index;

/// Populations that judge their own error.
constexpr std::uint8_t fewest_populations = 4;

/// How many populations stand in for those that a run has not.
constexpr int reference_populations = 16;

/// Rows of the time grid that the run sent.
std::vector<Index> row_indices(const Recording& recording) {
    const auto rows = told_rows(recording);
    return {rows.begin(), rows.end()};
}

/// Degrees of freedom of the error that comes from this many populations, or of the reference's.
double freedom_of(const Experiment& experiment, int populations) {
    const MeanFieldProblem problem = mean_field_problem(experiment.parameters);
    const int fewest = best_solver(experiment) == MeanFieldSolver::sample
                           ? std::min(populations, sample_size_for(problem).populations)
                           : populations;
    return fewest - 1.0;
}

/// Scatter of populations of the run's own size, in place of standard errors that it cannot know.
TwoTimeArrays errors_by_reference(const Experiment& experiment, const Recording& recording,
                                  std::span<const Index> rows) {
    constexpr int populations = reference_populations;
    const MeanFieldProblem problem = mean_field_problem(experiment.parameters);
    TwoTimeArrays errors =
        at_times(solve_effective_neurons(problem, {.paths = recording.profile.trajectories,
                                                   .populations = populations}),
                 rows)
            .standard_error;
    const double scale = std::sqrt(static_cast<double>(populations) /
                                   static_cast<double>(recording.parameters.replicas));
    for (TwoTimeMatrix* matrix : {&errors.Cx, &errors.Cphi, &errors.Rx, &errors.Rphi}) {
        *matrix *= scale;
    }
    errors.mean *= scale;
    return errors;
}

/// What the sampler of the run adds to the variance of its field. In float32 the part without white
/// noise is raised, or that with little white noise kept, by 1e-4 (in float64 by 1e-6, which a bias
/// of 1/paths hides). Outputs kept in 16 bits, with 12 behind the point, are off at random by a
/// twelfth of their squared unit.
AddedVariance added_by_sampler(const Recording& recording, const MeanFieldProblem& problem,
                               const TwoTimeArrays& solved) {
    constexpr double nugget = 1e-4;
    constexpr double unit_of_storage = 0x1p-12;
    AddedVariance added;
    const double smooth =
        problem.gain_squared * solved.Cphi.diagonal().maxCoeff() + problem.noise_by_lag(0);
    if (recording.profile.scalar == experiment::ScalarKind::float32 &&
        problem.white_variance() < nugget * smooth) {
        added.share = nugget;
    }
    if (recording.profile.path_bits == 16) {
        added.absolute = problem.gain_squared * unit_of_storage * unit_of_storage / 12.0;
    }
    return added;
}

/// By how much the averages of a population of the run's size move with that, the draws unchanged.
TwoTimeArrays errors_of_method(const Recording& recording, const MeanFieldProblem& problem,
                               const TwoTimeArrays& solved) {
    const AddedVariance added = added_by_sampler(recording, problem, solved);
    if (added.share == 0.0 && added.absolute == 0.0) {
        return zero_arrays(problem.points);
    }
    const SampleSize size{.paths = recording.profile.trajectories, .populations = 2};
    TwoTimeArrays moved = solve_effective_neurons(problem, size, added).value;
    const TwoTimeArrays plain = solve_effective_neurons(problem, size).value;
    moved.Cx = (moved.Cx - plain.Cx).cwiseAbs();
    moved.Cphi = (moved.Cphi - plain.Cphi).cwiseAbs();
    moved.Rphi = (moved.Rphi - plain.Rphi).cwiseAbs();
    return moved;
}

/// Bounds on what the run's arithmetic and its method do, on the rows that it sent.
TwoTimeSolution bounds_of(const Recording& recording, const Experiment& experiment,
                          const TwoTimeSolution& solved, std::span<const Index> rows) {
    TwoTimeArrays bounds = arithmetic_bounds(recording, solved.value);
    const TwoTimeArrays of_method =
        errors_of_method(recording, mean_field_problem(experiment.parameters), solved.value);
    bounds.Cx += of_method.Cx;
    bounds.Cphi += of_method.Cphi;
    bounds.Rphi += of_method.Rphi;
    return at_times({.times = solved.times, .value = bounds, .standard_error = {}}, rows);
}

/// Why the responses of this run cannot be judged; empty where they can. They are slopes of a power
/// law below 1, which has none at 0: with memory and without white noise the run takes them from
/// Novikov's theorem and a nearly singular matrix; without memory it averages them, which have no
/// variance for exponents of 1/2 and less.
std::string objection_to_responses(const experiment::Parameters<double>& p,
                                   bool observed_by_itself) {
    if (p.activation != model::ActivationKind::power_law || p.exponent >= 1.0) {
        return "";
    }
    const bool has_memory = p.reciprocity * p.gain != 0.0;
    const bool white = p.noise_kind == model::NoiseKind::white && p.noise > 0.0;
    if (!has_memory && p.exponent <= 0.5) {
        return "responses: the slopes of a power law of exponent 1/2 or less have no variance, so "
               "that no scatter tells how far their average is off";
    }
    if (has_memory && !white && !observed_by_itself) {
        return "responses: those of a power law below 1 without white noise scatter by themselves, "
               "which fewer than 4 populations do not show";
    }
    return "";
}

std::string origin_of_errors(const Recording& recording) {
    return fmt::format("sampling of {} populations of {} paths; bias of order 1/paths{}",
                       recording.parameters.replicas, recording.profile.trajectories,
                       recording.profile.path_bits == 16 ? "; 16-bit storage" : "");
}

/// Adds to each row's error what does not come from the scatter. A bound on what the arithmetic
/// does counts as so much error as makes the allowed |z| of it.
void add_systematic_errors(TheoryComparison& comparison, const Recording& recording,
                           std::span<const TheoryRow> bounds) {
    const double paths = recording.profile.trajectories;
    const double storage = recording.profile.path_bits == 16 ? 1e-4 : 0.0;
    for (std::size_t k = 0; k < comparison.rows.size(); ++k) {
        TheoryRow& row = comparison.rows[k];
        const double arithmetic = bounds[k].observed / comparison.largest_z;
        if (arithmetic > row.standard_error) {
            row.origin += "; rounding and floors of the variance";
        }
        row.standard_error = std::hypot(std::hypot(row.standard_error, row.predicted / paths),
                                        std::hypot(storage, arithmetic));
    }
}

} // namespace

TheoryComparison compare_sampled_mean_field(const Recording& recording) {
    const Experiment experiment = experiment_as_run(recording);
    const std::vector<Index> rows = row_indices(recording);
    TwoTimeSolution observed = recorded_two_time(recording);
    const bool observed_by_itself = recording.parameters.replicas >= fewest_populations;
    if (!observed_by_itself) {
        observed.standard_error = errors_by_reference(experiment, recording, rows);
    }
    const TwoTimeSolution solved = solve_mean_field_reference(experiment);
    const TwoTimeSolution predicted = at_times(solved, rows);
    const std::string objection = objection_to_responses(experiment.parameters, observed_by_itself);
    const Responses responses = objection.empty() ? Responses::present : Responses::absent;

    TheoryComparison comparison;
    comparison.against =
        fmt::format("the reference by the method {}",
                    mean_field_solver_names[static_cast<std::size_t>(best_solver(experiment))]);
    comparison.freedom = freedom_of(experiment, observed_by_itself ? recording.parameters.replicas
                                                                   : reference_populations);
    comparison.largest_z = allowed_z(comparison.freedom);
    comparison.rows = two_time_rows(observed, predicted, responses, origin_of_errors(recording));
    // The same numbers of the bounds, as if they had been observed.
    const TwoTimeSolution bounds = bounds_of(recording, experiment, solved, rows);
    add_systematic_errors(comparison, recording, two_time_rows(bounds, bounds, responses, ""));
    comparison.curves = two_time_curves(observed, predicted, responses);
    if (!objection.empty()) {
        comparison.notes.push_back(objection);
    }
    return comparison;
}

} // namespace tinymf::host
