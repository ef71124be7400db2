// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tinymf::host {

/// The share of a solution's own size above which a bound says nothing.
inline constexpr double meaningful_share = 0.1;

/// The element in which a run is farthest from a solution at one time.
struct ErrorPlace {
    std::uint32_t channel = 0; ///< replica of a network, array of a mean field
    std::uint32_t element = 0; ///< neuron, or column of a row
};

/// A run's distance from one solution, state by state (row by row), and the bound computed for it.
///
/// Each distance is the largest over the elements of a state and of all replicas. The bound may end
/// before the run: it is computed as long as it says something.
struct BoundedDistance {
    std::vector<double> error;      ///< at every recorded state
    std::vector<ErrorPlace> places; ///< of these errors
    std::vector<double> bound;      ///< at the first states, up to the horizon

    /// Raises entry k, which may be new, to `distance` when that is larger, or no number.
    void raise(std::size_t k, double distance, const ErrorPlace& place);

    /// Makes entry k, which may be new, this error and its bound when it is a larger share of that.
    void keep_nearest(std::size_t k, double distance, double its_bound, const ErrorPlace& place);

    /// Largest error, and largest bound, up to the horizon.
    [[nodiscard]] double max_error() const;
    [[nodiscard]] double max_bound() const;
    [[nodiscard]] bool reaches_the_end() const { return bound.size() == error.size(); }

    /// Index of the first error that its bound does not hold.
    [[nodiscard]] std::optional<std::size_t> violation() const;
    /// Index of the error that comes nearest to its bound, as a share of it; the first of several.
    [[nodiscard]] std::optional<std::size_t> nearest() const;
    /// The error is within the bound at every state up to the horizon.
    [[nodiscard]] bool within() const { return !violation(); }

    /// The bound to show beside max_error(): the largest, or where the run is outside, the one that
    /// does not hold, so that the pair never contradicts the verdict.
    [[nodiscard]] double decisive_bound() const {
        return within() ? max_bound() : bound[*violation()];
    }
};

} // namespace tinymf::host
