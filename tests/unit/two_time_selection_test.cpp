// SPDX-License-Identifier: Apache-2.0
// Some times of a two-time solution, and averages over the late ones.
#include "equations/time_selection.hpp"

#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "statistics/jackknife.hpp"
#include "statistics/population_average.hpp"
#include "statistics/stationary_lags.hpp"

namespace tinymf::host {
namespace {

using Eigen::Index;

/// Entries that tell their array and place.
TwoTimeArrays numbered(Index n, double first) {
    const auto matrix = [n](double offset) {
        TwoTimeMatrix m(n, n);
        for (Index i = 0; i < n; ++i) {
            for (Index j = 0; j < n; ++j) {
                m(i, j) = offset + 10.0 * static_cast<double>(i) + static_cast<double>(j);
            }
        }
        return m;
    };
    Eigen::VectorXd mean(n);
    for (Index i = 0; i < n; ++i) {
        mean[i] = first + 5000.0 + static_cast<double>(i);
    }
    return {matrix(first + 1000.0), matrix(first + 2000.0), matrix(first + 3000.0),
            matrix(first + 4000.0), mean};
}

TEST(TimeSelection, KeepsRowsColumnsTimesAndErrors) {
    TwoTimeSolution whole{.times = {0.0, 0.5, 1.0, 1.5, 2.0},
                          .value = numbered(5, 0.0),
                          .standard_error = numbered(5, 100000.0)};
    const std::vector<Index> kept{1, 2, 4};
    const TwoTimeSolution part = at_times(whole, kept);
    EXPECT_EQ(part.times, (std::vector<double>{0.5, 1.0, 2.0}));
    ASSERT_TRUE(part.sampled());
    for (Index i = 0; i < 3; ++i) {
        const Index row = kept[static_cast<std::size_t>(i)];
        EXPECT_EQ(part.value.mean[i], whole.value.mean[row]);
        EXPECT_EQ(part.standard_error.mean[i], whole.standard_error.mean[row]);
        for (Index j = 0; j < 3; ++j) {
            const Index column = kept[static_cast<std::size_t>(j)];
            EXPECT_EQ(part.value.Cx(i, j), whole.value.Cx(row, column));
            EXPECT_EQ(part.value.Cphi(i, j), whole.value.Cphi(row, column));
            EXPECT_EQ(part.value.Rx(i, j), whole.value.Rx(row, column));
            EXPECT_EQ(part.value.Rphi(i, j), whole.value.Rphi(row, column));
            EXPECT_EQ(part.standard_error.Cx(i, j), whole.standard_error.Cx(row, column));
            EXPECT_EQ(part.standard_error.Rphi(i, j), whole.standard_error.Rphi(row, column));
        }
    }
    EXPECT_EQ(part.value.Cx.rows(), 3);
    whole.standard_error = {};
    EXPECT_FALSE(at_times(whole, kept).sampled());
}

/// sqrt((B - 1)/(B - 3)/B), and the plain 1/sqrt B where Student's law has no deviation.
TEST(ErrorOfScatter, IsInUnitsOfStudentsLaw) {
    EXPECT_EQ(error_of_scatter(1), 1.0);
    EXPECT_EQ(error_of_scatter(2), std::sqrt(0.5));
    EXPECT_EQ(error_of_scatter(3), std::sqrt(1.0 / 3.0));
    EXPECT_EQ(error_of_scatter(4), std::sqrt(3.0 / 4.0));
    EXPECT_NEAR(error_of_scatter(8), std::sqrt(7.0 / 5.0 / 8.0), 1e-16);
}

TEST(PopulationAverage, OfTwoAndOfThreeHasThePlainError) {
    std::vector<TwoTimeArrays> populations{numbered(2, 0.0), numbered(2, 8.0)};
    const TwoTimeSolution two = average_populations(populations);
    EXPECT_EQ(two.value.Cphi(1, 0), 2014.0);
    EXPECT_NEAR(two.standard_error.Cphi(1, 0), 4.0, 1e-12);
    populations.push_back(numbered(2, 16.0));
    const TwoTimeSolution three = average_populations(populations);
    EXPECT_NEAR(three.value.mean[1], 5009.0, 1e-11);
    EXPECT_NEAR(three.standard_error.mean[1], 8.0 / std::sqrt(3.0), 1e-11);
}

/// Of n points the window is the last n/4 times, and the lags go to n/2.
TEST(StationaryLags, AverageOverTheLastQuarterForLagsUpToHalf) {
    for (const Index points : {8, 9, 11, 12, 15}) {
        const TwoTimeArrays arrays = numbered(points, 0.0);
        const StationaryLags late = stationary_lags(arrays);
        const Index window = points / 4;
        ASSERT_EQ(late.size(), static_cast<std::size_t>(points / 2 + 1));
        ASSERT_EQ(late.response.size(), late.size());
        for (Index k = 0; k <= points / 2; ++k) {
            double expected = 0.0;
            for (Index t = points - window; t < points; ++t) {
                expected += 10.0 * static_cast<double>(t) + static_cast<double>(t - k);
            }
            expected /= static_cast<double>(window);
            EXPECT_NEAR(late.correlation[static_cast<std::size_t>(k)], 1000.0 + expected, 1e-11);
            EXPECT_NEAR(late.response[static_cast<std::size_t>(k)], 3000.0 + expected, 1e-11);
        }
        const Index earliest = points - window - points / 2;
        EXPECT_EQ(late.drift, 11.0 * static_cast<double>(points - 1 - earliest));
    }
}

const std::vector<StationaryLags> three_populations{{{1.0, 10.0}, {2.0, 20.0}, 0.5},
                                                    {{2.0, 40.0}, {6.0, 20.0}, 1.5},
                                                    {{6.0, 70.0}, {7.0, 80.0}, 7.0}};

TEST(AverageLags, IsTakenWithoutTheOneLeftOut) {
    const StationaryLags all = average_lags(three_populations);
    EXPECT_EQ(all.correlation, (std::vector<double>{3.0, 40.0}));
    EXPECT_EQ(all.response, (std::vector<double>{5.0, 40.0}));
    EXPECT_EQ(all.drift, 3.0);
    const StationaryLags first = average_lags(three_populations, 0);
    EXPECT_EQ(first.correlation, (std::vector<double>{4.0, 55.0}));
    EXPECT_EQ(first.response, (std::vector<double>{6.5, 50.0}));
    EXPECT_EQ(first.drift, 4.25);
    EXPECT_EQ(average_lags(three_populations, 2).correlation, (std::vector<double>{1.5, 25.0}));
    EXPECT_EQ(average_lags(std::span(three_populations).first(1)).drift, 0.5);
    EXPECT_EQ(average_lags(std::span(three_populations).first(2), 1).drift, 0.5);
}

/// Every entry of the curve has its own error; of two populations the plain one.
TEST(Jackknife, GivesAnErrorToEveryEntry) {
    const auto correlation = [](const StationaryLags& lags) { return lags.correlation; };
    const SampledCurve two = jackknife(std::span(three_populations).first(2), correlation);
    EXPECT_EQ(two.value, (std::vector<double>{1.5, 25.0}));
    ASSERT_EQ(two.standard_error.size(), 2U);
    EXPECT_NEAR(two.standard_error[0], 0.5, 1e-15);
    EXPECT_NEAR(two.standard_error[1], 15.0, 1e-13);
    const SampledCurve three = jackknife(three_populations, correlation);
    // Deviations -2, -1, 3 and -30, 0, 30.
    EXPECT_NEAR(three.standard_error[0], std::sqrt(14.0 / 2.0 / 3.0), 1e-14);
    EXPECT_NEAR(three.standard_error[1], std::sqrt(1800.0 / 2.0 / 3.0), 1e-12);
}

} // namespace
} // namespace tinymf::host
