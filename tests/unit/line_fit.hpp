// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

namespace tinymf {

/// Slope of the least-squares straight line through the points (x[k], y[k]).
inline double fitted_slope(const std::vector<double>& x, const std::vector<double>& y) {
    const double centre = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
    double spread = 0.0;
    double covariance = 0.0;
    for (std::size_t k = 0; k < x.size(); ++k) {
        spread += (x[k] - centre) * (x[k] - centre);
        covariance += (x[k] - centre) * y[k];
    }
    return covariance / spread;
}

} // namespace tinymf
