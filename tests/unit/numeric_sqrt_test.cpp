// SPDX-License-Identifier: Apache-2.0
#include "unit/numeric_sample.hpp"

#include "tinymf/numeric/sqrt.hpp"

#include "tinymf/numeric/root_of_product.hpp"

#include <gtest/gtest.h>

namespace tinymf::numeric {
namespace {

template <typename T>
class NumericSqrt : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(NumericSqrt, Scalars);

TYPED_TEST(NumericSqrt, IntegerAlgorithmEqualsTheHostsLibrary) {
    using T = TypeParam;
    for_each_sample(1U << 18U, T{4}, [](T x) {
        const T expected = std::sqrt(abs(x));
        ASSERT_EQ(integer_sqrt(abs(x)), expected) << x;
        ASSERT_EQ(sqrt(abs(x)), expected) << x;
    });
}

TYPED_TEST(NumericSqrt, SquaresAndTheirNeighboursRoundCorrectly) {
    using T = TypeParam;
    for (std::int32_t root = 1; root < 5000; ++root) {
        const auto square = static_cast<T>(root * root);
        EXPECT_EQ(integer_sqrt(square), static_cast<T>(root));
        const T below = from_bits<T>(to_bits(square) - 1);
        const T above = from_bits<T>(to_bits(square) + 1);
        EXPECT_EQ(integer_sqrt(below), std::sqrt(below));
        EXPECT_EQ(integer_sqrt(above), std::sqrt(above));
    }
}

TYPED_TEST(NumericSqrt, SpecialArguments) {
    using T = TypeParam;
    constexpr T infinity = from_bits<T>(infinity_bits<T>);
    for (const auto root : {integer_sqrt<T>, sqrt<T>}) {
        EXPECT_EQ(to_bits(root(T{0})), Bits<T>{0});
        EXPECT_EQ(to_bits(root(-T{0})), sign_mask<T>);
        EXPECT_EQ(root(infinity), infinity);
        EXPECT_TRUE(is_nan(root(T{-1})));
        EXPECT_TRUE(is_nan(root(-infinity)));
        EXPECT_TRUE(is_nan(root(from_bits<T>(nan_bits<T>))));
    }
}

/// Powers of two change nothing but the exponent, over the whole range and for subnormal factors.
TYPED_TEST(NumericSqrt, RootsOfProductsThatLeaveTheRange) {
    using T = TypeParam;
    const auto power = [](int exponent) { return std::ldexp(T{1}, exponent); };
    constexpr int lowest = sizeof(T) == 4 ? -149 : -1074;
    constexpr int highest = sizeof(T) == 4 ? 126 : 1022;
    for (int i = lowest; i <= highest; ++i) {
        EXPECT_EQ(root_of_product(power(i), power(i)), power(i)) << i;
        if (i > lowest + 1) {
            EXPECT_EQ(root_of_product(power(i - 2), power(i)), power(i - 1)) << i;
            EXPECT_EQ(root_of_product(power(i), power(i - 2)), power(i - 1)) << i;
        }
        EXPECT_EQ(root_of_product(T{0}, power(i)), T{0});
        EXPECT_NEAR(root_of_product(power(i), T{1}) / std::sqrt(power(i)), 1.0, 1e-7) << i;
    }
    const T scale = power(lowest / 2 + 40); // products of these are subnormal
    EXPECT_EQ(root_of_product(T{3} * scale, T{5} * scale), sqrt(T{15}) * scale);
}

static_assert(sqrt(2.0F) == 0x1.6a09e6p+0F);
static_assert(sqrt(2.0) == 0x1.6a09e667f3bcdp+0);
static_assert(sqrt(0x1p-149F) == 0x1.6a09e6p-75F);

} // namespace
} // namespace tinymf::numeric
