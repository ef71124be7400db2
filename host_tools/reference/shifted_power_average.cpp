// SPDX-License-Identifier: Apache-2.0
#include "reference/shifted_power_average.hpp"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace tinymf::host {
namespace {

constexpr double spacing = 0.5;
/// From here on the kink at 0, which the asymptotic series does not know, weighs exp(-72).
constexpr double far = 12.0;

} // namespace

ShiftedPowerAverage::ShiftedPowerAverage(double exponent) : exponent_{exponent} {
    double value = 0.0;
    double slope = std::pow(2.0, (exponent + 1.0) / 2.0) * std::tgamma(exponent / 2.0 + 1.0) *
                   std::numbers::inv_sqrtpi;
    for (double z = 0.0; z <= far; z += spacing) {
        const Series& series = series_.emplace_back(series_about(z, value, slope));
        value = slope = 0.0;
        for (int k = terms; k-- > 0;) {
            slope = slope * spacing + value;
            value = value * spacing + series[static_cast<std::size_t>(k)];
        }
    }
}

/// h'' = p h - z h', coefficient by coefficient.
ShiftedPowerAverage::Series ShiftedPowerAverage::series_about(double z, double value,
                                                              double slope) const {
    Series series{value, slope};
    for (std::size_t k = 0; k + 2 < series.size(); ++k) {
        const auto order = static_cast<double>(k);
        series[k + 2] = ((exponent_ - order) * series[k] - z * (order + 1.0) * series[k + 1]) /
                        ((order + 1.0) * (order + 2.0));
    }
    return series;
}

/// z^p sum_k (p choose 2k) (2k - 1)!! z^-2k, until a term no longer counts.
double ShiftedPowerAverage::far_out(double z) const {
    double term = 1.0;
    double sum = 1.0;
    for (double k = 0.0; std::abs(term) > std::numeric_limits<double>::epsilon() / 4.0; k += 2.0) {
        term *= (exponent_ - k) * (exponent_ - k - 1.0) / ((k + 2.0) * z * z);
        sum += term;
    }
    return sum * std::pow(z, exponent_);
}

double ShiftedPowerAverage::value(double z) const {
    const double size = std::abs(z);
    if (!(size <= far)) {
        return std::copysign(far_out(size), z);
    }
    const double panel = std::round(size / spacing);
    const double from = size - panel * spacing;
    const Series& series = series_[static_cast<std::size_t>(panel)];
    double sum = 0.0;
    for (std::size_t k = series.size(); k-- > 0;) {
        sum = sum * from + series[k];
    }
    return std::copysign(sum, z);
}

} // namespace tinymf::host
