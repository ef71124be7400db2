// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theory/linear_correlation.hpp"

namespace tinymf::host {

/// Dimension and spread of the covariances between neurons at fixed J, for N -> infinity.
/// The dimension is the participation ratio (tr C)^2 / tr C^2 over N, in (0, 1]; the spread is
/// N Var(C_ij), i != j (Mato, Rigatuso & Torroba 2025; Clark, Abbott & Litwin-Kumar 2023).
struct CovarianceStatistics {
    double input_dimension;
    double output_dimension;
    double input_spread;
    double output_spread;
};

/// From the variances and the spreads, tr C^2 / N = variance^2 + spread. A spread is a sum of
/// squares: one below 0 is rounding, and 0.
[[nodiscard]] CovarianceStatistics covariance_statistics(double input_variance, double input_spread,
                                                         double output_variance,
                                                         double output_spread);

/// Linear network, any reciprocity, any drive but `none`. Equal-time covariance; with a frozen
/// drive the covariance over draws of the drive (Hu & Sompolinsky 2022 without reciprocity).
[[nodiscard]] CovarianceStatistics linear_covariance_statistics(const LinearModel& model);

/// Dimension of the covariance of averages over long windows, the zero-frequency covariance; the
/// same on every grid. Linear network, any reciprocity.
[[nodiscard]] double linear_long_window_dimension(double gain, double reciprocity);

} // namespace tinymf::host
