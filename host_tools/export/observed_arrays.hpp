// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "arrays/array.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {

/// What a network observed of itself, averaged over blocks, with standard errors (`*_se`) where
/// there are several blocks: `tau`, `Cx`, `Cphi`; their power spectra `omega`, `Sx`, `Sphi`;
/// `tau_response`, `Rx`, `Rphi`; `moments` (see observe::Moment), `lyapunov`;
/// `participation_input`, `participation_output`; N Var(C_ij) as `N_var_input`,
/// `N_var_output`; the matrices `covariance_input`, `covariance_output` [N, N], the
/// mean of both replicas, and their eigenvalues in ascending order, `covariance_eigenvalues_input`,
/// `covariance_eigenvalues_output` [N]. Nothing that was not asked for.
[[nodiscard]] std::vector<NamedArray> observed_arrays(const Recording& recording);

} // namespace tinymf::host
