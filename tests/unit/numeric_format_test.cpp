// SPDX-License-Identifier: Apache-2.0
#include "unit/numeric_sample.hpp"

#include "tinymf/numeric/double_word.hpp"
#include "tinymf/numeric/polynomial.hpp"

#include <gtest/gtest.h>

namespace tinymf::numeric {
namespace {

template <typename T>
class NumericFormat : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(NumericFormat, Scalars);

TYPED_TEST(NumericFormat, MagnitudeAndSignAgreeWithTheHostsLibrary) {
    using T = TypeParam;
    for_each_sample(10000, T{2}, [](T x) {
        EXPECT_EQ(abs(x), std::fabs(x));
        EXPECT_EQ(to_bits(copy_sign(T{3}, x)), to_bits(std::copysign(T{3}, x)));
        EXPECT_EQ(is_finite(x), std::isfinite(x));
        EXPECT_FALSE(is_nan(x));
    });
    const T nan = from_bits<T>(nan_bits<T>);
    EXPECT_TRUE(is_nan(nan));
    EXPECT_TRUE(is_nan(-nan));
    EXPECT_FALSE(is_finite(nan));
}

TYPED_TEST(NumericFormat, ClampLimitsBothSides) {
    using T = TypeParam;
    for_each_sample(10000, T{10}, [](T x) {
        EXPECT_EQ(clamp_around_zero(x, T{-2}, T{5}), std::clamp(x, T{-2}, T{5}));
    });
}

TYPED_TEST(NumericFormat, SumsInTwoWordsAreExact) {
    using T = TypeParam;
    const T large = T{1};
    const T small = power_of_two<T>(-2 * Format<T>::fraction_bits);
    for (const auto& [a, b] : {std::pair{large, small}, std::pair{small, large}}) {
        const DoubleWord<T> sum = exact_sum(a, b);
        EXPECT_EQ(sum.high, large);
        EXPECT_EQ(sum.low, small);
    }
}

TEST(NumericDoubleWord, FloatProductsAreExact) {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> even(-2.0F, 2.0F);
    for (int i = 0; i < 100000; ++i) {
        const float a = even(random);
        const float b = even(random);
        const DoubleWord<float> product = exact_product(a, b);
        ASSERT_EQ(product.high, a * b);
        ASSERT_EQ(static_cast<double>(product.high) + static_cast<double>(product.low),
                  static_cast<double>(a) * static_cast<double>(b));
    }
}

TYPED_TEST(NumericFormat, HornerEvaluatesLowestOrderFirst) {
    using T = TypeParam;
    constexpr std::array<T, 3> coefficients{T{1}, T{2}, T{3}};
    EXPECT_EQ(horner(coefficients, T{10}), T{321});
}

} // namespace
} // namespace tinymf::numeric
