// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "reference/mean_field_problem.hpp"

namespace tinymf::host {

/// How many effective neurons, and how often.
struct SampleSize {
    Eigen::Index paths = 5000; ///< of one population, n + 2 at least
    int populations = 32;      ///< independent, two at least: their scatter is the standard error
};

/// What a sampler's method adds to the variance of its field at every time: a share of the smooth
/// part, which keeps a factor real, and what rounded outputs add to g^2 <phi^2>. The reference's
/// own is none beside it; the difference tells what it does to a run.
struct AddedVariance {
    double share = 0.0;
    double absolute = 0.0;
};

/// The default, or with reciprocity and without white noise, where paths are dear, 1e8 / n^2 of
/// them in 16 populations, 2000 at most.
[[nodiscard]] SampleSize sample_size_for(const MeanFieldProblem& problem);

/// The mean field of any activation and reciprocity by a sample of effective neurons that advance
/// together in time: each row of C and R is their average, later times do not matter, nothing is
/// iterated (Eissfeller & Opper 1992; Zou & Huang 2023 for the equations).
///
/// gamma = L z with L L^T = K and normals z. The draws of a whole population are first made exactly
/// centred, uncorrelated and of unit variance, all times at once; then linear problems have no
/// sampling error. With white noise R follows from Novikov's theorem, <phi_t z_s> = beta sum_u
/// R[t,u] L[u,s]. Without, K is nearly singular, and R follows from the tangent equation of every
/// path (tangent_response.hpp); a relative 1e-6 on the diagonal keeps L real. The tangents of a
/// power law with an exponent of 3/4 or less are too heavy-tailed to be averaged: there it is
/// Novikov's theorem again, with 1e-4 on the diagonal; single entries of such an R are of little
/// worth, its integrals against smooth functions, all that C needs, are good.
///
/// Errors: the standard errors, and a bias of order 1 / paths. Work: populations times 5 n^2 paths
/// multiplications and additions, with tangents also n^3 paths / 6; memory 24 n paths and 32 n^2
/// populations bytes, with tangents also 4 n^2 paths. Throws
/// HostError on overflow.
[[nodiscard]] TwoTimeSolution solve_effective_neurons(const MeanFieldProblem& problem,
                                                      const SampleSize& size,
                                                      const AddedVariance& added = {});

} // namespace tinymf::host
