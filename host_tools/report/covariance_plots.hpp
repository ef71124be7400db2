// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "compare/covariance_eigenvalues.hpp"

namespace tinymf::host {

/// Histogram of the logarithm of the streamed eigenvalues, over the density of N -> infinity, also
/// as so many independent vectors blur it. Eigenvalues that are 0 but for rounding are left out;
/// the largest must be above 0.
[[nodiscard]] std::string plot_eigenvalue_density(std::string_view name,
                                                  const CovarianceEigenvalues& eigenvalues);

/// The eigenvalues from the largest to the smallest, beside those of the couplings and the
/// quantiles of the density.
[[nodiscard]] std::string plot_ranked_eigenvalues(std::string_view name,
                                                  const CovarianceEigenvalues& eigenvalues);

} // namespace tinymf::host
