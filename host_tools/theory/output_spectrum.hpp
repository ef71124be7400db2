// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "theory/time_scheme.hpp"

namespace tinymf::host {

/// Values of an even function of the lag at 0, step, 2 step, ... up to where it vanishes.
struct CorrelationTable {
    double step = 0.0;
    std::vector<double> values;
};

/// Fourier transform at the nodes. On a time grid the exact sum over lags. In the continuum the
/// transform of the cubic spline through the table (fourth order in the step), after a kink at lag
/// 0 with slope `-kink` was taken out and transformed by hand.
[[nodiscard]] std::vector<double> spectrum_of(const CorrelationTable& table,
                                              const TimeScheme& scheme, double kink,
                                              std::span<const FrequencyNode> nodes);

} // namespace tinymf::host
