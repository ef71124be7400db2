// SPDX-License-Identifier: Apache-2.0
#include "compare/mean_field_comparison.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "compare/mean_field_rounding.hpp"
#include "equations/reference_activation.hpp"
#include "recording/recorded_mean_field.hpp"
#include "reference/mean_field_reference.hpp"
#include "reference/network_problem.hpp"
#include "theory/gaussian_moments.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"

namespace tinymf::host {
namespace {

using Index = Eigen::Index;
using mean_field::TwoTimeArray;

/// The arrays that are compared row by row. A closure's responses are alpha^k <phi'>, which says
/// nothing that C does not.
std::span<const TwoTimeArray> compared_arrays(mean_field::Method method) {
    static constexpr std::array all{TwoTimeArray::state_correlation,
                                    TwoTimeArray::output_correlation, TwoTimeArray::mean,
                                    TwoTimeArray::state_response, TwoTimeArray::output_response};
    constexpr std::size_t of_closure = 3;
    return method == mean_field::Method::linear ? std::span(all) : std::span(all).first(of_closure);
}

/// Row t: C at columns up to t, R below t, the mean at t.
Eigen::VectorXd row_of(const TwoTimeArrays& arrays, TwoTimeArray array, Index t) {
    switch (array) {
    case TwoTimeArray::state_correlation:
        return arrays.Cx.row(t).head(t + 1);
    case TwoTimeArray::output_correlation:
        return arrays.Cphi.row(t).head(t + 1);
    case TwoTimeArray::state_response:
        return arrays.Rx.row(t).head(t);
    case TwoTimeArray::output_response:
        return arrays.Rphi.row(t).head(t);
    default:
        return arrays.mean.segment(t, 1);
    }
}

/// The same as the run sent it; empty where it did not.
Eigen::VectorXd told_row(const Recording& recording, TwoTimeArray array, std::uint32_t t) {
    const VectorTrace& trace = recording.arrays[static_cast<std::size_t>(array)];
    const auto found = std::ranges::lower_bound(trace.steps(), t);
    if (found == trace.steps().end() || *found != t) {
        return {};
    }
    const auto row = trace[static_cast<std::size_t>(found - trace.steps().begin())];
    return Eigen::Map<const Eigen::VectorXd>(row.data(), static_cast<Index>(row.size()));
}

/// The largest difference of two rows and where; infinite where they are not of one length.
struct RowDistance {
    double error = 0.0;
    Index column = 0;
};

RowDistance row_distance(const Eigen::VectorXd& sent, const Eigen::VectorXd& solved) {
    RowDistance distance;
    if (sent.size() != solved.size()) {
        return {std::numeric_limits<double>::infinity(), 0};
    }
    if (sent.size() > 0) {
        distance.error = (sent - solved).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(&distance.column);
    }
    return distance;
}

double largest(const Eigen::VectorXd& row) {
    return row.size() == 0 ? 0.0 : row.cwiseAbs().maxCoeff();
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

/// The averages over outputs in the closures of boards: one point tells what all of them use.
using SingleClosure = mean_field::GaussianClosure<float, 1>;
using DoubleClosure = mean_field::GaussianClosure<double, 1>;

/// What the run's averages over outputs may be off, as a share of C_phi(t,t): what an expansion
/// leaves out, and beyond rounding the error of what stands in its place.
double average_error(const Recording& recording, const TwoTimeArrays& solution) {
    const auto& p = recording.parameters;
    const bool single = recording.profile.scalar == experiment::ScalarKind::float32;
    if (recording.profile.method == mean_field::Method::linear) {
        return 0.0;
    }
    if (!DoubleClosure::expands(p)) {
        return single ? static_cast<double>(SingleClosure::average_error(
                            {.activation = p.activation, .stimulus = p.stimulus}))
                      : DoubleClosure::average_error(p);
    }
    const bool odd = p.stimulus == model::StimulusKind::none;
    const auto terms = static_cast<int>(single ? SingleClosure::orders : DoubleClosure::orders);
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

/// Relative change of g^2 that shows how far the solution moves with it.
constexpr double probing_change = 1e-4;

/// The solutions next to this one: g^2 a little larger, which moves the variances, and the stimulus
/// a little stronger, which moves the means against them. A rectified Gaussian that is below zero
/// by many deviations answers to that much more than to the gain.
std::vector<TwoTimeArrays> probed_solutions(const Experiment& experiment) {
    Experiment stronger = experiment;
    stronger.parameters.gain *= 1.0 + probing_change / 2.0;
    std::vector<TwoTimeArrays> solutions{solve_mean_field_reference(stronger).value};
    if (experiment.parameters.stimulus != model::StimulusKind::none) {
        Experiment driven = experiment;
        driven.parameters.stimulus_amplitude *= 1.0 + probing_change;
        solutions.push_back(solve_mean_field_reference(driven).value);
    }
    return solutions;
}

/// What the reference's own quadrature may be off, relative.
constexpr double reference_accuracy = 1e-10;

} // namespace

Experiment experiment_as_run(const Recording& recording) {
    Experiment experiment;
    experiment.kind = experiment::ModelKind::mean_field;
    experiment.mean_field.method = recording.profile.method;
    experiment.parameters = recording.parameters;
    if (recording.profile.scalar == experiment::ScalarKind::float32) {
        experiment.parameters.stimulus_frequency = frequency_in_run(recording.parameters);
    }
    return experiment;
}

MeanFieldDistance compare_exact_mean_field(const Recording& recording) {
    const Experiment experiment = experiment_as_run(recording);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    const std::vector<TwoTimeArrays> probed = probed_solutions(experiment);

    MeanFieldDistance result;
    result.method = mean_field_solver_names[static_cast<std::size_t>(best_solver(experiment))];
    result.rows = told_rows(recording);
    result.relative_error =
        rounding_of_sums(recording) + average_error(recording, solved) + reference_accuracy;
    const std::vector<double> subnormal_output = subnormal_output_errors(recording, solved);
    const double gain = recording.parameters.gain;
    double carried = 0.0; // by the field, from the outputs of earlier rows
    std::uint32_t row = 0;
    for (std::size_t k = 0; k < result.rows.size(); ++k) {
        const std::uint32_t t = result.rows[k];
        result.times.push_back(recording.time_of(t));
        const double relative = result.relative_error + coefficient_error(recording, t);
        for (; row < t; ++row) {
            carried += gain * gain * subnormal_output[row];
        }
        const double absolute = subnormal_error(recording, t) + carried;
        for (const TwoTimeArray array : compared_arrays(recording.profile.method)) {
            const Eigen::VectorXd expected = row_of(solved, array, t);
            double rate = 0.0;
            for (const TwoTimeArrays& moved : probed) {
                rate += row_distance(row_of(moved, array, t), expected).error / probing_change;
            }
            // A mean is a sum of terms as large as the states, whatever its own size.
            const double scale =
                array == TwoTimeArray::mean ? std::sqrt(solved.Cx(t, t)) : largest(expected);
            const double of_output =
                array == TwoTimeArray::output_correlation ? subnormal_output[t] : 0.0;
            const double bound = relative * (rate + scale) + absolute + of_output;
            const RowDistance found = row_distance(told_row(recording, array, t), expected);
            result.distance.keep_nearest(
                k, found.error, bound,
                {static_cast<std::uint32_t>(array), static_cast<std::uint32_t>(found.column)});
        }
    }
    return result;
}

} // namespace tinymf::host
