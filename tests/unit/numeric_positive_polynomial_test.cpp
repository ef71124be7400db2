// SPDX-License-Identifier: Apache-2.0
#include "tinymf/numeric/positive_polynomial.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <random>

#include <gtest/gtest.h>

namespace tinymf::numeric {
namespace {

using Denominator = std::array<double, 4>;

TEST(PositivePolynomial, NonNegativeCoefficientsAreEnough) {
    EXPECT_TRUE(positive_polynomial(Denominator{}));
    EXPECT_TRUE(positive_polynomial(Denominator{1.0 / 3.0, 0, 0, 0}));
    EXPECT_TRUE(positive_polynomial(Denominator{0, 0, 0, 1000}));
}

TEST(PositivePolynomial, ANegativeCoefficientIsRightWhereThereIsNoRoot) {
    EXPECT_TRUE(positive_polynomial(Denominator{-0.5, 1, 0, 0}));
    EXPECT_TRUE(positive_polynomial(Denominator{-1.999, 1, 0, 0})); // lowest value 1e-3
    EXPECT_TRUE(positive_polynomial(Denominator{3, -2, 1, 0}));
    EXPECT_TRUE(positive_polynomial(Denominator{0, -1.9, 0, 1}));
}

TEST(PositivePolynomial, ARootIsFoundWhereverItLies) {
    EXPECT_FALSE(positive_polynomial(Denominator{-0.5, 0, 0, 0}));     // s = 2
    EXPECT_FALSE(positive_polynomial(Denominator{-2, 1, 0, 0}));       // twice s = 1
    EXPECT_FALSE(positive_polynomial(Denominator{-2.001, 1, 0, 0}));   // two roots close to 1
    EXPECT_FALSE(positive_polynomial(Denominator{1, 1, 1, -0.001}));   // far out
    EXPECT_FALSE(positive_polynomial(Denominator{-1000, 0, 0, 1000})); // s = 1/1000
    EXPECT_FALSE(positive_polynomial(Denominator{0, -2, 0, 1}));       // twice s = 1
}

/// 1 + ... as (1 - s/r)(1 - s/q)(1 - 2 Re(w) s + |w|^2 s^2) with a root r > 0 or, with r and q
/// below 0, none; in both precisions.
TEST(PositivePolynomial, AgreesWithKnownRoots) {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> magnitude(-2.0, 2.0);
    std::uniform_real_distribution<double> angle(0.2, 3.1);
    for (int drawn = 0; drawn < 2000; ++drawn) {
        const bool root = drawn % 2 == 0;
        const double r = std::pow(10.0, magnitude(random)) * (root ? 1.0 : -1.0);
        const double q = -std::pow(10.0, magnitude(random));
        const double w = std::pow(10.0, magnitude(random) / 2.0);
        const double turn = angle(random);
        const double p1 = -1.0 / r - 1.0 / q;
        const double p2 = 1.0 / (r * q);
        const double u1 = -2.0 * w * std::cos(turn);
        const double u2 = w * w;
        const Denominator b{p1 + u1, p2 + p1 * u1 + u2, p2 * u1 + p1 * u2, p2 * u2};
        EXPECT_EQ(positive_polynomial(b), !root) << drawn;
        const std::array<float, 4> single{static_cast<float>(b[0]), static_cast<float>(b[1]),
                                          static_cast<float>(b[2]), static_cast<float>(b[3])};
        EXPECT_EQ(positive_polynomial(single), !root) << drawn;
    }
}

static_assert(positive_polynomial(std::array<float, 4>{-0.5F, 1.0F, 0.0F, 0.0F}));

} // namespace
} // namespace tinymf::numeric
