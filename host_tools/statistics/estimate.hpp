// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "statistics/population_average.hpp"

namespace tinymf::host {

/// A number with its standard error; infinite where there is nothing to judge it by.
struct Estimate {
    double value = 0.0;
    double standard_error = std::numeric_limits<double>::infinity();
};

/// What `function` makes of the average of `units`, with its standard error from leaving one unit
/// out at a time (Quenouille 1956; Tukey 1958): right for quotients of averages too. Units are
/// independent: blocks of a run that are long against its memory, or networks. `average(units,
/// left_out)` averages all units but the one with the index `left_out`, or all of them.
template <class Unit, class Average, class Function>
[[nodiscard]] Estimate jackknife_estimate(std::span<const Unit> units, Average&& average,
                                          Function&& function) {
    Estimate estimate{.value = function(average(units, units.size()))};
    const auto count = static_cast<double>(units.size());
    if (units.size() < 2) {
        return estimate;
    }
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t left_out = 0; left_out < units.size(); ++left_out) {
        const double change = function(average(units, left_out)) - estimate.value;
        sum += change;
        squares += change * change;
    }
    const double scatter = squares - sum * sum / count;
    estimate.standard_error = std::sqrt((count - 1.0) * scatter) * error_of_scatter(units.size());
    return estimate;
}

} // namespace tinymf::host
