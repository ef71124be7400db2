// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theory/bivariate_average.hpp"
#include "theory/output_spectrum.hpp"
#include "theory/participation.hpp"

namespace tinymf::host {

// Covariances of a nonlinear network without reciprocity are, to leading order in 1/N, those of a
// linear one with gain g <phi'> whose neurons add to b x an independent output of spectrum
// Q = C_phi - b^2 C_x (Clark, Abbott & Litwin-Kumar 2023; Shen & Hu 2025; Mato, Rigatuso & Torroba
// 2025). Odd activations only.

/// Covariances over draws of the static noise, at the fixed points of one J.
[[nodiscard]] CovarianceStatistics frozen_covariance_statistics(const GaussianMoments& moments,
                                                                double variance, double gain,
                                                                double strength);

/// Equal-time covariances in time, for white, coloured or no drive (chaos). `output` is C_phi in
/// lags. A double integral over frequencies, the inner one refined around the outer frequency,
/// where the kernel has a pole as close as the slowest mode's rate.
[[nodiscard]] CovarianceStatistics nonlinear_covariance_statistics(const BivariateAverage& average,
                                                                   double gain, const Drive& drive,
                                                                   const TimeScheme& scheme,
                                                                   const CorrelationTable& output);

/// (1 - g^2 b^2)^2, the output dimension of averages over long windows in every regime.
[[nodiscard]] double long_window_dimension(double gain, double mean_slope);

} // namespace tinymf::host
