// SPDX-License-Identifier: Apache-2.0
#include "unit/numeric_sample.hpp"

#include "tinymf/numeric/circular.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tinymf::numeric {
namespace {

template <typename T>
class NumericCircular : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(NumericCircular, Scalars);

template <Scalar T>
CosSin<T> at_turn_fraction(int numerator, int log2_denominator) {
    constexpr int phase_bits = sizeof(T) * 8;
    return cos_sin_turn(static_cast<Bits<T>>(numerator) << (phase_bits - log2_denominator));
}

TYPED_TEST(NumericCircular, QuarterTurnsAreExact) {
    using T = TypeParam;
    const int cosines[] = {1, 0, -1, 0};
    const int sines[] = {0, 1, 0, -1};
    for (int quarter = 0; quarter < 4; ++quarter) {
        const CosSin<T> value = at_turn_fraction<T>(quarter, 2);
        EXPECT_EQ(value.cos, static_cast<T>(cosines[quarter]));
        EXPECT_EQ(value.sin, static_cast<T>(sines[quarter]));
    }
}

TYPED_TEST(NumericCircular, ErrorStaysWithinThreeUlpInTheFirstEighth) {
    using T = TypeParam;
    constexpr int phase_bits = sizeof(T) * 8;
    const Reference<T> radians = std::scalbn(std::acos(Reference<T>{-1}), 1 - phase_bits);
    std::mt19937_64 random(3);
    double largest = 0.0;
    for (int i = 0; i < 500000; ++i) {
        const Bits<T> phase = static_cast<Bits<T>>(random()) >> (3 + i % (phase_bits - 3));
        const Reference<T> angle = static_cast<Reference<T>>(phase) * radians;
        const CosSin<T> value = cos_sin_turn(phase);
        largest = std::max({largest, ulp_error(value.cos, std::cos(angle)),
                            ulp_error(value.sin, std::sin(angle))});
    }
    EXPECT_LE(largest, 3.0);
}

TYPED_TEST(NumericCircular, QuarterTurnsRotateAndNegationMirrors) {
    using T = TypeParam;
    constexpr int phase_bits = sizeof(T) * 8;
    std::mt19937_64 random(4);
    for (int i = 0; i < 100000; ++i) {
        const auto phase = static_cast<Bits<T>>(random()) | Bits<T>{1};
        const CosSin<T> value = cos_sin_turn(phase);
        const CosSin<T> rotated = cos_sin_turn(phase + (Bits<T>{1} << (phase_bits - 2)));
        const CosSin<T> mirrored = cos_sin_turn(Bits<T>{0} - phase);
        ASSERT_EQ(rotated.cos, -value.sin);
        ASSERT_EQ(rotated.sin, value.cos);
        ASSERT_EQ(mirrored.cos, value.cos);
        ASSERT_EQ(mirrored.sin, -value.sin);
    }
}

} // namespace
} // namespace tinymf::numeric
