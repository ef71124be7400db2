// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "compare/bounded_distance.hpp"
#include "recording/recording.hpp"
#include "reference/lyapunov.hpp"
#include "reference/network_reference.hpp"

namespace tinymf::host {

/// How a recorded run follows the independent double-precision solution.
///
/// Two distances, because they answer different questions:
/// - to the run's own scheme in double precision. Bound: the growth of rounding errors
///   (rounding_growth.hpp). This judges the arithmetic.
/// - to the solution of the experiment as written (for a differential equation the true one).
/// Bound:
///   the rounding bound, plus the distance between scheme and solution, both in double precision
///   (the error of the step size), plus what rounding the parameters to the run's scalar does.
///
/// A bound above `tolerance` says nothing any more: that is where the horizon ends, in a chaotic
/// network sooner than in others. Beyond it, only statistics can be compared. Rounding in the
/// subnormal range is part of the bound, so a network that decays, or is silent, has no horizon.
/// Of runs of more than 1024 states, so many are solved as reach beyond the horizon.
struct ReferenceComparison {
    ReferenceMethod method = ReferenceMethod::ode;
    std::vector<std::uint32_t> steps; ///< of the recorded states that were solved
    std::vector<double> times;        ///< of the same, in units of tau
    BoundedDistance solution;
    BoundedDistance scheme;
    /// At each state: a tenth of the largest root mean square over neurons until then, and at
    /// least the scalar's smallest normal number.
    std::vector<double> tolerance;
    LyapunovEstimate lyapunov;

    [[nodiscard]] double horizon(const BoundedDistance& distance) const {
        return distance.bound.empty() ? 0.0 : times[distance.bound.size() - 1];
    }
    /// Whether any state beyond the one that both start from lies within the horizon.
    [[nodiscard]] static bool judges(const BoundedDistance& distance) {
        return distance.bound.size() > 1 || distance.reaches_the_end();
    }
    [[nodiscard]] bool passed() const { return solution.within() && scheme.within(); }
};

/// Solves the recorded experiment again and compares. Throws HostError when the recording holds no
/// network states.
[[nodiscard]] ReferenceComparison compare_with_reference(const Recording& recording);

} // namespace tinymf::host
