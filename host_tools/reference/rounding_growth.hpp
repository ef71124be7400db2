// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reference/ode_solution.hpp"

namespace tinymf::host {

/// How far rounding can carry a run from its scheme in exact arithmetic, at each wanted state.
///
/// Copies of the scheme in double precision are displaced after every step, each neuron by the
/// standard deviation of that step's rounding error with every operation at its worst:
/// half an ulp for an addition, product or coefficient, `activation_ulps` for phi, and for the
/// N-term sum the random walk of its partial sums. Half of the copies keep the signs of their
/// displacements for the whole run (rounding that always errs one way), half draw new ones at each
/// step. The copies then carry the displacements as the network's own dynamics does, nonlinearly.
///
/// The bound is `rounding_deviations` standard deviations over the copies of the worse half, at the
/// worst neuron. Work: `rounding_copies` columns of the scheme.
inline constexpr int rounding_copies = 16;
inline constexpr double activation_ulps = 4.0;
/// Of a normal error in one neuron, 2e-9 lie beyond.
inline constexpr double rounding_deviations = 6.0;

/// Stops early, with fewer entries than states, once the bound exceeds `stop_at`.
[[nodiscard]] std::vector<double> rounding_bounds(const NetworkProblem& problem,
                                                  const DrawnNetwork& drawn, std::uint32_t replica,
                                                  double stop_at);

} // namespace tinymf::host
