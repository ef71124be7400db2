// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

struct IterationSettings {
    Eigen::Index paths = 20000; ///< new ones in every iteration
    /// Change of an iteration, root mean square over all pairs of times and relative to C and R
    /// themselves, that is accepted on top of the Monte Carlo floor.
    double tolerance = 1e-3;
    double damping = 0.7; ///< share of the old C and R in the new ones
    int longest = 200;    ///< iterations before it is given up
    /// Paths that are in memory together. The result depends on it by rounding only.
    Eigen::Index bundle = 1000;
};

/// The default, or with reciprocity and without white noise, where paths are dear, 2000 of them.
[[nodiscard]] IterationSettings iteration_settings_for(const MeanFieldProblem& problem);

/// Change of C or R in one iteration beside the change that sampling alone makes, both root mean
/// square and relative.
struct IterationChange {
    double change = 0.0;
    double floor = 0.0;
};

struct IterationResult {
    TwoTimeArrays value;
    int iterations = 0; ///< all of them, those after convergence included
    IterationChange correlation;
    IterationChange response; ///< zero without reciprocity, where R is exact and does not act back
};

/// The self-consistent iteration of Roy, Biroli, Bunin & Cammarota 2019 and Zou & Huang 2023: from
/// a guess of C and R on all pairs of times, draw Gaussian paths of the field with its full
/// Cholesky factor, integrate the effective neuron with its memory, estimate C and R (by Novikov's
/// theorem) anew, mix,
/// repeat. It starts from neurons without couplings.
///
/// At the fixed point an iteration still changes C by its sampling error and that of the mixture,
/// of variance s^2/M (1 + (1 - damping)/(1 + damping)) with s^2 the variance of one path; the same
/// for R, compared in the form in which the sample gives it (path_estimate.hpp). Converged when
/// three iterations in a row change neither by more than twice this variance and the tolerance;
/// then as many iterations follow as shrink what is left of the start by 20. The mixture, whose
/// sampling error is smaller than that of an estimate, is the result.
///
/// Work: iterations times 2 n^2 paths multiplications and additions without reciprocity, 4 with,
/// and n^3 paths / 6 more with it and without white noise. Memory: 32 n bundle and 200 n^2 bytes,
/// in the last case 4 n^2 bundle more. Throws HostError when it does not converge, on overflow, and
/// where the field does not vary. `run` separates the draws of repetitions.
[[nodiscard]] IterationResult iterate_two_time(const MeanFieldProblem& problem,
                                               const IterationSettings& settings,
                                               std::uint32_t run = 0);

/// Independent repetitions of the whole iteration, two at least, whose scatter is the standard
/// error.
[[nodiscard]] TwoTimeSolution solve_by_iteration(const MeanFieldProblem& problem,
                                                 const IterationSettings& settings,
                                                 int repetitions = 8);

} // namespace tinymf::host
