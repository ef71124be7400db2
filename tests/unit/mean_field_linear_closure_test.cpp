// SPDX-License-Identifier: Apache-2.0
#include "tinymf/mean_field/linear_closure.hpp"

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"

namespace tinymf::mean_field {
namespace {

using model::ActivationKind;

template <class T>
model::Parameters<T> linear_run(double gain, double reciprocity, std::uint32_t steps) {
    return white_noise_run<T>(ActivationKind::linear, gain, reciprocity, 1.0, steps);
}

/// (1/2 pi) int dtheta nu/beta^2 A/(1 - g^2 A), A = |R(theta)|^2: the stationary variance of the
/// scheme by quadrature over frequencies, from p R - kappa R^2 = 1 alone.
double spectral_variance(double gain, double reciprocity, double dt) {
    using Complex = std::complex<double>;
    constexpr int nodes = 4096;
    const double kappa = reciprocity * gain * gain;
    double sum = 0;
    for (int i = 0; i < nodes; ++i) {
        const double theta = 2 * std::numbers::pi * (i + 0.5) / nodes;
        const Complex p = (std::polar(1.0, -theta) - (1 - dt)) / dt;
        Complex root = std::sqrt(p * p - 4 * kappa);
        if (std::real(root * std::conj(p)) < 0) {
            root = -root;
        }
        const double a = std::norm(2.0 / (p + root));
        sum += a / (1 - gain * gain * a);
    }
    return sum / nodes / dt;
}

TEST(LinearClosure, TransientOfTheEulerScheme) {
    const auto rows = run<LinearClosure<double, 100>>(linear_run<double>(0.5, 0.5, 99));
    EXPECT_NEAR(rows.Cx[10][10], 0.675841797618, 1e-11);
    EXPECT_NEAR(rows.Cx[20][20], 0.663947679087, 2e-12);
    EXPECT_NEAR(rows.Cx[50][50], 0.676356947366, 1e-11);
    EXPECT_NEAR(rows.Cx[99][99], 0.679456905402, 1e-11);
}

TEST(LinearClosure, StationaryVariance) {
    constexpr std::uint32_t steps = 599;
    const auto exact = run<LinearClosure<double, 600>>(linear_run<double>(0.5, 0.5, steps));
    EXPECT_NEAR(exact.Cx[steps][steps], 0.6796592834, 1e-9);
    EXPECT_NEAR(exact.Cx[steps][steps], spectral_variance(0.5, 0.5, 0.1), 1e-10);
    const auto rounded = run<LinearClosure<float, 600>>(linear_run<float>(0.5, 0.5, steps));
    EXPECT_NEAR(rounded.Cx[steps][steps], 0.6796592834, 2e-6);
}

TEST(LinearClosure, StationaryVarianceForEveryReciprocity) {
    constexpr std::uint32_t steps = 399;
    for (const double reciprocity : {-1.0, -0.5, 0.0, 0.25}) {
        const auto rows =
            run<LinearClosure<double, 400>>(linear_run<double>(0.4, reciprocity, steps));
        EXPECT_NEAR(rows.Cx[steps][steps], spectral_variance(0.4, reciprocity, 0.1), 1e-10)
            << reciprocity;
    }
}

/// With antisymmetric couplings J only rotates: C = sigma^2/2 for every gain as dt -> 0. At finite
/// dt it is nu <1/((1 - alpha^2) - beta^2 g^2 l^2)> over the semicircle of l, -J^2 having that law.
TEST(LinearClosure, AntisymmetricCouplingsOnlyRotate) {
    for (const double gain : {0.3, 0.8, 1.2}) {
        std::vector<double> excess;
        for (const double dt : {0.1, 0.05}) {
            auto parameters = linear_run<double>(gain, -1.0, static_cast<std::uint32_t>(15 / dt));
            parameters.dt = dt;
            const auto rows = run<LinearClosure<double, 301>>(parameters);
            double exact = 0;
            constexpr int nodes = 2000;
            for (int i = 0; i < nodes; ++i) {
                const double angle = std::numbers::pi * (i + 0.5) / nodes;
                const double l = 2 * std::cos(angle);
                exact += 2 * std::pow(std::sin(angle), 2) / nodes * dt /
                         (1 - (1 - dt) * (1 - dt) - dt * dt * gain * gain * l * l);
            }
            EXPECT_NEAR(rows.Cx.back().back(), exact, 2e-9) << gain << " " << dt;
            excess.push_back(rows.Cx.back().back() - 0.5);
        }
        EXPECT_NEAR(excess[0] / excess[1], 2.0, 0.3) << gain;
    }
}

/// The response is a function of the lag alone and solves its recursion to rounding.
TEST(LinearClosure, ResponseSolvesItsRecursion) {
    constexpr std::size_t points = 80;
    const double gain = 0.5;
    const double reciprocity = 0.5;
    const auto rows = run<LinearClosure<double, points>>(linear_run<double>(gain, reciprocity, 79));
    std::vector<long double> r(points);
    const long double alpha = 1.0L - static_cast<long double>(0.1);
    const long double square = static_cast<long double>(0.1) * static_cast<long double>(0.1);
    const auto kappa = static_cast<long double>(reciprocity * gain * gain);
    r[1] = 1;
    for (std::size_t k = 1; k + 1 < points; ++k) {
        long double sum = 0;
        for (std::size_t a = 1; a < k; ++a) {
            sum += r[a] * r[k - a];
        }
        r[k + 1] = alpha * r[k] + square * kappa * sum;
    }
    for (std::size_t t = 0; t < points; ++t) {
        ASSERT_EQ(rows.Rx[t].size(), t);
        for (std::size_t s = 0; s < t; ++s) {
            ASSERT_NEAR(rows.Rx[t][s], static_cast<double>(r[t - s]), 1e-14) << t << " " << s;
            ASSERT_EQ(rows.Rphi[t][s], rows.Rx[t][s]);
        }
    }
}

/// As dt -> 0 the response becomes e^-tau I_1(2 sqrt(kappa) tau)/(sqrt(kappa) tau), J_1 for
/// kappa < 0; the error of Euler's scheme halves with dt.
TEST(LinearClosure, ResponseApproachesTheBesselForm) {
    constexpr double tau = 2.0;
    for (const double reciprocity : {0.5, -0.5}) {
        const double root = 0.8 * std::sqrt(std::abs(reciprocity));
        const double argument = 2 * root * tau;
        const double bessel =
            reciprocity > 0 ? std::cyl_bessel_i(1.0, argument) : std::cyl_bessel_j(1.0, argument);
        const double exact = std::exp(-tau) * bessel / (root * tau);
        std::vector<double> errors;
        for (const int per_unit : {10, 20, 40, 80}) {
            const auto steps = static_cast<std::uint32_t>(2 * per_unit + 1);
            auto parameters = linear_run<double>(0.8, reciprocity, steps);
            parameters.dt = 1.0 / per_unit;
            const auto rows = run<LinearClosure<double, 162>>(parameters);
            // Lag k stands for the time (k - 1) dt after the kick has entered.
            errors.push_back(std::abs(rows.Rx.back().front() - exact));
        }
        for (std::size_t i = 0; i + 1 < errors.size(); ++i) {
            EXPECT_NEAR(std::log2(errors[i] / errors[i + 1]), 1.0, 0.15) << reciprocity;
        }
    }
}

/// C/sigma^2 does not depend on sigma when x(0) is scaled along.
TEST(LinearClosure, ScalesWithTheNoise) {
    auto parameters = linear_run<double>(0.6, -0.3, 40);
    const auto one = run<LinearClosure<double, 41>>(parameters);
    parameters.noise = 4;
    parameters.initial_scale = 4;
    const auto four = run<LinearClosure<double, 41>>(parameters);
    for (std::size_t s = 0; s <= 40; ++s) {
        EXPECT_DOUBLE_EQ(16 * one.Cx[40][s], four.Cx[40][s]);
    }
}

/// With static noise the variance relaxes to sigma^2 S^2/(1 - g^2 S^2), S = [1 - sqrt(1 - 4
/// kappa)]/(2 kappa), whatever the step.
TEST(LinearClosure, StaticNoiseRelaxesToTheFixedPoint) {
    auto parameters = linear_run<double>(0.5, 0.5, 149);
    parameters.noise_kind = model::NoiseKind::frozen;
    parameters.dt = 0.25;
    const auto rows = run<LinearClosure<double, 150>>(parameters);
    EXPECT_NEAR(rows.Cx.back().back(), 2.089631, 1e-5);
}

TEST(LinearClosure, InputMovesTheMean) {
    auto parameters = linear_run<double>(0.5, 0.5, 399);
    parameters.stimulus = model::StimulusKind::constant;
    parameters.stimulus_amplitude = 2;
    const auto rows = run<LinearClosure<double, 400>>(parameters);
    const double susceptibility = 1.171572875254; // integral of R
    EXPECT_NEAR(rows.mean.back(), 2 * susceptibility, 1e-6);
    const double centred = rows.Cx.back().back() - rows.mean.back() * rows.mean.back();
    EXPECT_GT(centred, 0.68); // the mean outputs are one more field of covariance g^2 m^2
}

TEST(LinearClosure, RefusesWhatItCannotSolve) {
    using Closure = LinearClosure<float, 50>;
    using experiment::Field;
    const auto good = linear_run<float>(0.5, 0.5, 49);
    EXPECT_FALSE(Closure::refuse(good));
    auto bad = good;
    bad.steps = 50;
    EXPECT_EQ(Closure::refuse(bad), impossible(Field::steps));
    bad = good;
    bad.activation = ActivationKind::tanh;
    EXPECT_EQ(Closure::refuse(bad), impossible(Field::activation));
    bad = good;
    bad.integrator = model::IntegratorKind::heun;
    EXPECT_EQ(Closure::refuse(bad), impossible(Field::integrator));
    bad = good;
    bad.stimulus = model::StimulusKind::live;
    EXPECT_EQ(Closure::refuse(bad), impossible(Field::stimulus_kind));
}

} // namespace
} // namespace tinymf::mean_field
