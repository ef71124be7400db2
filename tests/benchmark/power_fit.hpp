// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <span>

namespace tinymf {

struct SizeAndCost {
    double size;
    double cost;
};

/// The exponent a of cost ~ size^a: least squares of the logarithms.
[[nodiscard]] inline double fitted_exponent(std::span<const SizeAndCost> points) {
    const auto count = static_cast<double>(points.size());
    double x = 0;
    double y = 0;
    for (const auto& [size, cost] : points) {
        x += std::log(size) / count;
        y += std::log(cost) / count;
    }
    double covariance = 0;
    double variance = 0;
    for (const auto& [size, cost] : points) {
        covariance += (std::log(size) - x) * (std::log(cost) - y);
        variance += (std::log(size) - x) * (std::log(size) - x);
    }
    return covariance / variance;
}

} // namespace tinymf
