// SPDX-License-Identifier: Apache-2.0
#include "tinymf/model/stimulus.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>

namespace {

using namespace tinymf::model;

constexpr std::array stages_of_a_step{StageTime::begin, StageTime::middle, StageTime::end};

template <class T>
class StimulusOf : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(StimulusOf, Scalars);

TEST(Phase, ConvertsTurnsExactly) {
    EXPECT_EQ(phase_of_turns(0.0F), 0U);
    EXPECT_EQ(phase_of_turns(0.5F), std::uint64_t{1} << 63U);
    EXPECT_EQ(phase_of_turns(0.25), std::uint64_t{1} << 62U);
    EXPECT_EQ(phase_of_turns(3.75), std::uint64_t{3} << 62U);
    EXPECT_EQ(phase_of_turns(1e30F), 0U);
    EXPECT_EQ(phase_of_turns(0x1p-64), 1U);
    EXPECT_EQ(phase_of_turns(0x1p-65), 1U);
    EXPECT_EQ(phase_of_turns(0x1.fp-66), 0U);
    EXPECT_EQ(phase_of_turns(0x1.8p-64F), 2U);
    EXPECT_EQ(phase_of_turns(0x1p-126F), 0U);
    EXPECT_EQ(phase_of_turns(0x1.fffffep-1F), ~std::uint64_t{0} << 40U);
}

TYPED_TEST(StimulusOf, NoneAndConstant) {
    const Stimulus<TypeParam> none({}, TypeParam(0.1));
    const Stimulus<TypeParam> constant(
        {.kind = StimulusKind::constant, .amplitude = TypeParam(1.25)}, TypeParam(0.1));
    for (const StageTime stage : stages_of_a_step) {
        EXPECT_EQ(none.at(3, stage), TypeParam(0));
        EXPECT_EQ(constant.at(0, stage), TypeParam(1.25));
        EXPECT_EQ(constant.at(2'000'000'000U, stage), TypeParam(1.25));
    }
}

/// The first of at most 10^6 steps in which a step stimulus is on.
template <class T>
std::uint32_t first_step_on(double onset, double dt) {
    const Stimulus<T> stimulus(
        {.kind = StimulusKind::step, .amplitude = T(-2), .onset = static_cast<T>(onset)},
        static_cast<T>(dt));
    std::uint32_t step = 0;
    while (step < 1'000'000 && !(stimulus.at(step, StageTime::end) < T(0))) {
        ++step;
    }
    return step;
}

TYPED_TEST(StimulusOf, StepStartsAtTheNearestMultipleOfDt) {
    EXPECT_EQ(first_step_on<TypeParam>(0.0, 0.1), 0U);
    EXPECT_EQ(first_step_on<TypeParam>(0.3, 0.1), 3U);
    EXPECT_EQ(first_step_on<TypeParam>(5.0, 0.05), 100U);
    EXPECT_EQ(first_step_on<TypeParam>(0.14, 0.1), 1U);
    EXPECT_EQ(first_step_on<TypeParam>(0.16, 0.1), 2U);
    EXPECT_EQ(first_step_on<TypeParam>(1048576.0, 1e-5), 1'000'000U); // later than any run
}

TYPED_TEST(StimulusOf, StepIsConstantWithinAStep) {
    const Stimulus<TypeParam> stimulus(
        {.kind = StimulusKind::step, .amplitude = TypeParam(-2), .onset = TypeParam(0.25)},
        TypeParam(0.125));
    for (const StageTime stage : stages_of_a_step) {
        EXPECT_EQ(stimulus.at(1, stage), TypeParam(0));
        EXPECT_EQ(stimulus.at(2, stage), TypeParam(-2));
    }
}

TYPED_TEST(StimulusOf, SineFollowsItsFormulaAtEveryStage) {
    const double dt = 0.05;
    const double frequency = 0.3;
    const Stimulus<TypeParam> stimulus({.kind = StimulusKind::sine,
                                        .amplitude = TypeParam(1.5),
                                        .frequency = static_cast<TypeParam>(frequency)},
                                       static_cast<TypeParam>(dt));
    for (std::uint32_t step = 0; step < 1000; ++step) {
        for (const StageTime stage : stages_of_a_step) {
            const double t = (step + 0.5 * static_cast<double>(stage)) * dt;
            const double expected = 1.5 * std::sin(2 * std::acos(-1.0) * frequency * t);
            const double tolerance = sizeof(TypeParam) == 4 ? 1e-5 : 1e-13;
            EXPECT_NEAR(static_cast<double>(stimulus.at(step, stage)), expected, tolerance);
        }
        EXPECT_EQ(stimulus.at(step, StageTime::end), stimulus.at(step + 1, StageTime::begin));
    }
}

/// With dt a power of two the phase per half step is exact, whatever the frequency: 2^30 and 10^9
/// steps later the phase still is, to the last of its 64 bits.
TYPED_TEST(StimulusOf, SinePhaseDoesNotDrift) {
    const Stimulus<TypeParam> stimulus(
        {.kind = StimulusKind::sine, .amplitude = TypeParam(1), .frequency = TypeParam(0.375)},
        TypeParam(0x1p-7F));
    // 0.375 2^-8 turns a half step = 3 2^-11: 2048 half steps are 3 turns.
    const std::uint64_t unit = std::uint64_t{3} << 53U;
    EXPECT_EQ(stimulus.phase(1, StageTime::begin), 2 * unit);
    EXPECT_EQ(stimulus.phase(1U << 30U, StageTime::begin), 0U);
    EXPECT_EQ(stimulus.phase(1'000'000'000U, StageTime::middle), (2'000'000'001U % 2048U) * unit);
    EXPECT_EQ(stimulus.at(1'000'000'000U, StageTime::middle),
              stimulus.at((2'000'000'001U % 2048U) / 2, StageTime::middle));
}

/// An inexact frequency: after 10^9 steps the phase is still that of the one rounded increment.
TEST(StimulusDouble, SineAfterABillionSteps) {
    const double frequency = 0.1;
    const double dt = 0.05;
    const Stimulus<double> stimulus(
        {.kind = StimulusKind::sine, .amplitude = 1.0, .frequency = frequency}, dt);
    constexpr std::uint32_t step = 1'000'000'000U;
    // Nearly 5 10^6 turns; the excess of the rounded product over 0.0025 is what is left.
    const long double turns = static_cast<long double>(frequency * (dt / 2)) * 2 * step;
    const long double fraction = turns - std::floor(turns);
    const auto expected = static_cast<double>(std::sin(2 * std::acos(-1.0L) * fraction));
    EXPECT_NEAR(stimulus.at(step, StageTime::begin), expected, 1e-9);
}

TYPED_TEST(StimulusOf, LiveHoldsTheLastValue) {
    Stimulus<TypeParam> stimulus({.kind = StimulusKind::live}, TypeParam(0.1));
    EXPECT_EQ(stimulus.at(0, StageTime::begin), TypeParam(0));
    stimulus.hold(TypeParam(0.75));
    EXPECT_EQ(stimulus.held(), TypeParam(0.75));
    for (const StageTime stage : stages_of_a_step) {
        EXPECT_EQ(stimulus.at(12, stage), TypeParam(0.75));
    }
}

TEST(StimulusDeathTest, OnlyLiveTakesValues) {
    Stimulus<float> stimulus({.kind = StimulusKind::constant}, 0.1F);
    EXPECT_DEATH(stimulus.hold(1.0F), "live");
}

} // namespace
