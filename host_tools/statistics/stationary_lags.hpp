// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "equations/two_time_solution.hpp"

namespace tinymf::host {

/// Correlation and response of the input over the lag, from the late part of a two-time run, where
/// it may have become stationary.
struct StationaryLags {
    std::vector<double> correlation; ///< C_x[k], k = 0 .. count
    std::vector<double> response;    ///< R_x[k], the same; R_x[0] = 0 (Ito)
    /// C_x(t,t) at the end of the run less that at the earliest time used: what stationarity is
    /// off by.
    double drift = 0.0;

    [[nodiscard]] std::size_t size() const { return correlation.size(); }
};

/// Averages Cx[t, t-k] and Rx[t, t-k] over the last quarter of the times t, for lags k up to half
/// the run, so that no time before the first quarter takes part. Needs at least 8 times.
[[nodiscard]] StationaryLags stationary_lags(const TwoTimeArrays& arrays);

/// Mean over populations; without the one of index `left_out`, where that is given.
[[nodiscard]] StationaryLags average_lags(std::span<const StationaryLags> populations,
                                          std::optional<std::size_t> left_out = std::nullopt);

} // namespace tinymf::host
