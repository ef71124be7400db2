// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <Eigen/Dense>

#include "equations/signal.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// The covariance matrix that a run's own couplings lead to, as the run samples it: over draws of
/// static noise, at equal times, or of averages over windows.
///
/// Exact for stable linear networks (has_exact_covariance). At fixed points of an odd activation
/// without reciprocity that of the equivalent linear network, phi = b x + rho with b = <phi'> and
/// independent rho of variance q - b^2 Delta, all three for N -> infinity (Shen & Hu 2025; Mato,
/// Rigatuso & Torroba 2025): with A = 1 - g b J,
///
///     outputs: q (1 - g^2 b^2) A^-1 A^-T,
///     inputs:  sigma^2 A^-1 A^-T + (q/b^2 - Delta)(A^-1 - 1)(A^-1 - 1)^T.
///
/// Nothing for others. Work: some 40 N^3.
[[nodiscard]] std::optional<Eigen::MatrixXd> covariance_of_couplings(const Recording& recording,
                                                                     Signal signal);

} // namespace tinymf::host
