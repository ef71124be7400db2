// SPDX-License-Identifier: Apache-2.0
#include "tinymf/random/normal.hpp"

#include "tinymf/random/stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace {

using namespace tinymf;
using random::exponential;

template <class T>
class Normal : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Normal, Scalars);

/// Not a sample: one word from each of 2^20 equal strata. The stratum next to u = 0 contributes the
/// largest error, 2^-20 (1 - ln 2) to the mean and 2^-20 8.5 to the square.
TYPED_TEST(Normal, RadiusHasUnitVarianceAndKurtosisThree) {
    using Bits = numeric::Bits<TypeParam>;
    constexpr int strata_bits = 20;
    constexpr int width = std::numeric_limits<Bits>::digits;
    double mean = 0;
    double square = 0;
    for (Bits stratum = 0; stratum < (Bits{1} << strata_bits); ++stratum) {
        const auto e = static_cast<double>(exponential<TypeParam>(
            (stratum << (width - strata_bits)) + (Bits{1} << (width - strata_bits - 1))));
        mean += e;
        square += e * e;
    }
    EXPECT_NEAR(std::ldexp(mean, -strata_bits), 1.0, 1e-6);
    EXPECT_NEAR(std::ldexp(square, -strata_bits), 2.0, 2e-5);
}

TYPED_TEST(Normal, DirectionHasUnitLengthAndNoPreference) {
    using Bits = numeric::Bits<TypeParam>;
    constexpr int width = std::numeric_limits<Bits>::digits;
    constexpr int count_bits = 16;
    double cos = 0;
    double sin = 0;
    double cos_square = 0;
    for (Bits i = 0; i < (Bits{1} << count_bits); ++i) {
        const auto direction = numeric::cos_sin_turn(Bits(i << (width - count_bits)));
        const auto c = static_cast<double>(direction.cos);
        const auto s = static_cast<double>(direction.sin);
        EXPECT_NEAR(c * c + s * s, 1.0,
                    4 * static_cast<double>(std::numeric_limits<TypeParam>::epsilon()));
        cos += c;
        sin += s;
        cos_square += c * c;
    }
    EXPECT_NEAR(std::ldexp(cos, -count_bits), 0.0, 1e-8);
    EXPECT_NEAR(std::ldexp(sin, -count_bits), 0.0, 1e-8);
    EXPECT_NEAR(std::ldexp(cos_square, -count_bits), 0.5, 1e-7);
}

TYPED_TEST(Normal, ExponentialIsAccurateOverItsWholeRange) {
    using Bits = numeric::Bits<TypeParam>;
    constexpr int width = std::numeric_limits<Bits>::digits;
    const auto check = [](Bits bits) {
        // u or its complement 1 - u, whichever the bits give in full resolution.
        const bool upper = bits >> (width - 1) != 0;
        const long double part =
            (std::ldexp(static_cast<long double>(Bits(upper ? ~bits : bits)), 1) + 1) *
            std::ldexp(1.0L, -width - 1);
        const long double exact = upper ? -std::log1p(-part) : -std::log(part);
        const auto relative =
            static_cast<double>(static_cast<long double>(exponential<TypeParam>(bits)) / exact - 1);
        EXPECT_LT(std::abs(relative),
                  3 * static_cast<double>(std::numeric_limits<TypeParam>::epsilon()))
            << bits;
    };
    for (int shift = 0; shift < width; ++shift) {
        for (const Bits offset : {Bits{0}, Bits{1}, Bits{5}, Bits{0x12345}}) {
            check((Bits{1} << shift) + offset);
            check(~((Bits{1} << shift) + offset));
        }
    }
    for (Bits i = 0; i < 4096; ++i) {
        check((i << (width - 12)) + 0x9ABU);
    }
}

/// The word below which the radius exceeds r must be 2^32 e^(-r^2/2): the tail is exact, not
/// sampled.
TEST(NormalFloat, TailProbabilitiesAreExactBeyondSixSigma) {
    for (const double r : {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.5}) {
        std::uint64_t below = 0;
        std::uint64_t above = 0xFFFFFFFFU;
        while (above - below > 1) {
            const std::uint64_t middle = (below + above) / 2;
            const auto e =
                static_cast<double>(exponential<float>(static_cast<std::uint32_t>(middle)));
            (std::sqrt(2 * e) > r ? below : above) = middle;
        }
        const double expected = std::ldexp(std::exp(-r * r / 2), 32);
        EXPECT_NEAR(static_cast<double>(above), expected, 1 + 2e-6 * expected) << r;
    }
    const auto extreme = random::normals<float>({0U, 0U, 0xFFFFFFFFU, 0x80000000U});
    EXPECT_NEAR(extreme[0], 6.7637F, 1e-4F);
    EXPECT_NEAR(extreme[2], -1.526e-5F, 1e-8F);
}

struct Moments {
    std::uint64_t count = 0;
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    std::array<std::uint64_t, 3> beyond{}; // 4, 5, 6

    void add(double x) {
        ++count;
        sum += x;
        squares += x * x;
        fourths += x * x * x * x;
        for (std::size_t i = 0; i < beyond.size(); ++i) {
            beyond[i] += std::abs(x) > 4.0 + static_cast<double>(i) ? 1U : 0U;
        }
    }
};

template <class T>
Moments moments_of_four_million_draws() {
    const random::NormalStream<T> stream(1, random::Purpose::white_noise);
    Moments m;
    for (std::uint32_t step = 0; step < 4000; ++step) {
        stream.for_each(step, 1000, [&](std::size_t, T x) { m.add(static_cast<double>(x)); });
    }
    return m;
}

/// Standard errors: mean 1/sqrt n, variance sqrt(2/n), fourth moment sqrt(96/n). Bounds at 5.2 of
/// them: two-sided probability 2e-7 each, 6e-7 together. Counts beyond 4, 5, 6 sigma are Poisson
/// with means 253.4, 2.293, 0.0079: [172, 343], at most 14 and at most 2 fail with 4e-7 in sum.
TYPED_TEST(Normal, SampleMomentsAndTails) {
    const Moments m = moments_of_four_million_draws<TypeParam>();
    ASSERT_EQ(m.count, 4'000'000U);
    const auto n = static_cast<double>(m.count);
    EXPECT_NEAR(m.sum / n, 0, 5.2 / std::sqrt(n));
    EXPECT_NEAR(m.squares / n, 1, 5.2 * std::sqrt(2 / n));
    EXPECT_NEAR(m.fourths / n, 3, 5.2 * std::sqrt(96 / n));
    EXPECT_GE(m.beyond[0], 172U);
    EXPECT_LE(m.beyond[0], 343U);
    EXPECT_LE(m.beyond[1], 14U);
    EXPECT_LE(m.beyond[2], 2U);
}

} // namespace
