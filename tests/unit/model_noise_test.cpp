// SPDX-License-Identifier: Apache-2.0
#include "tinymf/model/noise.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

namespace {

using namespace tinymf::model;

template <class T>
class NoiseOf : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(NoiseOf, Scalars);

TYPED_TEST(NoiseOf, ColoredCoefficientsAreStationary) {
    const auto ulp = static_cast<double>(std::numeric_limits<TypeParam>::epsilon());
    for (const double dt : {1.0, 0.1, 0.01, 0.0001}) {
        const auto c =
            colored_coefficients(TypeParam(1.5), TypeParam(2), static_cast<TypeParam>(dt));
        const auto decay = static_cast<double>(c.decay);
        const auto kick = static_cast<double>(c.kick);
        EXPECT_NEAR(decay, std::exp(-static_cast<double>(static_cast<TypeParam>(dt)) / 2), ulp);
        // kick^2 = sigma^2 (1 - decay^2) for the decay in use, to a few ulp of itself
        EXPECT_NEAR(kick * kick / (2.25 * (1 - decay) * (1 + decay)), 1.0, 6 * ulp) << dt;
    }
}

/// 2000 neurons, dt = noise_time/4, lags 0, 4 and 16 steps measured between step 0 and 20 against
/// sigma^2 exp(-lag dt/noise_time). Products of standard normals of correlation rho have variance
/// 1 + rho^2, averaged here over 2000 neurons: bounds at 5.5 standard errors, probability 4e-8
/// each.
TYPED_TEST(NoiseOf, ColoredNoiseIsStationaryWithTheRightCorrelation) {
    constexpr std::size_t neurons = 2000;
    constexpr double sigma = 0.7;
    const Noise<TypeParam> noise(NoiseKind::colored, TypeParam(sigma), TypeParam(2), TypeParam(0.5),
                                 5);
    std::vector<std::vector<TypeParam>> path(21, std::vector<TypeParam>(neurons));
    noise.start(path[0], 0);
    for (std::uint32_t step = 0; step + 1 < path.size(); ++step) {
        path[step + 1] = path[step];
        noise.advance(path[step + 1], step, 0);
    }
    const auto expect_correlation = [&](std::size_t s, std::size_t t) {
        double sum = 0;
        for (std::size_t i = 0; i < neurons; ++i) {
            sum += static_cast<double>(path[s][i]) * static_cast<double>(path[t][i]);
        }
        const double rho = std::exp(-0.25 * static_cast<double>(t - s));
        const double standard_error = std::sqrt((1 + rho * rho) / neurons);
        EXPECT_NEAR(sum / (neurons * sigma * sigma), rho, 5.5 * standard_error) << s << "," << t;
    };
    expect_correlation(0, 0);
    expect_correlation(0, 4);
    expect_correlation(0, 16);
    expect_correlation(20, 20);
    expect_correlation(4, 20);
}

TYPED_TEST(NoiseOf, StaticNoiseStays) {
    const Noise<TypeParam> noise(NoiseKind::frozen, TypeParam(2), TypeParam(1), TypeParam(0.1), 5);
    std::array<TypeParam, 9> field{};
    noise.start(field, 0);
    const auto before = field;
    for (std::uint32_t step = 0; step < 100; ++step) {
        noise.advance(field, step, 0);
    }
    EXPECT_EQ(field, before);
    EXPECT_NE(field[0], field[1]);
    EXPECT_EQ(noise.white_sigma(), TypeParam(0));
}

/// Static noise scales with sigma: 10^4 draws, variance within 5.5 sqrt(2/n) of sigma^2.
TYPED_TEST(NoiseOf, StaticNoiseHasVarianceSigmaSquared) {
    constexpr std::size_t neurons = 10'000;
    const Noise<TypeParam> noise(NoiseKind::frozen, TypeParam(3), TypeParam(1), TypeParam(0.1), 8);
    std::vector<TypeParam> field(neurons);
    noise.start(field, 0);
    double squares = 0;
    for (const TypeParam value : field) {
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    EXPECT_NEAR(squares / (9.0 * neurons), 1.0, 5.5 * std::sqrt(2.0 / neurons));
}

TYPED_TEST(NoiseOf, WhiteNoiseIsNoField) {
    const Noise<TypeParam> noise(NoiseKind::white, TypeParam(2), TypeParam(1), TypeParam(0.1), 5);
    std::array<TypeParam, 3> field{TypeParam(1), TypeParam(2), TypeParam(3)};
    noise.start(field, 0);
    noise.advance(field, 0, 0);
    EXPECT_EQ(field, (std::array<TypeParam, 3>{}));
    EXPECT_EQ(noise.white_sigma(), TypeParam(2));
    std::array<TypeParam, 3> now{};
    std::array<TypeParam, 3> next{};
    std::array<TypeParam, 3> again{};
    noise.white(now, 7, 0);
    noise.white(next, 8, 0);
    noise.white(again, 7, 0);
    EXPECT_EQ(now, again);
    EXPECT_NE(now, next);
}

TYPED_TEST(NoiseOf, ReplicasAreIndependentOfEachOther) {
    for (const NoiseKind kind : {NoiseKind::colored, NoiseKind::frozen}) {
        const Noise<TypeParam> noise(kind, TypeParam(1), TypeParam(1), TypeParam(0.1), 5);
        std::array<TypeParam, 8> first{};
        std::array<TypeParam, 8> second{};
        noise.start(first, 0);
        noise.start(second, 1);
        EXPECT_NE(first, second);
    }
}

} // namespace
