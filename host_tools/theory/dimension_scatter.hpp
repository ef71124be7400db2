// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "theory/linear_correlation.hpp"

namespace tinymf::host {

/// N times the standard deviation of D = (tr C)^2/(N tr C^2) between linear networks of N neurons,
/// C the exact equal-time covariance of each under white or coloured noise, for N -> infinity:
/// the fluctuations of tr C and tr C^2 are integrals over two, three and four frequencies of the
/// covariances of resolvents' traces (resolvent_loops.hpp). Any reciprocity and scheme of one
/// stage; below the critical gain. Nothing so close to it that eight frequencies do not give D to
/// 1e-4. `self_couplings` as in linear_finite_size. Work: up to two seconds.
[[nodiscard]] std::optional<double> dimension_scatter(const LinearModel& model,
                                                      bool self_couplings = false);

} // namespace tinymf::host
