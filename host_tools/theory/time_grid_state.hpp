// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "theory/anderson_acceleration.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/lag_window.hpp"

namespace tinymf::host {

/// C_x of a time grid at lags that are multiples of its step; the last value beyond them.
[[nodiscard]] inline std::vector<double> values_at(const CorrelationTable& table,
                                                   std::span<const double> tau) {
    std::vector<double> values;
    for (const double lag : tau) {
        const auto k = static_cast<std::size_t>(std::lround(lag / table.step));
        values.push_back(table.values[std::min(k, table.values.size() - 1)]);
    }
    return values;
}

/// What `state_of(map, fixed point)` makes of the fixed point of a `Map` of C_x on a window of
/// lags, which is widened until it holds the decay that it shows. Nothing where no state moves,
/// where the iteration does not converge, or where that takes more than `most_lags` lags.
template <class Map, class StateOf>
[[nodiscard]] std::optional<FluctuatingState>
time_grid_state(const experiment::Parameters<double>& parameters, const Drive& drive,
                const TimeScheme& scheme, StateOf&& state_of) {
    constexpr int most_iterations = 400;
    constexpr double tolerance = 1e-12; // rounding of the maps stays below 1e-13
    if (!may_move(parameters, drive)) {
        return std::nullopt;
    }
    double longest = guessed_window(parameters, drive);
    while (longest <= most_lags * scheme.dt()) {
        const Map map(parameters, drive, scheme, longest);
        const auto solution = fixed_point(std::cref(map), map.start(), tolerance, most_iterations);
        if (!solution) {
            return std::nullopt;
        }
        FluctuatingState state = state_of(map, *solution);
        const double needed = lag_window(state.decay_rate);
        if (needed <= 1.5 * longest) {
            return state;
        }
        longest = needed;
    }
    return std::nullopt;
}

} // namespace tinymf::host
