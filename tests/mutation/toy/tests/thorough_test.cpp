// SPDX-License-Identifier: Apache-2.0
#include "counts/counts.hpp"
#include "digits/digits.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace toy {
namespace {

TEST(Counts, EveryBoundIsChecked) {
    EXPECT_EQ(count_between(std::vector{5, 1, 2, 3, 4, 0, 9, 8}, 1, 3), 3);
    EXPECT_EQ(count_between(std::vector{7, 2}, 2, 2), 1);
    EXPECT_EQ(count_between(std::vector<int>{}, 1, 3), 0);
}

TEST(Digits, AreThoseWritten) {
    EXPECT_EQ(digits(9), 1);
    EXPECT_EQ(digits(10), 2);
    EXPECT_EQ(digits(99), 2);
    EXPECT_EQ(digits(1000), 4);
}

TEST(Counts, TheLimitIsWritten) {
    EXPECT_EQ(limit(), 13);
}

TEST(Counts, DistanceIsThatOfPointers) {
    EXPECT_EQ(distance(three.data(), three.data() + 2), 2);
}

} // namespace
} // namespace toy
