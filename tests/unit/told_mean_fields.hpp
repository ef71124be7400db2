// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "compare/mean_field_comparison.hpp"
#include "equations/two_time_solution.hpp"

namespace tinymf::host {

using Eigen::Index;
using mean_field::Method;
using mean_field::TwoTimeArray;
using enum mean_field::TwoTimeArray;

/// Steps of the mean fields here, an eighth of tau each.
inline constexpr std::uint32_t steps = 12;

/// A mean field under white noise.
inline Experiment experiment_of(Method method, model::ActivationKind activation, double gain) {
    Experiment experiment;
    experiment.kind = experiment::ModelKind::mean_field;
    experiment.mean_field.method = method;
    auto& p = experiment.parameters;
    p.activation = activation;
    p.gain = gain;
    p.noise = 0.5;
    p.dt = 0.125;
    p.steps = steps;
    return experiment;
}

/// A run of it that has told nothing yet.
inline Recording empty_run(const Experiment& experiment, experiment::ScalarKind scalar) {
    Recording recording;
    recording.file = "run.tmf";
    recording.profile = {.kind = experiment::ModelKind::mean_field,
                         .scalar = scalar,
                         .method = experiment.mean_field.method,
                         .trajectories = 40};
    recording.parameters = experiment.parameters;
    recording.written_dt = experiment.parameters.dt;
    return recording;
}

/// Row t of an array, as long as a run tells it.
inline std::vector<double> row_of(const TwoTimeArrays& arrays, TwoTimeArray array, Index t) {
    std::vector<double> row;
    const auto take = [&row, t](const TwoTimeMatrix& matrix, Index columns) {
        for (Index s = 0; s < columns; ++s) {
            row.push_back(matrix(t, s));
        }
    };
    switch (array) {
    case state_correlation:
        take(arrays.Cx, t + 1);
        break;
    case output_correlation:
        take(arrays.Cphi, t + 1);
        break;
    case state_response:
        take(arrays.Rx, t);
        break;
    case output_response:
        take(arrays.Rphi, t);
        break;
    default:
        row.push_back(arrays.mean[t]);
        break;
    }
    return row;
}

/// A number that a test moves.
struct Moved {
    TwoTimeArray array = state_correlation;
    Index row = 0;
    std::size_t column = 0;
    double by = 0.0;
};

/// The rows of `solved`, every k-th, with some numbers moved.
inline Recording told(const Experiment& experiment, experiment::ScalarKind scalar,
                      const TwoTimeArrays& solved, const std::vector<Moved>& moved,
                      Index every = 1) {
    Recording recording = empty_run(experiment, scalar);
    for (Index t = 0; t <= steps; t += every) {
        for (const TwoTimeArray array :
             {state_correlation, output_correlation, state_response, output_response, mean}) {
            std::vector<double> row = row_of(solved, array, t);
            for (const Moved& change : moved) {
                if (change.array == array && change.row == t) {
                    row.at(change.column) += change.by;
                }
            }
            if (!row.empty()) {
                recording.arrays[static_cast<std::size_t>(array)].add(static_cast<std::uint32_t>(t),
                                                                      row);
            }
        }
    }
    return recording;
}

} // namespace tinymf::host
