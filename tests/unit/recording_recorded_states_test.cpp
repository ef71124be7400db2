// SPDX-License-Identifier: Apache-2.0
#include "recording/recorded_states.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace tinymf::host {
namespace {

using experiment::ScalarKind;
using Index = Eigen::Index;

constexpr std::size_t neurons = 3;

/// Row k is (k + 1) times (1/3, -2/3, smallest): no short decimals, the last one the scalar's
/// smallest subnormal number.
std::array<double, neurons> row(ScalarKind scalar, std::size_t k) {
    const double factor = static_cast<double>(k) + 1.0;
    if (scalar == ScalarKind::float32) {
        // gcc 12 drops the rounding of two such neighbours, without the detour through memory.
        const volatile auto third = static_cast<float>(factor / 3.0);
        const volatile auto two_thirds = static_cast<float>(-2.0 * factor / 3.0);
        return {static_cast<double>(third), static_cast<double>(two_thirds),
                factor * static_cast<double>(std::numeric_limits<float>::denorm_min())};
    }
    return {factor / 3.0, -2.0 * factor / 3.0, factor * std::numeric_limits<double>::denorm_min()};
}

class RecordedStatesOf : public ::testing::TestWithParam<ScalarKind> {
protected:
    static constexpr std::size_t rows = 1000; // more than one piece of a deque
    RecordedStatesOf() {
        for (std::size_t k = 0; k < rows; ++k) {
            states.add(row(GetParam(), k));
        }
    }
    RecordedStates states{GetParam()};
};

TEST_P(RecordedStatesOf, EveryValueComesBackAsItWas) {
    ASSERT_EQ(states.rows(), Index{rows});
    ASSERT_EQ(states.cols(), Index{neurons});

    const Eigen::MatrixXd bottom = states.bottom_rows(rows);
    const Eigen::MatrixXd middle = states.middle_rows(7, 5);
    for (std::size_t k = 0; k < rows; ++k) {
        const auto expected = row(GetParam(), k);
        const auto at = static_cast<Index>(k);
        const Eigen::RowVectorXd copied = states.row(at);
        for (std::size_t i = 0; i < neurons; ++i) {
            const auto neuron = static_cast<Index>(i);
            EXPECT_EQ(states(at, neuron), expected[i]);
            EXPECT_EQ(copied(neuron), expected[i]);
            EXPECT_EQ(bottom(at, neuron), expected[i]);
            if (k >= 7 && k < 12) {
                EXPECT_EQ(middle(at - 7, neuron), expected[i]);
            }
        }
    }
}

TEST_P(RecordedStatesOf, ProductsAreSumsOverTheNeuronsOfTwoRows) {
    const auto a = row(GetParam(), 0);
    const auto b = row(GetParam(), rows - 1);
    EXPECT_EQ(states.product(0, rows - 1), a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
}

TEST_P(RecordedStatesOf, AValueThatIsSetIsTheOnlyOneThatChanges) {
    const RecordedStates before = states;
    states.set(rows - 1, 2, -4000.0);
    EXPECT_EQ(states(rows - 1, 2), -4000.0);
    EXPECT_EQ(states.largest_magnitude(), 4000.0);
    EXPECT_EQ(before.largest_magnitude(), -row(GetParam(), rows - 1)[1]);
    EXPECT_EQ(states.middle_rows(0, rows - 1), before.middle_rows(0, rows - 1));
}

INSTANTIATE_TEST_SUITE_P(Scalars, RecordedStatesOf,
                         ::testing::Values(ScalarKind::float32, ScalarKind::float64));

TEST(RecordedStates, OfNoRowHasNoMagnitude) {
    EXPECT_EQ(RecordedStates().rows(), 0);
    EXPECT_EQ(RecordedStates().largest_magnitude(), 0.0);
}

} // namespace
} // namespace tinymf::host
