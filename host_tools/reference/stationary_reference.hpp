// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "equations/two_time_solution.hpp"
#include "experiment/experiment.hpp"

namespace tinymf::host {

/// 0, dt, ..., steps dt.
[[nodiscard]] std::vector<double>
stationary_reference_lags(const experiment::Parameters<double>& parameters);

/// The stationary mean field of an experiment in the continuum, at those lags;
/// the responses at lag 0 are their limits from above.
///
/// By host_tools/theory: the energy condition, and the particle's fall (Sompolinsky, Crisanti &
/// Sommers 1988; Schuecker, Goedeke & Helias 2018); spectral integrals for linear networks of any
/// reciprocity (Zou & Huang 2023). Throws HostError (exit code 2) with the reason where there is no
/// stationary state, such as at an unstable linear point, or no theory of it.
[[nodiscard]] StationarySolution solve_stationary_reference(const Experiment& experiment);

} // namespace tinymf::host
