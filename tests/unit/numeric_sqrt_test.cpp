// SPDX-License-Identifier: Apache-2.0
#include "unit/numeric_sample.hpp"

#include "tinymf/numeric/sqrt.hpp"

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

static_assert(sqrt(2.0F) == 0x1.6a09e6p+0F);
static_assert(sqrt(2.0) == 0x1.6a09e667f3bcdp+0);
static_assert(sqrt(0x1p-149F) == 0x1.6a09e6p-75F);

} // namespace
} // namespace tinymf::numeric
