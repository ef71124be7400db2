// SPDX-License-Identifier: Apache-2.0
// A tangent vector under couplings that only stretch each direction: its growth is known in closed
// form. Tolerance: a logarithm and a length in float32 are good to 4 ulp, and 40 of them are
// summed: 40 * 4 * 2^-24 * 5 (the largest logarithm) is 5e-5.
#include "tinymf/observe/lyapunov_estimator.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/random/stream.hpp"

namespace tinymf::observe {
namespace {

constexpr std::size_t neurons = 3;
constexpr double tolerance = 5e-5;
using Vector = std::array<float, neurons>;
using Growth = LyapunovEstimator<float, neurons>;

struct Slopes {
    Vector values;
    void apply_slope(std::span<const float, neurons> x, std::span<float, neurons> out) const {
        for (std::size_t i = 0; i < neurons; ++i) {
            out[i] = values[i] + 0.0F * x[i];
        }
    }
};

/// J moves neuron i to neuron i + 1, times its strength.
struct Shift {
    Vector strengths;
    void multiply(std::span<const float, neurons> in, std::span<float, neurons> out) const {
        for (std::size_t i = 0; i < neurons; ++i) {
            out[(i + 1) % neurons] = strengths[i] * in[i];
        }
    }
};

struct OneStep {
    float alpha;
    float beta;
};

struct System {
    Slopes slopes{{0.5F, 0.25F, 1.0F}};
    Shift couplings{{2.0F, -1.0F, 3.0F}};
    OneStep one_step{0.75F, 0.5F};
    float gain = 1.5F;

    void advance(Growth& growth, std::uint32_t step) const {
        const Vector x{};
        growth.advance(slopes, couplings, gain, one_step, std::span<const float, neurons>(x), step);
    }
};

/// The same vector in double, never scaled.
class Exact {
public:
    explicit Exact(std::uint64_t seed) {
        Vector normals{};
        random::NormalStream<float>(seed, random::Purpose::tangent).fill(normals, 0);
        for (std::size_t i = 0; i < neurons; ++i) {
            v_[i] = static_cast<double>(normals[i]);
        }
    }

    void advance(const System& s) {
        std::array<double, neurons> next{};
        for (std::size_t i = 0; i < neurons; ++i) {
            next[(i + 1) % neurons] = static_cast<double>(s.one_step.beta * s.gain) *
                                      static_cast<double>(s.couplings.strengths[i]) *
                                      static_cast<double>(s.slopes.values[i]) * v_[i];
        }
        for (std::size_t i = 0; i < neurons; ++i) {
            v_[i] = static_cast<double>(s.one_step.alpha) * v_[i] + next[i];
        }
    }

    [[nodiscard]] double log_length() const {
        return 0.5 * std::log(v_[0] * v_[0] + v_[1] * v_[1] + v_[2] * v_[2]);
    }

private:
    std::array<double, neurons> v_{};
};

double exponent(const Growth& growth) {
    EXPECT_EQ(growth.values().size(), 1U);
    return static_cast<double>(growth.values().front());
}

TEST(LyapunovEstimator, IsTheRateAtWhichTheVectorGrows) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const System system;
        Growth growth;
        growth.start(seed);
        Exact exact(seed);
        double before = exact.log_length();
        for (std::uint32_t block = 0; block < 3; ++block) {
            for (std::uint32_t step = 0; step < 10; ++step) {
                system.advance(growth, 10 * block + step);
                exact.advance(system);
            }
            growth.scale();
            growth.finish(2.0F);
            growth.begin();
            EXPECT_NEAR(exponent(growth), (exact.log_length() - before) / 2.0, tolerance);
            before = exact.log_length();
        }
    }
}

/// A vector that grows more than twofold a step overflows within 128 if nobody scales it.
TEST(LyapunovEstimator, IsScaledOftenEnoughBetweenSamples) {
    System system;
    system.gain = 5.0F;
    Growth growth;
    growth.start(1);
    Exact exact(1);
    const double before = exact.log_length();
    for (std::uint32_t step = 0; step < 200; ++step) {
        system.advance(growth, step);
        exact.advance(system);
        ASSERT_TRUE(growth.is_finite()) << step;
    }
    growth.scale();
    growth.finish(20.0F);
    EXPECT_NEAR(exponent(growth), (exact.log_length() - before) / 20.0, tolerance);
}

TEST(LyapunovEstimator, AVectorThatVanishedDecaysAtTheFastestRateThereIs) {
    System system;
    system.slopes.values = {};
    system.one_step.alpha = 0.0F;
    Growth growth;
    growth.start(1);
    system.advance(growth, 1);
    growth.scale();
    growth.finish(1.0F);
    const double smallest = static_cast<double>(std::numeric_limits<float>::min());
    EXPECT_NEAR(exponent(growth), std::log(smallest), tolerance);
    EXPECT_TRUE(growth.is_finite());
}

TEST(LyapunovEstimator, AComponentThatOverflowsIsSeen) {
    for (std::size_t i = 0; i < neurons; ++i) {
        System system;
        system.couplings.strengths = {};
        system.couplings.strengths[i] = 3e38F;
        system.gain = 100.0F;
        Growth growth;
        growth.start(1);
        EXPECT_TRUE(growth.is_finite());
        system.advance(growth, 1);
        EXPECT_FALSE(growth.is_finite()) << i;
    }
}

/// Finite, but its length is not: scaled, it is silent, and its growth is lost.
TEST(LyapunovEstimator, ALengthThatOverflowsIsSeen) {
    System system;
    system.couplings.strengths = {1e25F, 1e25F, 1e25F};
    Growth growth;
    growth.start(1);
    system.advance(growth, 1);
    EXPECT_TRUE(growth.is_finite());
    growth.scale();
    EXPECT_FALSE(growth.is_finite());
}

TEST(LyapunovEstimator, ItsBeginForgetsTheGrowthAndKeepsTheVector) {
    const System system;
    Growth growth;
    growth.start(1);
    Exact exact(1);
    for (std::uint32_t step = 1; step <= 5; ++step) {
        system.advance(growth, step);
        exact.advance(system);
    }
    growth.scale();
    growth.begin();
    const double before = exact.log_length();
    for (std::uint32_t step = 6; step <= 10; ++step) {
        system.advance(growth, step);
        exact.advance(system);
    }
    growth.scale();
    growth.finish(1.0F);
    EXPECT_NEAR(exponent(growth), exact.log_length() - before, tolerance);
    growth.start(1);
    growth.scale();
    growth.finish(1.0F);
    EXPECT_NEAR(exponent(growth), 0.0, tolerance) << "it starts at length 1, and without growth";
}

TEST(LyapunovEstimator, ACheckpointHoldsVectorGrowthAndExponent) {
    const System system;
    Growth growth;
    growth.start(1);
    for (std::uint32_t step = 1; step <= 5; ++step) {
        system.advance(growth, step);
        growth.scale();
    }
    growth.finish(0.5F);
    std::array<std::uint8_t, 4 * (neurons + 3)> bytes{};
    auto out = checkpoint::FieldWalk::reading(0, bytes);
    growth.persist(out);
    EXPECT_EQ(out.position(), bytes.size());
    Growth copy;
    copy.start(2);
    auto in = checkpoint::FieldWalk::writing(0, bytes);
    copy.persist(in);
    EXPECT_EQ(exponent(copy), exponent(growth));
    for (Growth* each : {&growth, &copy}) {
        system.advance(*each, 6);
        each->scale();
        each->finish(0.5F);
    }
    EXPECT_EQ(exponent(copy), exponent(growth));
}

} // namespace
} // namespace tinymf::observe
