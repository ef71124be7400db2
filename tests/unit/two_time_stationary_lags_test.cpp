// SPDX-License-Identifier: Apache-2.0
#include "statistics/stationary_lags.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "statistics/jackknife.hpp"

namespace tinymf::host {
namespace {

/// C(t,s) = growth t s + e^{-|t-s|}, R(t,s) = 2^-(t-s) for s < t.
TwoTimeArrays arrays_of(Eigen::Index points, double growth) {
    TwoTimeArrays arrays{.Cx = TwoTimeMatrix::Zero(points, points),
                         .Cphi = {},
                         .Rx = TwoTimeMatrix::Zero(points, points),
                         .Rphi = {},
                         .mean = {}};
    for (Eigen::Index t = 0; t < points; ++t) {
        for (Eigen::Index s = 0; s <= t; ++s) {
            const auto lag = static_cast<double>(t - s);
            arrays.Cx(t, s) = growth * static_cast<double>(t * s) + std::exp(-lag);
            arrays.Rx(t, s) = s < t ? std::exp2(-lag) : 0.0;
        }
    }
    return arrays;
}

TEST(StationaryLags, OfAStationaryRunAreItsFunctionsOfTheLag) {
    const StationaryLags late = stationary_lags(arrays_of(20, 0.0));
    ASSERT_EQ(late.size(), 11U); // lags 0 to half the run
    for (std::size_t k = 0; k < late.size(); ++k) {
        EXPECT_DOUBLE_EQ(late.correlation[k], std::exp(-static_cast<double>(k)));
        EXPECT_DOUBLE_EQ(late.response[k], k > 0 ? std::exp2(-static_cast<double>(k)) : 0.0);
    }
    EXPECT_DOUBLE_EQ(late.drift, 0.0);
}

// Times 15 to 19 and lags up to 10 of 20 points: from t' = 5 on.
TEST(StationaryLags, TellHowFarFromStationaryTheyAre) {
    const StationaryLags late = stationary_lags(arrays_of(20, 1.0));
    EXPECT_DOUBLE_EQ(late.drift, 19.0 * 19.0 - 5.0 * 5.0);
    EXPECT_DOUBLE_EQ(late.correlation[10],
                     (15. * 5 + 16. * 6 + 17. * 7 + 18. * 8 + 19. * 9) / 5 + std::exp(-10.0));
}

const std::vector<StationaryLags> populations{
    {{1.0}, {2.0}, 0.1}, {{2.0}, {2.0}, 0.2}, {{4.0}, {3.0}, 0.3}, {{5.0}, {5.0}, 0.6}};

TEST(Jackknife, OfAMeanHasTheErrorOfTheMean) {
    const SampledCurve curve =
        jackknife(populations, [](const StationaryLags& lags) { return lags.correlation; });
    EXPECT_DOUBLE_EQ(curve.value.at(0), 3.0);
    // Deviations -2, -1, 1, 2: variance 10/3; Student's law with 3 degrees of freedom: factor 3.
    EXPECT_DOUBLE_EQ(curve.standard_error.at(0), std::sqrt(10.0 / 3 / 4 * 3));
}

TEST(Jackknife, OfAQuotientTakesTheQuotientOfTheMeans) {
    const SampledCurve curve = jackknife(populations, [](const StationaryLags& lags) {
        return std::vector<double>{lags.correlation[0] / lags.response[0]};
    });
    EXPECT_DOUBLE_EQ(curve.value.at(0), 1.0);
    // Without one population: 11/10, 10/10, 8/9, 7/7.
    const double mean = (1.1 + 1.0 + 8.0 / 9 + 1.0) / 4;
    double squares = 0.0;
    for (const double quotient : {1.1, 1.0, 8.0 / 9, 1.0}) {
        squares += (quotient - mean) * (quotient - mean);
    }
    EXPECT_NEAR(curve.standard_error.at(0), std::sqrt(3 * squares * 3 / 4), 1e-15);
}

TEST(Jackknife, OfOnePopulationHasNoError) {
    const std::vector<StationaryLags> one{populations.front()};
    const SampledCurve curve =
        jackknife(one, [](const StationaryLags& lags) { return lags.correlation; });
    EXPECT_DOUBLE_EQ(curve.value.at(0), 1.0);
    EXPECT_TRUE(curve.standard_error.empty());
}

} // namespace
} // namespace tinymf::host
