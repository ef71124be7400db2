// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <vector>

#include "recording/recording.hpp"
#include "reference/lyapunov.hpp"
#include "reference/network_reference.hpp"

namespace tinymf::host {

/// A run's distance from one solution, state by state, and the bound computed for it.
///
/// Distances and bounds are the largest over neurons and replicas. The bound may end before the
/// run: it is computed as long as it says something, that is below `tolerance`.
struct BoundedDistance {
    std::vector<double> error; ///< at every recorded state
    std::vector<double> bound; ///< at the first states, up to the horizon

    /// Largest error, and largest bound, up to the horizon.
    [[nodiscard]] double max_error() const;
    [[nodiscard]] double max_bound() const;
    [[nodiscard]] bool reaches_the_end() const { return bound.size() == error.size(); }
    /// The error is within the bound at every state up to the horizon.
    [[nodiscard]] bool within() const;
};

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
/// network sooner than in others. Beyond it, only statistics can be compared.
struct ReferenceComparison {
    ReferenceMethod method = ReferenceMethod::ode;
    std::vector<double> times; ///< of the recorded states
    BoundedDistance solution;
    BoundedDistance scheme;
    double tolerance = 0.0; ///< a tenth of the largest root mean square over neurons
    LyapunovEstimate lyapunov;

    [[nodiscard]] double horizon(const BoundedDistance& distance) const {
        return distance.bound.empty() ? 0.0 : times[distance.bound.size() - 1];
    }
    [[nodiscard]] bool passed() const { return solution.within() && scheme.within(); }
};

/// Solves the recorded experiment again and compares. Throws HostError when the recording holds no
/// network states.
[[nodiscard]] ReferenceComparison compare_with_reference(const Recording& recording);

} // namespace tinymf::host
