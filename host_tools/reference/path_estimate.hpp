// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/mean_field_problem.hpp"
#include "reference/path_draws.hpp"

namespace tinymf::host {

/// Averages over paths of the effective neuron in a given field and memory, with the scatter of the
/// paths.
struct PathEstimate {
    TwoTimeArrays arrays;
    /// What the sample gives of R, and of which it is an estimate: measured[t,s], s < t, of
    /// (R basis)[t,s]. By Novikov's theorem <phi_t z_s> and beta L, else R itself and 1.
    TwoTimeMatrix measured_response;
    TwoTimeMatrix response_basis;
    /// Sums over all pairs of times of the variances, over paths, of phi_t phi_s and of the
    /// measured response.
    double correlation_scatter = 0.0;
    double response_scatter = 0.0;
};

/// Draws `paths` paths of the field that belongs to Cphi and lets effective neurons follow them
/// with the memory Rphi. R by Novikov's theorem where there is white noise, by the tangent equation
/// of every path where there is none and the memory is not zero. Sums over bundles are divided
/// once, by the number of all paths, so that a short last bundle counts as it should.
[[nodiscard]] PathEstimate estimate_from_paths(const MeanFieldProblem& problem,
                                               const TwoTimeMatrix& output_correlation,
                                               const TwoTimeMatrix& output_response,
                                               Eigen::Index paths, Eigen::Index bundle,
                                               PathDraws& draws);

} // namespace tinymf::host
