// SPDX-License-Identifier: Apache-2.0
#include "two_time/population_average.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::host {
namespace {

TwoTimeArrays filled(double value) {
    return {.Cx = TwoTimeMatrix::Constant(2, 2, value),
            .Cphi = TwoTimeMatrix::Constant(2, 2, 2 * value),
            .Rx = TwoTimeMatrix::Constant(2, 2, 3 * value),
            .Rphi = TwoTimeMatrix::Constant(2, 2, 4 * value),
            .mean = Eigen::VectorXd::Constant(2, 5 * value)};
}

TEST(PopulationAverage, GivesMeanAndErrorOfEveryArray) {
    const std::vector<TwoTimeArrays> populations{filled(1), filled(2), filled(4), filled(5)};
    const auto solution = average_populations(populations);
    ASSERT_TRUE(solution.sampled());
    EXPECT_DOUBLE_EQ(solution.value.Cx(1, 0), 3);
    EXPECT_DOUBLE_EQ(solution.value.mean(1), 15);
    // Deviations -2, -1, 1, 2: variance 10/3; Student's law with 3 degrees of freedom: factor 3.
    const double error = std::sqrt(10.0 / 3 / 4 * 3);
    EXPECT_DOUBLE_EQ(solution.standard_error.Cx(0, 1), error);
    EXPECT_DOUBLE_EQ(solution.standard_error.Cphi(0, 1), 2 * error);
    EXPECT_DOUBLE_EQ(solution.standard_error.Rx(0, 1), 3 * error);
    EXPECT_DOUBLE_EQ(solution.standard_error.Rphi(0, 1), 4 * error);
    EXPECT_DOUBLE_EQ(solution.standard_error.mean(0), 5 * error);
}

TEST(PopulationAverage, OnePopulationHasNoError) {
    const std::vector<TwoTimeArrays> populations{filled(1)};
    const auto solution = average_populations(populations);
    EXPECT_FALSE(solution.sampled());
    EXPECT_DOUBLE_EQ(solution.value.Rphi(1, 1), 4);
}

} // namespace
} // namespace tinymf::host
