// SPDX-License-Identifier: Apache-2.0
#include "tinymf/random/uniform.hpp"

#include "tinymf/random/stream.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace {

using namespace tinymf::random;

template <class T>
class Uniform : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Uniform, Scalars);

TYPED_TEST(Uniform, ExcludesBothEnds) {
    using Bits = tinymf::numeric::Bits<TypeParam>;
    constexpr int width = std::numeric_limits<Bits>::digits;
    EXPECT_EQ(uniform<TypeParam>(0), std::ldexp(TypeParam(1), -width - 1));
    EXPECT_EQ(uniform<TypeParam>(std::numeric_limits<Bits>::max()),
              TypeParam(1) - std::numeric_limits<TypeParam>::epsilon() / 2);
    EXPECT_GT(uniform<TypeParam>(Bits{1} << (width - 1)), TypeParam(0.5));
    EXPECT_LT(uniform<TypeParam>((Bits{1} << (width - 1)) - 1), TypeParam(0.5));
}

TYPED_TEST(Uniform, IncreasesAndKeepsRelativeResolution) {
    using Bits = tinymf::numeric::Bits<TypeParam>;
    constexpr int width = std::numeric_limits<Bits>::digits;
    for (int leading = 0; leading < width; ++leading) {
        const Bits bits = Bits{1} << (width - 1 - leading);
        const TypeParam here = uniform<TypeParam>(bits);
        EXPECT_LT(uniform<TypeParam>(bits - 1), here);
        const auto exact =
            (std::ldexp(static_cast<long double>(bits), 1) + 1) * std::ldexp(1.0L, -width - 1);
        const auto error = std::abs(static_cast<long double>(here) / exact - 1);
        EXPECT_LE(error, std::numeric_limits<TypeParam>::epsilon()) << leading;
    }
}

/// Float: the exact mean over all words is 1/2; here over 2^20 evenly spaced ones.
TEST(UniformFloat, EvenlySpacedWordsAverageToOneHalf) {
    double sum = 0;
    constexpr std::uint32_t count = 1U << 20U;
    for (std::uint32_t i = 0; i < count; ++i) {
        sum += static_cast<double>(uniform<float>((i << 12U) + (1U << 11U)));
    }
    EXPECT_NEAR(sum / count, 0.5, 1e-7);
}

/// Kolmogorov-Smirnov on 10^6 draws of a stream: sqrt(n) D > 2.8 has probability 3.1e-7.
TYPED_TEST(Uniform, StreamIsUniform) {
    constexpr std::size_t count = 1'000'000;
    constexpr std::size_t bins = 10'000; // D is taken on a grid finer than the bound
    const UniformStream<TypeParam> stream(20240607, Purpose::initial);
    std::array<std::uint32_t, bins> histogram{};
    stream.for_each(3, count, [&](std::size_t, TypeParam u) {
        ++histogram[static_cast<std::size_t>(u * TypeParam(bins))];
    });
    double cumulative = 0;
    double largest = 0;
    for (std::size_t bin = 0; bin < bins; ++bin) {
        cumulative += histogram[bin];
        const double expected = static_cast<double>(bin + 1) * (static_cast<double>(count) / bins);
        largest = std::max(largest, std::abs(cumulative - expected));
    }
    EXPECT_LT(largest / std::sqrt(static_cast<double>(count)), 2.8);
}

} // namespace
