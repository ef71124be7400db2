// SPDX-License-Identifier: Apache-2.0
// The arithmetic of this very binary: two roundings per multiply-add, subnormals, nearest-even.

#include <limits>

#include <gtest/gtest.h>

namespace {

// (1 + e)(1 - e) - 1 is 0 when the product is rounded first and -e^2 when it is not.
template <typename T>
T product_minus_one() {
    const volatile T one = T(1);
    const volatile T epsilon = std::numeric_limits<T>::epsilon() / T(2);
    const T above = one + T(2) * epsilon;
    const T below = one - T(2) * epsilon;
    return above * below - one;
}

TEST(Contraction, FloatProductIsRoundedBeforeTheSum) {
    EXPECT_EQ(product_minus_one<float>(), 0.0F);
}

TEST(Contraction, DoubleProductIsRoundedBeforeTheSum) {
    EXPECT_EQ(product_minus_one<double>(), 0.0);
}

TEST(Rounding, TiesGoToTheEvenNeighbour) {
    const volatile float one = 1.0F;
    const volatile float half_step = std::numeric_limits<float>::epsilon() / 2.0F;
    EXPECT_EQ(one + half_step, 1.0F);
    EXPECT_EQ((one + 2.0F * half_step) + half_step, 1.0F + 4.0F * half_step);
}

TEST(Subnormals, AreNeitherFlushedNorReadAsZero) {
    const volatile float smallest_normal = std::numeric_limits<float>::min();
    const float quarter = smallest_normal * 0.25F;
    EXPECT_GT(quarter, 0.0F);
    EXPECT_EQ(quarter * 4.0F, smallest_normal);
}

} // namespace
