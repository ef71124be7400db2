// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "reference/ode_solution.hpp"

namespace tinymf::host {

inline constexpr int rounding_copies = 16;
inline constexpr double rounding_deviations = 8.0;

/// How far rounding can carry a run from its scheme in exact arithmetic, at each wanted state.
///
/// Copies of the scheme in double precision are displaced by what rounding may do in every stage of
/// every step (local_rounding.hpp), and carry the displacements on as the network's own dynamics
/// does, nonlinearly. There are two kinds of error, and copies of each:
///
/// - of single operations, of either sign: half of `rounding_copies` keep the signs of their
///   displacements for the whole run (rounding that always errs one way), half draw new ones at
///   each step. Displacements are `rounding_deviations` standard deviations, so that nonlinear
///   growth is that of the bound itself. These errors are bounded by the largest of the copies'
///   deviations. A run whose error is one normal factor, as where a single direction is unstable,
///   exceeds eight of them with probability 105 (sqrt(2/pi) / 8)^8 = 1e-6 at most, if all of its
///   roundings are as large as they can be; uniform ones are smaller by sqrt 3, which makes that
///   1e-8;
/// - of coefficients, which act on all neurons and in every step alike: a copy each, at the largest
///   error of the coefficient; their deviations are added.
///
/// The bound is the sum of both, at the worst neuron. Work: some 22 columns of the scheme.
class RoundingGrowth {
public:
    /// `drawn` must outlive it.
    RoundingGrowth(const NetworkProblem& problem, const DrawnNetwork& drawn, std::uint32_t replica);
    ~RoundingGrowth();
    RoundingGrowth(RoundingGrowth&& other) noexcept;
    RoundingGrowth& operator=(RoundingGrowth&& other) noexcept;

    /// At the state of a step, which is none before the last one that was asked for.
    [[nodiscard]] double bound_at(std::uint32_t step);

private:
    class Copies;
    std::unique_ptr<Copies> copies_;
};

/// At each wanted state. Stops with the first bound that exceeds its entry of `stop_at`, one a
/// wanted state; the result then has fewer entries than there are states.
[[nodiscard]] std::vector<double> rounding_bounds(const NetworkProblem& problem,
                                                  const DrawnNetwork& drawn, std::uint32_t replica,
                                                  std::span<const double> stop_at);

} // namespace tinymf::host
