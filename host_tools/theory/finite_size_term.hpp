// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

namespace tinymf::host {

/// A statistic of one network of N neurons, J fixed, as N grows: mean over J limit + coefficient/N,
/// standard deviation over J scatter/N. The next orders are one power of N smaller, in units of
/// 1/(N (1 - g^2)^2) for a network without reciprocity. Near the critical gain single networks
/// dominate the mean, and the series says little: compare with the very J instead.
struct FiniteSizeTerm {
    double limit = 0.0;
    double coefficient = 0.0;
    std::optional<double> scatter{};

    [[nodiscard]] double mean_at(double neurons) const { return limit + coefficient / neurons; }
};

} // namespace tinymf::host
