// SPDX-License-Identifier: Apache-2.0
#include "tinymf/mean_field/power_average.hpp"

#include <cmath>
#include <memory>
#include <numbers>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"

namespace tinymf::mean_field {
namespace {

constexpr double exponents[] = {0.0625, 0.1, 0.3, 0.5, 0.6, 0.75, 0.9, 1.0, 1.5, 2.0, 3.0, 4.0};

/// F, F' and int F by the power series of its hypergeometric function.
struct Series {
    double value = 0.0;
    double derivative = 0.0;
    double integral = 0.0;

    Series(double p, double rho) {
        const double a = (1.0 - p) / 2.0;
        double term =
            std::pow(2.0, p + 1.0) / std::numbers::pi * std::pow(std::tgamma(1.0 + p / 2.0), 2);
        for (int n = 0; n < 4000 && term * std::pow(rho * rho, n) != 0.0; ++n) {
            const double order = 2.0 * n + 1.0;
            value += term * std::pow(rho, order);
            derivative += order * term * std::pow(rho, order - 1.0);
            integral += term * std::pow(rho, order + 1.0) / (order + 1.0);
            term *= (a + n) * (a + n) / ((1.5 + n) * (n + 1.0));
        }
    }
};

double second_moment(double p) {
    return std::pow(2.0, p) * std::tgamma(p + 0.5) / std::sqrt(std::numbers::pi);
}

/// The bounds are those that the header states.
template <class T>
void expect_series(double bound, double slope_bound) {
    for (const double p : exponents) {
        PowerAverage<T> average;
        const auto table = std::make_unique<typename PowerAverage<T>::Table>();
        average.prepare(static_cast<T>(p), *table);
        const double whole = second_moment(p);
        EXPECT_NEAR(static_cast<double>(average.value(*table, T(1))) / whole, 1.0, bound) << p;
        for (const double rho : {-0.9, -0.2, 0.0, 1e-3, 0.1, 0.5, 0.9, 0.97}) {
            const Series exact(p, rho);
            const auto found = average.product(*table, static_cast<T>(rho));
            EXPECT_NEAR(static_cast<double>(found.value) / whole, exact.value / whole, bound)
                << p << " " << rho;
            EXPECT_NEAR(static_cast<double>(found.derivative) / whole, exact.derivative / whole,
                        slope_bound)
                << p << " " << rho;
            EXPECT_NEAR(static_cast<double>(found.integral) / whole, exact.integral / whole,
                        10.0 * bound)
                << p << " " << rho;
        }
    }
}

TEST(PowerAverage, EqualsItsHypergeometricSeries) {
    expect_series<double>(2e-13, 3e-12);
}

TEST(PowerAverage, SinglePrecision) {
    expect_series<float>(2e-6, 2e-4);
}

/// Close to full correlation the series does not converge: 1 - F/F(1) goes as theta^2 for p > 1/2,
/// with the slope F'(1) = p^2 E|z|^(2p-2), and at p = 1/2 as theta^2 ln theta.
TEST(PowerAverage, FallsFromFullCorrelationWithItsSlope) {
    PowerAverage<double> average;
    const auto table = std::make_unique<PowerAverage<double>::Table>();
    average.prepare(1.5, *table);
    const double slope = 1.5 * 1.5 * std::sqrt(2.0 / std::numbers::pi); // p^2 E|z|
    for (const double short_of_one : {1e-4, 1e-6, 1e-8}) {
        const double fall = second_moment(1.5) - average.value(*table, 1.0 - short_of_one);
        EXPECT_NEAR(fall / short_of_one, slope,
                    slope * (2.0 * short_of_one + 1e-14 / short_of_one));
    }
}

/// The closure's C_x(t,t) for tanh's counterpart: the exact recursion of the header of
/// gaussian_closure.hpp, here with the series; two inputs of different variances.
TEST(PowerAverage, ServesTheClosureAtEveryExponent) {
    for (const double p : {0.3, 0.75, 0.9, 2.0}) {
        auto parameters =
            white_noise_run<double>(model::ActivationKind::power_law, 0.3, 0.0, 0.5, 23);
        parameters.exponent = p;
        parameters.initial_scale = 0.8;
        const auto rows = run<GaussianClosure<double, 40, 64>>(parameters);
        const double x = 0.09;
        std::vector<std::vector<double>> c{{0.64}};
        const auto output = [&](std::size_t t, std::size_t s) {
            const double both = c[t][t] * c[s][s];
            const double rho = c[std::max(t, s)][std::min(t, s)] / std::sqrt(both);
            const double f = t == s ? second_moment(p) : Series(p, rho).value;
            return std::pow(both, p / 2.0) * f;
        };
        for (std::size_t t = 0; t < 23; ++t) {
            std::vector<double> next;
            double field = 0.0;
            for (std::size_t s = 0; s <= t; ++s) {
                next.push_back(0.9 * c[t][s] + 0.1 * field);
                if (s < t) {
                    field = 0.9 * field + 0.1 * x * output(t, s);
                }
            }
            next.push_back(0.9 * (0.9 * c[t][t] + 0.2 * field) + 0.01 * x * output(t, t) +
                           0.1 * 0.25);
            c.push_back(next);
        }
        EXPECT_LT(largest_difference(rows.Cx, c), 1e-12) << p;
    }
}

} // namespace
} // namespace tinymf::mean_field
