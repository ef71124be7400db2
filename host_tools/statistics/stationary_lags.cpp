// SPDX-License-Identifier: Apache-2.0
#include "statistics/stationary_lags.hpp"

#include "tinymf/assert.hpp"

namespace tinymf::host {
namespace {

void add(std::vector<double>& sum, const std::vector<double>& values) {
    for (std::size_t k = 0; k < sum.size(); ++k) {
        sum[k] += values[k];
    }
}

void divide(std::vector<double>& values, double divisor) {
    for (double& value : values) {
        value /= divisor;
    }
}

} // namespace

StationaryLags stationary_lags(const TwoTimeArrays& arrays) {
    const Eigen::Index points = arrays.Cx.rows();
    constexpr Eigen::Index fewest_points = 8;
    TINYMF_ASSERT(points >= fewest_points);
    const Eigen::Index window = points / 4;
    const Eigen::Index lags = points / 2;
    const Eigen::Index first = points - window;
    StationaryLags late;
    for (Eigen::Index k = 0; k <= lags; ++k) {
        double correlation = 0.0;
        double response = 0.0;
        for (Eigen::Index t = first; t < points; ++t) {
            correlation += arrays.Cx(t, t - k);
            response += arrays.Rx(t, t - k);
        }
        late.correlation.push_back(correlation / static_cast<double>(window));
        late.response.push_back(response / static_cast<double>(window));
    }
    late.drift = arrays.Cx(points - 1, points - 1) - arrays.Cx(first - lags, first - lags);
    return late;
}

StationaryLags average_lags(std::span<const StationaryLags> populations,
                            std::optional<std::size_t> left_out) {
    TINYMF_ASSERT(populations.size() > (left_out ? 1U : 0U));
    const std::size_t count = populations.front().size();
    StationaryLags mean{std::vector<double>(count), std::vector<double>(count), 0.0};
    for (std::size_t b = 0; b < populations.size(); ++b) {
        if (b != left_out) {
            add(mean.correlation, populations[b].correlation);
            add(mean.response, populations[b].response);
            mean.drift += populations[b].drift;
        }
    }
    const auto taken = static_cast<double>(populations.size() - (left_out ? 1 : 0));
    divide(mean.correlation, taken);
    divide(mean.response, taken);
    mean.drift /= taken;
    return mean;
}

} // namespace tinymf::host
