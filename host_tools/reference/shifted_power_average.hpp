// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <vector>

namespace tinymf::host {

/// h(z) = <phi(z + xi)> of the power law phi(x) = sgn(x) |x|^p, p > 0, and a normal xi of mean 0
/// and variance 1. h is odd and solves h'' + z h' = p h (it is z 1F1((1 - p)/2; 3/2; -z^2/2) times
/// a constant), which gives its Taylor series about any point; far out its asymptotic series
/// serves. Relative error some roundings. Work: some twenty multiplications, far out one power.
class ShiftedPowerAverage {
public:
    explicit ShiftedPowerAverage(double exponent);

    [[nodiscard]] double value(double z) const;

private:
    static constexpr int terms = 24;
    using Series = std::array<double, terms>;

    [[nodiscard]] Series series_about(double z, double value, double slope) const;
    [[nodiscard]] double far_out(double z) const;

    double exponent_;
    std::vector<Series> series_; ///< about 0, 1/2, 1, ...
};

} // namespace tinymf::host
