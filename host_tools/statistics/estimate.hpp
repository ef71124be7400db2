// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
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

/// Standard error of `value`, which independent units gave, from what they give when one is left
/// out at a time (Quenouille 1956; Tukey 1958): right for quotients of averages too. `without` has
/// a number for each of at least two units.
[[nodiscard]] inline double jackknife_error(double value, std::span<const double> without) {
    const auto count = static_cast<double>(without.size());
    double sum = 0.0;
    double squares = 0.0;
    for (const double number : without) {
        const double change = number - value;
        sum += change;
        squares += change * change;
    }
    // Rounding may leave the difference of equal numbers below 0.
    const double scatter = std::max(squares - sum * sum / count, 0.0);
    return std::sqrt((count - 1.0) * scatter) * error_of_scatter(without.size());
}

/// What `function` makes of the average of `units`, with its standard error by jackknife_error.
/// Units are blocks of a run that are long against its memory, or networks. `average(units,
/// left_out)` averages all units but the one with the index `left_out`, or all of them.
template <class Unit, class Average, class Function>
[[nodiscard]] Estimate jackknife_estimate(std::span<const Unit> units, Average&& average,
                                          Function&& function) {
    Estimate estimate{.value = function(average(units, units.size()))};
    if (units.size() < 2) {
        return estimate;
    }
    std::vector<double> without;
    for (std::size_t left_out = 0; left_out < units.size(); ++left_out) {
        without.push_back(function(average(units, left_out)));
    }
    estimate.standard_error = jackknife_error(estimate.value, without);
    return estimate;
}

} // namespace tinymf::host
