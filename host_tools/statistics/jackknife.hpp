// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <vector>

#include "statistics/estimate.hpp"
#include "statistics/stationary_lags.hpp"

namespace tinymf::host {

/// A function of the lag or of frequency, with standard errors where it was sampled.
struct SampledCurve {
    std::vector<double> value;
    std::vector<double> standard_error; ///< empty: not sampled
};

/// What `function` makes of the mean over all populations, and its standard errors by
/// jackknife_error: those of the mean where the function is linear, and free of the bias that
/// averaging a quotient over noisy populations has. Calls the function once more than there are
/// populations.
template <std::invocable<const StationaryLags&> Function>
[[nodiscard]] SampledCurve jackknife(std::span<const StationaryLags> populations,
                                     const Function& function) {
    SampledCurve curve{function(average_lags(populations)), {}};
    const std::size_t count = populations.size();
    if (count < 2) {
        return curve;
    }
    std::vector<std::vector<double>> without(curve.value.size());
    for (std::size_t b = 0; b < count; ++b) {
        const std::vector<double> values = function(average_lags(populations, b));
        for (std::size_t k = 0; k < values.size(); ++k) {
            without[k].push_back(values[k]);
        }
    }
    for (std::size_t k = 0; k < curve.value.size(); ++k) {
        curve.standard_error.push_back(jackknife_error(curve.value[k], without[k]));
    }
    return curve;
}

} // namespace tinymf::host
