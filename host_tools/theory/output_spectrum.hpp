// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "equations/time_scheme.hpp"
#include "theory/lag_panels.hpp"

namespace tinymf::host {

/// Values of an even function of the lag, up to where it vanishes: on a grid of time steps at its
/// lags 0, step, 2 step, ...; in the continuum at those of `panels`.
struct CorrelationTable {
    double step = 0.0;
    std::vector<double> values;
    std::shared_ptr<const LagPanels> panels{};
};

/// Fourier transform at the nodes, the exact sum over lags or the integral over the polynomials.
[[nodiscard]] std::vector<double> spectrum_of(const CorrelationTable& table,
                                              std::span<const FrequencyNode> nodes);

} // namespace tinymf::host
