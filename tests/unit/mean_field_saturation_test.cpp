// SPDX-License-Identifier: Apache-2.0
// Numbers that do not fit the 16 bits of a path history are counted; what fits keeps its bits.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <memory>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "tinymf/mean_field/history.hpp"
#include "tinymf/mean_field/profiles.hpp"

namespace tinymf::mean_field {
namespace {

using Fixed = Storage<std::int16_t, float>;
using Sampler = ForwardSampler<float, 20, 32, std::int16_t>;
using Engine = experiment::Engine<Sampler>;

TEST(FixedStorage, RoundsToTheNearestInItsRange) {
    for (int n = -32767; n <= 32767; ++n) {
        for (const float off : {-0.4375F, 0.0F, 0.4375F}) {
            const float value = (static_cast<float>(n) + off) / 4096.0F;
            EXPECT_EQ(Fixed::store(value), n);
            EXPECT_TRUE(Fixed::fits(value)) << n << " " << off;
        }
    }
}

TEST(FixedStorage, HoldsWhatIsBeyondAtTheEnds) {
    for (const float beyond : {32767.5F, 32768.0F, 1e9F, std::numeric_limits<float>::max(),
                               std::numeric_limits<float>::infinity()}) {
        EXPECT_EQ(Fixed::store(beyond / 4096.0F), 32767);
        EXPECT_EQ(Fixed::store(-beyond / 4096.0F), -32767);
        EXPECT_FALSE(Fixed::fits(beyond / 4096.0F)) << beyond;
        EXPECT_FALSE(Fixed::fits(-beyond / 4096.0F)) << beyond;
    }
}

TEST(FixedStorage, HasNoNumberForNaNAndSaysSo) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(Fixed::store(nan), 32767); // not undefined, whatever the sign of the NaN
    EXPECT_EQ(Fixed::store(-nan), 32767);
    EXPECT_FALSE(Fixed::fits(nan));
}

TEST(History, CountsWhatItHolds) {
    const auto history = std::make_unique<History<float, std::int16_t, 2, 16>>();
    Population<float, 16> values;
    values.setConstant(1.0F);
    EXPECT_EQ(history->keep(0, values).held, 0U);
    values[3] = 8.0F;
    values[11] = -9.0F;
    const Kept kept = history->keep(1, values);
    EXPECT_EQ(kept.held, 2U);
    EXPECT_TRUE(kept.finite);
    EXPECT_EQ(values[3], 32767.0F / 4096.0F);
    values[5] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_FALSE(history->keep(1, values).finite);
}

/// Rectified outputs under strong noise: of the order of 20, where the range ends at 8.
experiment::Parameters<float> strong_noise() {
    experiment::Parameters<float> p;
    p.activation = model::ActivationKind::relu;
    p.gain = 0.5F;
    p.noise = 20.0F;
    p.dt = 0.1F;
    p.steps = 10;
    p.replicas = 2;
    return p;
}

TEST(Saturation, IsCountedFromTheFirstStepOn) {
    const auto engine = std::make_unique<Engine>();
    ASSERT_FALSE(checkpoint::configure(*engine, strong_noise()));
    // The outputs of 32 paths that start at N(0, 1) all fit.
    EXPECT_EQ(engine->saturation(), Saturation{});
    std::uint64_t before = 0;
    std::uint32_t first = 0;
    while (!engine->finished()) {
        engine->step();
        const Saturation now = engine->saturation();
        EXPECT_GE(now.count, before);
        EXPECT_LE(now.count - before, 2U * 32U);
        if (before == 0 && now.count > 0) {
            first = engine->step_index();
        }
        before = now.count;
    }
    std::printf("%llu numbers held, first at step %u\n", static_cast<unsigned long long>(before),
                first);
    EXPECT_GT(before, 100U);
    EXPECT_EQ(engine->saturation().first_step, first);
    EXPECT_GT(first, 0U);
}

TEST(Saturation, OfARestoredRunIsThatOfTheWholeRun) {
    const auto whole = std::make_unique<Engine>();
    ASSERT_FALSE(checkpoint::configure(*whole, strong_noise()));
    checkpoint::run_to(*whole, 6);
    ASSERT_GT(whole->saturation().count, 0U);
    const auto bytes = checkpoint::take(*whole, 100);
    checkpoint::run_to(*whole, whole->last_step());
    const auto restored = std::make_unique<Engine>();
    ASSERT_FALSE(checkpoint::configure(*restored, strong_noise()));
    ASSERT_FALSE(checkpoint::put(*restored, bytes, 100));
    checkpoint::run_to(*restored, restored->last_step());
    EXPECT_EQ(restored->saturation(), whole->saturation());
    ASSERT_FALSE(checkpoint::configure(*restored, strong_noise()));
    EXPECT_EQ(restored->saturation(), Saturation{}) << "another run begins anew";
}

TEST(Saturation, OfARunThatFitsIsNone) {
    auto p = strong_noise();
    p.activation = model::ActivationKind::tanh;
    p.noise = 0.5F;
    const auto engine = std::make_unique<Engine>();
    ASSERT_FALSE(checkpoint::configure(*engine, p));
    checkpoint::run_to(*engine, engine->last_step());
    EXPECT_EQ(engine->saturation(), Saturation{});
}

/// x^4 of an x beyond 1e9 is infinite, x is not: only the history sees the output.
TEST(Saturation, OfAnOutputThatIsInfiniteIsAFault) {
    auto p = strong_noise();
    p.activation = model::ActivationKind::power_law;
    p.exponent = 4.0F;
    p.gain = 100.0F;
    p.noise = 100.0F;
    p.dt = 1.0F;
    const auto engine = std::make_unique<Engine>();
    ASSERT_FALSE(checkpoint::configure(*engine, p));
    while (!engine->finished() && !engine->fault().found) {
        engine->step();
        EXPECT_TRUE(engine->fault().found || checkpoint::fields_are_sound(*engine));
    }
    // Held at 8, outputs feed back too little to overflow: both ends are right, silence is not.
    EXPECT_TRUE(engine->fault().found || engine->saturation().count > 0);
}

} // namespace
} // namespace tinymf::mean_field
