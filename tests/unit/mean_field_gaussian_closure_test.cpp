// SPDX-License-Identifier: Apache-2.0
#include "tinymf/mean_field/gaussian_closure.hpp"

#include <array>
#include <cmath>
#include <cstddef>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"
#include "tinymf/mean_field/linear_closure.hpp"

namespace tinymf::mean_field {
namespace {

using model::ActivationKind;
using Closure = GaussianClosure<double, 100, 64>;

/// Exact two-time values of the Euler scheme, dt = 0.1, x(0) ~ N(0,1): C_x(t,t) at t = 1, 2, 5 and
/// 9.9, C_x(9.9,5), C_phi(9.9,9.9); computed independently, by bivariate quadrature.
struct KnownValues {
    ActivationKind activation;
    double gain;
    double sigma;
    std::array<double, 6> values;
};

constexpr std::array<KnownValues, 5> known_values{{
    {ActivationKind::tanh,
     1.5,
     0.0,
     {.357240844431, .348348728034, .509955738696, .666274120080, .209238744150, .321928065128}},
    {ActivationKind::tanh,
     1.0,
     1.0,
     {.697343264466, .697780844211, .712110802678, .713493585559, .015033372371, .333859813854}},
    {ActivationKind::erf,
     1.5,
     0.0,
     {.414982475314, .470959182696, .762814488198, .931406200293, .289396954308, .451043137105}},
    {ActivationKind::erf,
     1.0,
     1.0,
     {.719620903556, .734249568478, .759142091172, .761736844680, .019785546257, .412631683695}},
    {ActivationKind::relu,
     1.0,
     1.0,
     {.719900481034, .743929649152, .805869740389, .822001863001, .178538061525, .411000931500}},
}};

template <class T>
model::Parameters<T> parameters_of(const KnownValues& known) {
    return white_noise_run<T>(known.activation, known.gain, 0.0, known.sigma, 99);
}

std::array<double, 6> observed(const TwoTimeRun& rows) {
    return {rows.Cx[10][10], rows.Cx[20][20], rows.Cx[50][50],
            rows.Cx[99][99], rows.Cx[99][50], rows.Cphi[99][99]};
}

TEST(GaussianClosure, KnownTwoTimeValues) {
    for (const KnownValues& known : known_values) {
        const auto rows = run<Closure>(parameters_of<double>(known));
        for (std::size_t i = 0; i < 6; ++i) {
            EXPECT_NEAR(observed(rows)[i], known.values[i], 2e-12)
                << model::activation_names[static_cast<std::size_t>(known.activation)] << " " << i;
        }
    }
}

/// Six terms, as small devices have them, in float32.
TEST(GaussianClosure, FewTermsInSinglePrecision) {
    for (const KnownValues& known : known_values) {
        const auto rows = run<GaussianClosure<float, 100, 6>>(parameters_of<float>(known));
        for (std::size_t i = 0; i < 6; ++i) {
            EXPECT_NEAR(observed(rows)[i], known.values[i], 4e-6)
                << model::activation_names[static_cast<std::size_t>(known.activation)] << " " << i;
        }
    }
}

/// R_x[t,s] = alpha^(t-s-1), R_phi[t,s] = <phi'(x_t)> R_x[t,s], C_x[t,0] = alpha^t C_x[0,0].
TEST(GaussianClosure, ResponsesAndFirstColumnDecayWithTheLeak) {
    for (const ActivationKind kind :
         {ActivationKind::relu, ActivationKind::tanh, ActivationKind::erf, ActivationKind::pade}) {
        const auto rows = run<Closure>(white_noise_run<double>(kind, 1.3, 0.0, 0.7, 60));
        for (std::size_t t = 1; t <= 60; ++t) {
            EXPECT_NEAR(rows.Cx[t][0], std::pow(0.9, static_cast<double>(t)), 1e-14);
            for (std::size_t s = 0; s < t; ++s) {
                const double decay = std::pow(0.9, static_cast<double>(t - s - 1));
                ASSERT_NEAR(rows.Rx[t][s], decay, 1e-14);
                ASSERT_NEAR(rows.Rphi[t][s], rows.Rphi[t][t - 1] * decay, 1e-14);
            }
        }
    }
}

/// R_phi[t+1,t] = <phi'(x_{t+1})>, which is 1 - C_phi for tanh.
TEST(GaussianClosure, SlopeOfTanhIsOneMinusItsSquare) {
    const auto rows =
        run<Closure>(white_noise_run<double>(ActivationKind::tanh, 1.5, 0.0, 0.5, 80));
    for (std::size_t t = 1; t <= 80; ++t) {
        EXPECT_NEAR(rows.Rphi[t][t - 1], 1 - rows.Cphi[t][t], 1e-12);
    }
}

TEST(GaussianClosure, LinearPhiAgreesWithTheLinearClosure) {
    auto parameters = white_noise_run<double>(ActivationKind::linear, 0.7, 0.0, 1.0, 99);
    parameters.noise_kind = model::NoiseKind::colored;
    parameters.stimulus = model::StimulusKind::sine;
    parameters.stimulus_amplitude = 0.5;
    parameters.stimulus_frequency = 0.3;
    const auto closed = run<Closure>(parameters);
    const auto linear = run<LinearClosure<double, 100>>(parameters);
    EXPECT_LT(largest_difference(closed.Cx, linear.Cx), 1e-13);
    EXPECT_LT(largest_difference(closed.Rx, linear.Rx), 1e-14);
}

TEST(GaussianClosure, CorrelationsObeyTheSchwarzInequality) {
    for (const KnownValues& known : known_values) {
        const auto rows = run<Closure>(parameters_of<double>(known));
        for (std::size_t t = 0; t < 100; ++t) {
            for (std::size_t s = 0; s <= t; ++s) {
                ASSERT_LE(std::pow(rows.Cx[t][s], 2), rows.Cx[t][t] * rows.Cx[s][s] + 1e-14);
                ASSERT_LE(std::pow(rows.Cphi[t][s], 2), rows.Cphi[t][t] * rows.Cphi[s][s] + 1e-14);
            }
        }
    }
}

/// Without noise ReLU is homogeneous: x(0) -> 3 x(0) gives C -> 9 C and leaves R alone.
TEST(GaussianClosure, ReluScalesWithTheInitialState) {
    auto parameters = white_noise_run<double>(ActivationKind::relu, 1.2, 0.0, 0.0, 99);
    const auto one = run<Closure>(parameters);
    parameters.initial_scale = 3;
    const auto three = run<Closure>(parameters);
    for (std::size_t s = 0; s <= 99; ++s) {
        EXPECT_NEAR(three.Cx[99][s], 9 * one.Cx[99][s], 1e-13 * one.Cx[99][99]);
    }
    EXPECT_LT(largest_difference(one.Rphi, three.Rphi), 1e-14);
}

/// Powers with an input: E[phi^2] and <phi'> about each mean, against a midpoint rule on either
/// side of the kink in the variable (x/reach)^(1/4).
TEST(GaussianClosure, PowersWithAnInputAreSplitAtTheirKink) {
    for (const double p : {0.3, 0.75, 2.0}) {
        auto parameters = white_noise_run<double>(ActivationKind::power_law, 0.5, 0.0, 0.5, 30);
        parameters.exponent = p;
        parameters.stimulus = model::StimulusKind::constant;
        parameters.stimulus_amplitude = 0.7;
        const auto rows = run<Closure>(parameters);
        for (const std::size_t t : {std::size_t{0}, std::size_t{5}, std::size_t{30}}) {
            const double m = rows.mean[t];
            const double v = rows.Cx[t][t] - m * m;
            double square = 0;
            constexpr int intervals = 100000;
            const double reach = 10 * std::sqrt(v) + std::abs(m);
            for (int i = 0; i < intervals; ++i) {
                const double u = (i + 0.5) / intervals;
                const double distance = reach * std::pow(u, 4);
                const double weight =
                    reach * 4 * std::pow(u, 3) / intervals / std::sqrt(2 * std::acos(-1.0) * v);
                for (const double x : {distance, -distance}) {
                    square +=
                        weight * std::pow(distance, 2 * p) * std::exp(-(x - m) * (x - m) / (2 * v));
                }
            }
            EXPECT_NEAR(rows.Cphi[t][t] / square, 1.0, 1e-8) << p << " " << t;
        }
    }
}

/// A mean of many deviations: E|m + s z|^2p by Simpson's rule, the kink far or out of sight. In
/// single precision distances from the kink of up to 5 deviations are rounded, which is a few 1e-7
/// of one deviation.
TEST(GaussianClosure, PowersFarFromTheirKinkAreSmooth) {
    constexpr double v = 0.25;
    for (const double deviations : {4.9, 5.1, 6.5, 8.4, 8.6, 12.0, 15.0, 100.0}) {
        for (const double p : {0.3, 0.75, 2.0}) {
            const double m = -deviations * std::sqrt(v);
            const auto found = [&]<class T>(T /*scalar*/) {
                HermiteQuadrature<T, 64> quadrature;
                quadrature.prepare();
                HermiteExpansion<T, 64> expansion;
                return static_cast<double>(quadrature.expand_at_kink(
                    expansion, Parity::all, static_cast<T>(m), static_cast<T>(v), [p](T x) {
                        return static_cast<T>(std::copysign(std::pow(std::abs(x), T(p)), x));
                    }));
            };
            double square = 0.0; // Simpson's rule, whose kink has no weight
            constexpr int intervals = 40000;
            for (int i = 0; i <= intervals; ++i) {
                const double z = -10.0 + 20.0 * i / intervals;
                const double share = i == 0 || i == intervals ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
                square += share * 20.0 / intervals / 3.0 * std::exp(-z * z / 2.0) /
                          std::sqrt(2.0 * std::acos(-1.0)) *
                          std::pow(std::abs(m + std::sqrt(v) * z), 2.0 * p);
            }
            EXPECT_NEAR(found(0.0) / square, 1.0, 1e-11) << deviations << " " << p;
            EXPECT_NEAR(found(0.0F) / square, 1.0, 2e-6) << deviations << " " << p;
        }
    }
}

/// x with an input: the variance is that of x minus its mean, and phi sees both.
TEST(GaussianClosure, StrongInputSaturatesTanh) {
    auto parameters = white_noise_run<double>(ActivationKind::tanh, 1.5, 0.0, 0.5, 99);
    parameters.stimulus = model::StimulusKind::constant;
    parameters.stimulus_amplitude = 40;
    const auto rows = run<Closure>(parameters);
    EXPECT_NEAR(rows.mean.back(), 40 * (1 - std::pow(0.9, 99)), 1e-11);
    EXPECT_NEAR(rows.Cphi[99][99], 1.0, 1e-12);
    EXPECT_NEAR(rows.Rphi[99][98], 0.0, 1e-12);
}

TEST(GaussianClosure, ZeroStaysZeroWithoutNoise) {
    auto parameters = white_noise_run<double>(ActivationKind::tanh, 2.0, 0.0, 0.0, 20);
    parameters.initial = model::InitialKind::zero;
    const auto rows = run<Closure>(parameters);
    EXPECT_EQ(rows.Cx[20][20], 0.0);
    EXPECT_EQ(rows.Rphi[20][19], 1.0);
}

TEST(GaussianClosure, RefusesReciprocityAndStatesThatAreNotGaussian) {
    using experiment::Field;
    const auto good = white_noise_run<double>(ActivationKind::tanh, 1.5, 0.0, 0.0, 99);
    EXPECT_FALSE(Closure::refuse(good));
    auto bad = good;
    bad.reciprocity = -0.25;
    EXPECT_EQ(Closure::refuse(bad), impossible(Field::reciprocity));
    bad = good;
    bad.initial = model::InitialKind::uniform;
    EXPECT_EQ(Closure::refuse(bad), impossible(Field::initial_kind));
    bad = good;
    bad.steps = 100;
    EXPECT_EQ(Closure::refuse(bad), impossible(Field::steps));
}

static_assert(sizeof(GaussianClosure<float, 1000, 6>) < 60 * 1024);

/// Without noise a rectifier is homogeneous: starting 2^-40 times as wide scales C by 2^-80 and
/// changes no digit (single precision, where the squares of such variances vanish).
TEST(GaussianClosure, ARectifierKnowsNoScale) {
    auto parameters = white_noise_run<float>(ActivationKind::relu, 0.4, 0.0, 0.0, 99);
    const auto wide = run<GaussianClosure<float, 100, 6>>(parameters);
    parameters.initial_scale = 0x1p-40F;
    const auto narrow = run<GaussianClosure<float, 100, 6>>(parameters);
    for (std::size_t t = 0; t < 100; ++t) {
        for (std::size_t s = 0; s <= t; ++s) {
            ASSERT_EQ(narrow.Cx[t][s], wide.Cx[t][s] * 0x1p-80) << t << " " << s;
            ASSERT_EQ(narrow.Cphi[t][s], wide.Cphi[t][s] * 0x1p-80) << t << " " << s;
        }
    }
}

} // namespace
} // namespace tinymf::mean_field
