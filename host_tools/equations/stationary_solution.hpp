// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

namespace tinymf::host {

/// The stationary state of a mean field as functions of the lag, whoever found it.
struct StationarySolution {
    std::vector<double> lags; ///< n, in units of tau
    std::vector<double> Cx;
    std::vector<double> Cphi;
    std::vector<double> Rx;
    std::vector<double> Rphi;
    std::optional<double> lyapunov; ///< largest exponent, per tau
};

} // namespace tinymf::host
