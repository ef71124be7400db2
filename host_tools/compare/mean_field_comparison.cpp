// SPDX-License-Identifier: Apache-2.0
#include "compare/mean_field_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "compare/two_time_rows.hpp"
#include "recording/recorded_mean_field.hpp"
#include "reference/effective_neurons.hpp"
#include "reference/mean_field_reference.hpp"
#include "reference/stationary_reference.hpp"
#include "theory/gaussian_moments.hpp"
#include "two_time/time_selection.hpp"

namespace tinymf::host {
namespace {

using Index = Eigen::Index;

Experiment experiment_of(const Recording& recording) {
    Experiment experiment;
    experiment.kind = experiment::ModelKind::mean_field;
    experiment.mean_field.method = recording.profile.method;
    experiment.parameters = recording.parameters;
    return experiment;
}

/// Rows of the time grid that the run told.
std::vector<Index> row_indices(const Recording& recording) {
    const auto rows = told_rows(recording);
    return {rows.begin(), rows.end()};
}

/// Largest difference of C_x and C_phi in every row, over the columns up to the diagonal.
std::vector<double> row_distances(const TwoTimeArrays& a, const TwoTimeArrays& b) {
    std::vector<double> largest;
    for (Index t = 0; t < a.Cx.rows(); ++t) {
        const auto distance = [t](const TwoTimeMatrix& one, const TwoTimeMatrix& other) {
            return (one.row(t).head(t + 1) - other.row(t).head(t + 1)).cwiseAbs().maxCoeff();
        };
        largest.push_back(std::max(distance(a.Cx, b.Cx), distance(a.Cphi, b.Cphi)));
    }
    return largest;
}

/// E[phi^2] - sum_k h_k^2 over the first `terms` normalised Hermite coefficients that phi has about
/// N(mean, variance): all that the left-out ones can contribute to E[phi phi']. Trapezoid rule.
double hermite_rest(const experiment::Parameters<double>& parameters, double mean, double variance,
                    bool odd, int terms) {
    constexpr double reach = 8.5;
    constexpr double step = 1.0 / 32.0;
    const ReferenceActivation activation = reference_activation(parameters);
    const int stride = odd ? 2 : 1;
    std::vector<double> coefficients(static_cast<std::size_t>(terms), 0.0);
    double total = 0.0;
    double weights = 0.0;
    for (double z = -reach; z <= reach; z += step) {
        const double weight = std::exp(-z * z / 2.0);
        const double value = activation.value(mean + std::sqrt(variance) * z);
        weights += weight;
        total += weight * value * value;
        double before = 0.0;
        double polynomial = 1.0;
        for (int k = 0; k < stride * terms; ++k) {
            if (k % stride == stride - 1) {
                coefficients[static_cast<std::size_t>(k / stride)] += weight * value * polynomial;
            }
            const double next = (z * polynomial - std::sqrt(k) * before) / std::sqrt(k + 1.0);
            before = polynomial;
            polynomial = next;
        }
    }
    double held = 0.0;
    for (const double coefficient : coefficients) {
        held += coefficient * coefficient / (weights * weights);
    }
    return std::max(0.0, total / weights - held);
}

/// The largest share of C_phi(t,t) that the run's expansion may leave out; zero where it has closed
/// forms.
double truncation(const Recording& recording, const TwoTimeArrays& solution) {
    const auto& p = recording.parameters;
    const bool odd = p.stimulus == model::StimulusKind::none;
    const bool closed_form = recording.profile.method == mean_field::Method::linear ||
                             is_linear(p) || p.activation == model::ActivationKind::relu ||
                             (p.activation == model::ActivationKind::erf && odd);
    if (closed_form) {
        return 0.0;
    }
    const bool single = recording.profile.scalar == experiment::ScalarKind::float32;
    const int terms = single ? 6 : 64; // of GaussianClosure
    double largest = 0.0;
    for (Index t = 0; t < solution.mean.size(); ++t) {
        const double mean = solution.mean[t];
        const double variance = solution.Cx(t, t) - mean * mean;
        if (variance > 0.0 && solution.Cphi(t, t) > 0.0) {
            largest = std::max(largest,
                               hermite_rest(p, mean, variance, odd, terms) / solution.Cphi(t, t));
        }
    }
    return largest;
}

/// A random walk of the roundings in the longest sum, at five standard deviations.
double rounding(const Recording& recording) {
    const double unit = recording.profile.scalar == experiment::ScalarKind::float32
                            ? static_cast<double>(std::numeric_limits<float>::epsilon()) / 2.0
                            : std::numeric_limits<double>::epsilon() / 2.0;
    return 5.0 * unit * std::sqrt(2.0 * recording.parameters.steps + 8.0);
}

/// How far the solution moves, row by row, for a relative change of g^2.
std::vector<double> sensitivity(const Experiment& experiment, const TwoTimeSolution& solution,
                                std::span<const Index> rows) {
    constexpr double change = 1e-4;
    Experiment moved = experiment;
    moved.parameters.gain *= 1.0 + change / 2.0;
    const TwoTimeSolution other = at_times(solve_mean_field_reference(moved), rows);
    std::vector<double> rates = row_distances(other.value, solution.value);
    for (double& rate : rates) {
        rate /= change;
    }
    return rates;
}

/// The share of C(0) above which a bound says nothing.
constexpr double meaningful_share = 0.1;

/// What the reference's own quadrature may be off, relative.
constexpr double reference_accuracy = 1e-10;

/// Scatter of populations of the run's own size, in place of standard errors that it cannot know.
TwoTimeArrays errors_by_reference(const Experiment& experiment, const Recording& recording,
                                  std::span<const Index> rows) {
    constexpr int populations = 16;
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

} // namespace

double accuracy_of_stationary_run(experiment::ScalarKind scalar) {
    return scalar == experiment::ScalarKind::float32 ? 1e-5 : 1e-9;
}

MeanFieldDistance compare_exact_mean_field(const Recording& recording) {
    const Experiment experiment = experiment_of(recording);
    const TwoTimeSolution observed = recorded_two_time(recording);
    const std::vector<Index> rows = row_indices(recording);
    const TwoTimeSolution reference = at_times(solve_mean_field_reference(experiment), rows);

    MeanFieldDistance result;
    result.method = mean_field_solver_names[static_cast<std::size_t>(best_solver(experiment))];
    result.times = observed.times;
    result.relative_error =
        rounding(recording) + truncation(recording, reference.value) + reference_accuracy;
    result.distance.error = row_distances(observed.value, reference.value);
    result.distance.bound = sensitivity(experiment, reference, rows);
    for (std::size_t t = 0; t < rows.size(); ++t) {
        const auto i = static_cast<Index>(t);
        double& bound = result.distance.bound[t];
        bound = result.relative_error * (bound + reference.value.Cx(i, i));
    }
    return result;
}

MeanFieldDistance compare_stationary_mean_field(const Recording& recording) {
    const StationarySolution observed = recorded_stationary(recording);
    const StationarySolution reference = solve_stationary_reference(experiment_of(recording));
    MeanFieldDistance result;
    result.method = "stationary";
    result.times = observed.lags;
    result.relative_error = accuracy_of_stationary_run(recording.profile.scalar);
    for (std::size_t k = 0; k < observed.lags.size(); ++k) {
        const std::size_t row = recording.steps_of(0)[k];
        result.distance.error.push_back(std::max(std::abs(observed.Cx[k] - reference.Cx[row]),
                                                 std::abs(observed.Cphi[k] - reference.Cphi[row])));
        const double bound =
            result.relative_error * reference.Cx.front() * std::exp(observed.lags[k]);
        if (bound > meaningful_share * reference.Cx.front()) {
            break;
        }
        result.distance.bound.push_back(bound);
    }
    result.distance.error.resize(observed.lags.size());
    return result;
}

TheoryComparison compare_sampled_mean_field(const Recording& recording) {
    constexpr std::uint8_t fewest_populations = 4;
    const Experiment experiment = experiment_of(recording);
    const std::vector<Index> rows = row_indices(recording);
    TwoTimeSolution observed = recorded_two_time(recording);
    if (recording.parameters.replicas < fewest_populations) {
        observed.standard_error = errors_by_reference(experiment, recording, rows);
    }
    const TwoTimeSolution predicted = at_times(solve_mean_field_reference(experiment), rows);
    const double paths = recording.profile.trajectories;
    const double storage = recording.profile.path_bits == 16 ? 1e-4 : 0.0;
    TheoryComparison comparison;
    comparison.against =
        fmt::format("the reference by the method {}",
                    mean_field_solver_names[static_cast<std::size_t>(best_solver(experiment))]);
    comparison.rows =
        two_time_rows(observed, predicted, Responses::present,
                      fmt::format("sampling of {} populations of {} paths; bias of order 1/paths{}",
                                  recording.parameters.replicas, recording.profile.trajectories,
                                  storage > 0.0 ? "; 16-bit storage" : ""));
    for (TheoryRow& row : comparison.rows) {
        row.standard_error = std::hypot(row.standard_error, row.predicted / paths, storage);
    }
    comparison.curves = two_time_curves(observed, predicted, Responses::present);
    return comparison;
}

} // namespace tinymf::host
