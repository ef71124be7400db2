// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "equations/signal.hpp"
#include "recording/recording.hpp"
#include "theory/covariance_density.hpp"

namespace tinymf::host {

/// Eigenvalues of a covariance matrix that a network streamed, beside what they are to be.
struct CovarianceEigenvalues {
    std::vector<double> streamed;             ///< ascending, N
    std::vector<double> of_couplings;         ///< by covariance_of_couplings; empty where unknown
    std::optional<CovarianceDensity> density; ///< for N -> infinity, over draws or at frequency 0
    double vectors = 0.0;                     ///< vectors of N signals that were sampled
    std::optional<double> independent_vectors;
};

/// Nothing where the run did not stream the matrix. Work: some 50 N^3.
[[nodiscard]] std::optional<CovarianceEigenvalues>
covariance_eigenvalues(const Recording& recording, Signal signal);

} // namespace tinymf::host
