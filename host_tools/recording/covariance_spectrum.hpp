// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "equations/signal.hpp"
#include "recording/observed_statistics.hpp"

namespace tinymf::host {

/// Whether covariances are taken over draws of static noise, at fixed points: it is drawn anew
/// while the run goes on, and samples are not averaged over windows.
[[nodiscard]] bool samples_fixed_points(const experiment::Parameters<double>& parameters);

/// Whether the run streamed the covariance matrices.
[[nodiscard]] bool has_covariance(const ObservedUnits& observed, Signal signal);

/// The covariance matrix that was streamed, N x N: the mean over blocks and replicas.
[[nodiscard]] Eigen::MatrixXd covariance_matrix(const ObservedUnits& observed, Signal signal);

/// Eigenvalues of a symmetric matrix, ascending. Work: some 10 N^3.
[[nodiscard]] std::vector<double> eigenvalues_of(const Eigen::MatrixXd& matrix);

/// From how many independent vectors of N signals the matrix was estimated, both replicas counted;
/// sampling blurs the eigenvalues accordingly (SampledSpectrum). Draws of static noise and windows
/// are independent, the latter as far as they are long; nothing for samples that follow each other
/// in time.
[[nodiscard]] std::optional<double> independent_vectors(const ObservedUnits& observed);

/// All vectors that entered, independent or not.
[[nodiscard]] double sampled_vectors(const ObservedUnits& observed);

} // namespace tinymf::host
