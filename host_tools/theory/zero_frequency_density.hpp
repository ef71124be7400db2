// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "equations/signal.hpp"
#include "equations/time_scheme.hpp"
#include "theory/covariance_density.hpp"
#include "tinymf/experiment/parameters.hpp"

namespace tinymf::host {

/// Density of the eigenvalues of the covariance over draws of static noise, or, for other noise and
/// for chaos, of the covariance at zero frequency, int C(tau) dtau: of a stable linear network, and
/// of the outputs of an odd activation without reciprocity. The latter are by linear equivalence
/// those of the couplings g <phi'> J with the amplitude (1 - g^2 <phi'>^2) C_phi, C_phi taken
/// at zero frequency or over the draws (Clark, Abbott & Litwin-Kumar 2023; Shen & Hu 2025).
/// Nothing for others. `scheme` has one stage a step, or is the continuum.
[[nodiscard]] std::optional<CovarianceDensity>
zero_frequency_density(const experiment::Parameters<double>& parameters, const TimeScheme& scheme,
                       Signal signal);

} // namespace tinymf::host
