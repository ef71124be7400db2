// SPDX-License-Identifier: Apache-2.0
#include "recording/covariance_spread.hpp"

#include <limits>

namespace tinymf::host {
namespace {

using enum observe::CovarianceStatistic;

double at(std::span<const double> spread, observe::CovarianceStatistic statistic) {
    return spread[static_cast<std::size_t>(statistic)];
}

} // namespace

CovarianceSpread spread_of_two_replicas(std::span<const double> spread) {
    return {.trace = (at(spread, trace_a) + at(spread, trace_b)) / 2.0,
            .square = at(spread, square_ab),
            .diagonal = at(spread, diagonal_ab)};
}

CovarianceSpread spread_of_one_replica(std::span<const double> spread, double samples) {
    if (!(samples >= 2.0)) {
        constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
        return {at(spread, trace_a), unknown, unknown};
    }
    // Gaussian signals: E F = tr C^2 (1 + 1/T) + (tr C)^2/T, E tr^2 = (tr C)^2 + 2 tr C^2/T, and
    // for a diagonal entry E c^2 = C_ii^2 (1 + 2/T).
    const double trace = at(spread, trace_a);
    const double factor = samples * samples / ((samples - 1.0) * (samples + 2.0));
    return {.trace = trace,
            .square = factor * (at(spread, square_a) - trace * trace / samples),
            .diagonal = at(spread, diagonal_a) * samples / (samples + 2.0)};
}

CovarianceSpread naive_spread(std::span<const double> spread) {
    return {at(spread, trace_a), at(spread, square_a), at(spread, diagonal_a)};
}

double independent_samples(std::span<const double> correlation, double samples) {
    double sum = 0.0;
    for (std::size_t k = 1; k < correlation.size() && static_cast<double>(k) < samples; ++k) {
        const double a = correlation[k] / correlation[0];
        sum += (1.0 - static_cast<double>(k) / samples) * a * a;
    }
    return samples / (1.0 + 2.0 * sum);
}

} // namespace tinymf::host
