// SPDX-License-Identifier: Apache-2.0
#include "tinymf/model/activation.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace tinymf::model;

constexpr std::array kinds{ActivationKind::linear, ActivationKind::relu,      ActivationKind::tanh,
                           ActivationKind::erf,    ActivationKind::power_law, ActivationKind::pade};

/// The Pade function here has every order, so that each coefficient is seen.
template <class T>
Activation<T> sample(ActivationKind kind) {
    return {.kind = kind,
            .power_law = {.exponent = T(0.75)},
            .pade = {.numerator = {T(1), T(0.4), T(0.05), T(0.01)},
                     .denominator = {T(0.9), T(0.1), T(0.03), T(0.002)}}};
}

double reference(ActivationKind kind, double x) {
    switch (kind) {
    case ActivationKind::linear:
        return x;
    case ActivationKind::relu:
        return std::fmax(x, 0.0);
    case ActivationKind::tanh:
        return std::tanh(x);
    case ActivationKind::erf:
        return std::erf(x);
    case ActivationKind::power_law:
        return std::copysign(std::pow(std::abs(x), 0.75), x);
    case ActivationKind::pade:
        break;
    }
    return x * (1 + 0.4 * std::pow(x, 2) + 0.05 * std::pow(x, 4) + 0.01 * std::pow(x, 6)) /
           (1 + 0.9 * std::pow(x, 2) + 0.1 * std::pow(x, 4) + 0.03 * std::pow(x, 6) +
            0.002 * std::pow(x, 8));
}

std::vector<double> grid() {
    std::vector<double> points;
    for (int i = -800; i <= 800; ++i) {
        points.push_back(0.01 * i);
    }
    return points;
}

TEST(Activation, FollowsItsFormula) {
    for (const ActivationKind kind : kinds) {
        const auto phi = sample<double>(kind);
        const auto phi_float = sample<float>(kind);
        for (const double x : grid()) {
            const double expected = reference(kind, x);
            EXPECT_NEAR(phi(x), expected, 1e-15 * (1 + std::abs(expected)))
                << static_cast<int>(kind) << " at " << x;
            EXPECT_NEAR(static_cast<double>(phi_float(static_cast<float>(x))), expected,
                        6e-7 * (1 + std::abs(expected)))
                << static_cast<int>(kind) << " at " << x;
        }
    }
}

/// Near x = 0.005 the third derivative of the power law makes the difference err by 5e-7 of itself.
TEST(Activation, SlopeIsTheDerivative) {
    constexpr double h = 1e-5;
    for (const ActivationKind kind : kinds) {
        const auto phi = sample<double>(kind);
        for (const double x : grid()) {
            if (std::abs(x) < 0.005) {
                continue; // ReLU and the power law have no derivative there
            }
            const double difference = (phi(x + h) - phi(x - h)) / (2 * h);
            EXPECT_NEAR(phi.slope(x), difference, 2e-6 * (1 + std::abs(difference)))
                << static_cast<int>(kind) << " at " << x;
        }
    }
}

TEST(Activation, SlopeAtRestIsStated) {
    EXPECT_EQ(Linear<float>{}.slope(0.0F), 1.0F);
    EXPECT_EQ(Relu<float>{}.slope(0.0F), 0.0F);
    EXPECT_EQ(Relu<float>{}.slope(-0.0F), 0.0F);
    EXPECT_EQ(Tanh<float>{}.slope(0.0F), 1.0F);
    EXPECT_NEAR(Erf<double>{}.slope(0.0), 2 / std::sqrt(std::acos(-1.0)), 1e-16);
    EXPECT_EQ(PowerLaw<float>{.exponent = 0.75F}.slope(0.0F), 0.0F);
    EXPECT_EQ(PowerLaw<float>{.exponent = 1.0F}.slope(0.0F), 1.0F);
    EXPECT_EQ(PowerLaw<float>{.exponent = 2.0F}.slope(0.0F), 0.0F);
    EXPECT_EQ((Pade<float>{.numerator = {3.0F}, .denominator = {1.0F}}.slope(0.0F)), 3.0F);
}

template <class T>
class ActivationOf : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(ActivationOf, Scalars);

TYPED_TEST(ActivationOf, StaysFiniteAtTheEndsOfTheFormat) {
    using Limits = std::numeric_limits<TypeParam>;
    for (const ActivationKind kind : kinds) {
        auto phi = sample<TypeParam>(kind);
        phi.power_law.exponent = TypeParam(0.0625);
        phi.pade = {.numerator = {TypeParam(1)}, .denominator = {TypeParam(1) / TypeParam(3)}};
        const TypeParam largest =
            kind == ActivationKind::pade ? std::sqrt(Limits::max()) / TypeParam(2) : Limits::max();
        for (const TypeParam magnitude :
             {TypeParam(0), Limits::denorm_min(), Limits::min() / 2, Limits::min(), largest}) {
            for (const TypeParam x : {magnitude, -magnitude}) {
                EXPECT_TRUE(std::isfinite(phi(x))) << static_cast<int>(kind) << " at " << x;
                EXPECT_TRUE(std::isfinite(phi.slope(x))) << static_cast<int>(kind) << " at " << x;
            }
        }
    }
}

TYPED_TEST(ActivationOf, RectifiesNegativeZero) {
    EXPECT_FALSE(std::signbit(Relu<TypeParam>{}(-TypeParam(0))));
}

/// Vectorised loops and single calls give the same bits, in place too.
TYPED_TEST(ActivationOf, VectorsEqualSingleCalls) {
    using Bits = tinymf::numeric::Bits<TypeParam>;
    for (const ActivationKind kind : kinds) {
        const auto phi = sample<TypeParam>(kind);
        std::vector<TypeParam> x;
        for (const double point : grid()) {
            x.push_back(static_cast<TypeParam>(point));
        }
        std::vector<TypeParam> y(x.size());
        std::vector<TypeParam> slope(x.size());
        std::vector<TypeParam> in_place = x;
        phi.apply(x, y);
        phi.apply_slope(x, slope);
        phi.apply(in_place, in_place);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const volatile TypeParam single = x[i];
            ASSERT_EQ(std::bit_cast<Bits>(y[i]), std::bit_cast<Bits>(phi(single)));
            ASSERT_EQ(std::bit_cast<Bits>(slope[i]), std::bit_cast<Bits>(phi.slope(single)));
            ASSERT_EQ(std::bit_cast<Bits>(in_place[i]), std::bit_cast<Bits>(y[i]));
        }
    }
}

TEST(ActivationDeathTest, RefusesAnUnknownKind) {
    const Activation<float> broken{.kind = static_cast<ActivationKind>(6)};
    EXPECT_DEATH(static_cast<void>(broken(1.0F)), "kind");
}

TEST(ActivationDeathTest, RefusesSpansOfDifferentLength) {
    std::array<float, 2> in{};
    std::array<float, 3> out{};
    EXPECT_DEATH(Activation<float>{}.apply(in, out), "size");
}

} // namespace
