// SPDX-License-Identifier: Apache-2.0
#include "unit/numeric_sample.hpp"

#include "tinymf/numeric/power.hpp"

#include <gtest/gtest.h>

namespace tinymf::numeric {
namespace {

template <typename T>
class NumericPower : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(NumericPower, Scalars);

/// Largest error over random x = 2^(-log2_range .. log2_range), p in [0, largest_exponent].
template <Scalar T>
double largest_error(double log2_range, double largest_exponent) {
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    double largest = 0.0;
    for (int i = 0; i < 400000; ++i) {
        const T x = static_cast<T>(std::exp2((2.0 * unit(random) - 1.0) * log2_range));
        const T p = static_cast<T>(unit(random) * largest_exponent);
        const Reference<T> truth =
            std::pow(static_cast<Reference<T>>(x), static_cast<Reference<T>>(p));
        largest = std::max(largest, ulp_error(power(x, p), truth));
    }
    return largest;
}

TYPED_TEST(NumericPower, UsualExponentsStayWithinOneAndAHalfUlp) {
    EXPECT_LE(largest_error<TypeParam>(4.0, 2.0), 1.5);
    EXPECT_LE(largest_error<TypeParam>(16.0, 8.0), 1.5);
}

TYPED_TEST(NumericPower, LargeExponentsStayWithinThreeUlp) {
    EXPECT_LE(largest_error<TypeParam>(126.0, 100.0), 3.0);
}

TYPED_TEST(NumericPower, SimpleExponents) {
    using T = TypeParam;
    for (const T x :
         {T{0.125}, static_cast<T>(0.3F), T{1}, static_cast<T>(1.7F), T{42}, from_bits<T>(7)}) {
        EXPECT_EQ(power(x, T{1}), x);
        EXPECT_EQ(power(x, T{0}), T{1});
        EXPECT_LE(ulp_error(power(x, T{0.5}), std::sqrt(static_cast<Reference<T>>(x))), 1.5);
    }
    EXPECT_EQ(power(T{2}, T{10}), T{1024});
    EXPECT_EQ(power(T{2}, T{-3}), T{0.125});
}

TYPED_TEST(NumericPower, LimitsAndInvalidArguments) {
    using T = TypeParam;
    constexpr T infinity = from_bits<T>(infinity_bits<T>);
    constexpr T nan = from_bits<T>(nan_bits<T>);
    EXPECT_EQ(power(T{0}, T{0.5}), T{0});
    EXPECT_EQ(power(-T{0}, T{0.5}), T{0});
    EXPECT_EQ(power(T{0}, T{0}), T{1});
    EXPECT_EQ(power(T{0}, T{-1}), infinity);
    EXPECT_EQ(power(infinity, T{2}), infinity);
    EXPECT_EQ(power(infinity, T{0}), T{1});
    EXPECT_EQ(power(infinity, T{-2}), T{0});
    EXPECT_EQ(power(T{2}, std::numeric_limits<T>::max()), infinity);
    EXPECT_EQ(power(T{0.5}, std::numeric_limits<T>::max()), T{0});
    EXPECT_TRUE(is_nan(power(T{-1}, T{2})));
    EXPECT_TRUE(is_nan(power(nan, T{0})));
    EXPECT_TRUE(is_nan(power(T{1}, nan)));
    EXPECT_TRUE(is_nan(power(T{2}, infinity)));
}

} // namespace
} // namespace tinymf::numeric
