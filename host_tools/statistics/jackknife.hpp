// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <span>
#include <vector>

#include "statistics/population_average.hpp"
#include "statistics/stationary_lags.hpp"

namespace tinymf::host {

/// A function of the lag or of frequency, with standard errors where it was sampled.
struct SampledCurve {
    std::vector<double> value;
    std::vector<double> standard_error; ///< empty: not sampled
};

/// What `function` makes of the mean over all populations, and its standard errors from leaving out
/// one population at a time (Quenouille 1956; Tukey 1958): those of the mean where the function is
/// linear, and free of the bias that averaging a quotient over noisy populations has. Calls the
/// function once more than there are populations.
template <std::invocable<const StationaryLags&> Function>
[[nodiscard]] SampledCurve jackknife(std::span<const StationaryLags> populations,
                                     const Function& function) {
    SampledCurve curve{function(average_lags(populations)), {}};
    const std::size_t count = populations.size();
    if (count < 2) {
        return curve;
    }
    std::vector<std::vector<double>> without;
    for (std::size_t b = 0; b < count; ++b) {
        without.push_back(function(average_lags(populations, b)));
    }
    for (std::size_t k = 0; k < curve.value.size(); ++k) {
        double mean = 0.0;
        for (const auto& values : without) {
            mean += values[k] / static_cast<double>(count);
        }
        double squares = 0.0;
        for (const auto& values : without) {
            squares += (values[k] - mean) * (values[k] - mean);
        }
        const double scatter = std::sqrt(static_cast<double>(count - 1) * squares);
        curve.standard_error.push_back(scatter * error_of_scatter(count));
    }
    return curve;
}

} // namespace tinymf::host
