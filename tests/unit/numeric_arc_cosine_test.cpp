// SPDX-License-Identifier: Apache-2.0
#include "tinymf/numeric/arc_cosine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace {

namespace numeric = tinymf::numeric;

/// Error of `value` in units of the last place of the exact result.
template <class T>
double error_in_ulps(T value, long double exact) {
    int exponent = 0;
    std::frexp(exact, &exponent);
    const int lowest = std::numeric_limits<T>::min_exponent;
    const long double ulp =
        std::ldexp(1.0L, std::max(exponent, lowest) - std::numeric_limits<T>::digits);
    return static_cast<double>(std::fabs(static_cast<long double>(value) - exact) / ulp);
}

template <class T>
class ArcCosineOf : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(ArcCosineOf, Scalars);

/// An even grid, and numbers that crowd at 0 and at +-1, where the result is small or steep.
template <class T, class Examine>
void for_each_argument(Examine examine) {
    constexpr int steps = 200'000;
    for (int i = -steps; i <= steps; ++i) {
        examine(static_cast<T>(i) / static_cast<T>(steps));
    }
    for (T small = T(0.5); small > std::numeric_limits<T>::min(); small *= T(0.83)) {
        for (const T x : {small, -small, T(1) - small, small - T(1)}) {
            examine(x);
        }
    }
}

TYPED_TEST(ArcCosineOf, ErrorsStayBelowTheBounds) {
    double worst_sine = 0;
    double worst_cosine = 0;
    for_each_argument<TypeParam>([&](TypeParam x) {
        const auto exact = static_cast<long double>(x);
        worst_sine = std::max(worst_sine, error_in_ulps(numeric::asin(x), std::asin(exact)));
        worst_cosine = std::max(worst_cosine, error_in_ulps(numeric::acos(x), std::acos(exact)));
    });
    this->RecordProperty("worst_asin_ulps", std::to_string(worst_sine));
    this->RecordProperty("worst_acos_ulps", std::to_string(worst_cosine));
    EXPECT_LT(worst_sine, 2.5);
    EXPECT_LT(worst_cosine, 1.5);
}

TYPED_TEST(ArcCosineOf, EndsAndMiddle) {
    using T = TypeParam;
    const auto pi = static_cast<T>(3.141592653589793238L);
    const auto half_pi = static_cast<T>(1.570796326794896619L);
    EXPECT_EQ(numeric::acos(T(1)), T(0));
    EXPECT_EQ(numeric::acos(T(-1)), pi);
    EXPECT_EQ(numeric::acos(T(0)), half_pi);
    EXPECT_EQ(numeric::asin(T(1)), half_pi);
    EXPECT_EQ(numeric::asin(T(-1)), -half_pi);
    EXPECT_EQ(numeric::asin(T(0)), T(0));
    EXPECT_TRUE(std::signbit(numeric::asin(-T(0))));
}

TYPED_TEST(ArcCosineOf, SineIsOdd) {
    for_each_argument<TypeParam>(
        [](TypeParam x) { ASSERT_EQ(numeric::asin(-x), -numeric::asin(x)) << x; });
}

TYPED_TEST(ArcCosineOf, NothingOutsideTheDomain) {
    using T = TypeParam;
    const T infinity = std::numeric_limits<T>::infinity();
    for (const T x :
         {std::nextafter(T(1), T(2)), T(2), infinity, std::numeric_limits<T>::quiet_NaN()}) {
        EXPECT_TRUE(std::isnan(numeric::asin(x))) << x;
        EXPECT_TRUE(std::isnan(numeric::acos(x))) << x;
        EXPECT_TRUE(std::isnan(numeric::asin(-x))) << x;
        EXPECT_TRUE(std::isnan(numeric::acos(-x))) << x;
    }
}

static_assert(numeric::acos(1.0) == 0.0);
static_assert(numeric::asin(0.5F) > 0.52359F && numeric::asin(0.5F) < 0.5236F);

} // namespace
