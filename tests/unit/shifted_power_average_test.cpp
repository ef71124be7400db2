// SPDX-License-Identifier: Apache-2.0
// Averages of a power law over a normal law with a mean, against closed forms and against
// quadrature of the definition.

#include <cmath>
#include <numbers>

#include <boost/math/quadrature/tanh_sinh.hpp>
#include <gtest/gtest.h>

#include "reference/shifted_power_average.hpp"

namespace tinymf::host {
namespace {

/// Some roundings of 24 coefficients, each taken from the two before.
constexpr double roundings = 1e-13;

void expect_near(double value, double expected, double p, double z) {
    EXPECT_NEAR(value, expected, roundings * std::abs(expected)) << "p = " << p << ", z = " << z;
}

TEST(ShiftedPowerAverage, WholePowersAreKnown) {
    for (double z = 0.0; z <= 40.0; z += 0.03125) {
        expect_near(ShiftedPowerAverage(1.0).value(z), z, 1.0, z);
        expect_near(ShiftedPowerAverage(2.0).value(z),
                    (z * z + 1.0) * std::erf(z / std::numbers::sqrt2) +
                        z * std::sqrt(2.0 / std::numbers::pi) * std::exp(-z * z / 2.0),
                    2.0, z);
        expect_near(ShiftedPowerAverage(3.0).value(z), z * z * z + 3.0 * z, 3.0, z);
    }
}

TEST(ShiftedPowerAverage, IsOdd) {
    const ShiftedPowerAverage average(0.7);
    for (const double z : {0.0, 0.3, 5.0, 11.99, 12.01, 1e6}) {
        EXPECT_EQ(average.value(-z), -average.value(z)) << z;
    }
}

/// The definition, split at the kink; shares of an interval, so that its ends are met exactly.
double by_quadrature(double p, double z) {
    boost::math::quadrature::tanh_sinh<double> rule;
    const auto part = [&](double sign, double length) {
        return length * rule.integrate(
                            [&](double share) {
                                const double size = length * share; // of x, from the kink on
                                const double xi = sign * size - z;
                                return std::pow(size, p) * std::exp(-xi * xi / 2.0);
                            },
                            0.0, 1.0, 1e-12);
    };
    const double below = z < 9.0 ? part(-1.0, 10.0) : 0.0;
    return (part(1.0, z + 10.0) - below) / std::sqrt(2.0 * std::numbers::pi);
}

TEST(ShiftedPowerAverage, IsWhatItsDefinitionSays) {
    constexpr double of_quadrature = 1e-11; // its own estimate is 1e-12
    for (const double p : {0.1, 0.5, 0.76, 1.3, 2.5, 7.9}) {
        const ShiftedPowerAverage average(p);
        for (const double z : {0.25, 0.5, 1.0, 3.3, 6.74, 11.999, 12.001, 25.0}) {
            const double expected = by_quadrature(p, z);
            EXPECT_NEAR(average.value(z), expected, of_quadrature * expected)
                << "p = " << p << ", z = " << z;
        }
    }
}

TEST(ShiftedPowerAverage, FarOutThePowerIsLeft) {
    EXPECT_DOUBLE_EQ(ShiftedPowerAverage(0.4).value(1e12), std::pow(1e12, 0.4));
}

} // namespace
} // namespace tinymf::host
