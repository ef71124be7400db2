// SPDX-License-Identifier: Apache-2.0
#include "tinymf/model/integrator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace tinymf::model;

template <class T>
class StepOf : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(StepOf, Scalars);

TYPED_TEST(StepOf, EulerCoefficients) {
    for (const IntegratorKind kind : {IntegratorKind::euler, IntegratorKind::heun}) {
        const auto c = one_step_coefficients(kind, TypeParam(0.25), TypeParam(3));
        EXPECT_EQ(c.alpha, TypeParam(0.75));
        EXPECT_EQ(c.beta, TypeParam(0.25));
        EXPECT_EQ(c.root_nu, TypeParam(1.5));
    }
}

TYPED_TEST(StepOf, ExponentialEulerCoefficients) {
    const auto ulp = static_cast<double>(std::numeric_limits<TypeParam>::epsilon());
    for (const double dt : {0.001, 0.05, 0.1, 0.5, 1.0}) {
        const auto step = static_cast<TypeParam>(dt);
        const auto exact = static_cast<double>(step);
        const auto c = one_step_coefficients(IntegratorKind::exponential_euler, step, TypeParam(2));
        EXPECT_NEAR(static_cast<double>(c.alpha), std::exp(-exact), ulp);
        EXPECT_NEAR(static_cast<double>(c.beta), -std::expm1(-exact), ulp);
        EXPECT_NEAR(static_cast<double>(c.root_nu), std::sqrt(-2 * std::expm1(-2 * exact)),
                    ulp / std::sqrt(exact) * 2);
    }
}

/// alpha + beta = 1: the fixed points do not depend on the step.
TYPED_TEST(StepOf, FixedPointsDoNotDependOnTheStep) {
    for (const IntegratorKind kind : {IntegratorKind::euler, IntegratorKind::exponential_euler,
                                      IntegratorKind::heun, IntegratorKind::rk4}) {
        for (int i = 1; i <= 1000; ++i) {
            const auto c =
                one_step_coefficients(kind, static_cast<TypeParam>(i * 1e-3), TypeParam(0));
            EXPECT_EQ(c.alpha + c.beta, TypeParam(1)) << i;
            EXPECT_EQ(c.root_nu, TypeParam(0));
        }
    }
}

/// At zero gain the stationary variance nu/(1 - alpha^2) of the exponential step is sigma^2/2, also
/// where alpha is coarse.
TYPED_TEST(StepOf, ExponentialEulerKeepsTheVarianceAtZeroGain) {
    const auto ulp = static_cast<double>(std::numeric_limits<TypeParam>::epsilon());
    for (const double dt : {1e-4, 1e-3, 0.05, 0.7}) {
        const auto c = one_step_coefficients(IntegratorKind::exponential_euler,
                                             static_cast<TypeParam>(dt), TypeParam(1));
        const auto alpha = static_cast<double>(c.alpha);
        const auto root_nu = static_cast<double>(c.root_nu);
        EXPECT_NEAR(root_nu * root_nu / ((1 - alpha) * (1 + alpha)), 0.5, 4 * ulp) << dt;
    }
}

TEST(Integrator, StagesAndNoise) {
    EXPECT_EQ(stages(IntegratorKind::euler), 1);
    EXPECT_EQ(stages(IntegratorKind::exponential_euler), 1);
    EXPECT_EQ(stages(IntegratorKind::heun), 2);
    EXPECT_EQ(stages(IntegratorKind::rk4), 4);
    EXPECT_TRUE(takes_white_noise(IntegratorKind::heun));
    EXPECT_FALSE(takes_white_noise(IntegratorKind::rk4));
}

TEST(IntegratorDeathTest, RefusesStepsAndNoiseOutOfRange) {
    EXPECT_DEATH(static_cast<void>(one_step_coefficients(IntegratorKind::euler, 0.0F, 1.0F)), "dt");
    EXPECT_DEATH(static_cast<void>(one_step_coefficients(IntegratorKind::euler, 1.5F, 1.0F)), "dt");
    EXPECT_DEATH(static_cast<void>(one_step_coefficients(IntegratorKind::rk4, 0.1F, 1.0F)),
                 "takes_white_noise");
}

} // namespace
