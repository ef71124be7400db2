// SPDX-License-Identifier: Apache-2.0
// The two-time closure of schemes of several stages: against tables of an independent program, the
// modes of a linear network, one step of the reference's integrators, and what holds for any
// scheme. Tolerances: the last printed digit of a table, rounding (1e-13), or as stated.

#include <cmath>
#include <complex>
#include <cstdio>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "equations/stage_scheme.hpp"
#include "reference/linear_two_time.hpp"
#include "reference/network_input.hpp"
#include "reference/reference_scheme.hpp"
#include "reference/two_time_closure.hpp"
#include "reference_mean_fields.hpp"
#include "theory/linear_stability.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::IntegratorKind;
using model::NoiseKind;

TwoTimeSolution solve(experiment::Parameters<double> parameters, IntegratorKind integrator) {
    parameters.integrator = integrator;
    return solve_two_time_closure(mean_field_problem(parameters));
}

/// tanh, gain 1.5, no noise, up to t = steps dt.
double chaotic_variance(IntegratorKind integrator, double dt, std::uint32_t steps) {
    auto parameters = euler_run(ActivationKind::tanh, 1.5, 0, 0, steps);
    parameters.dt = dt;
    return solve(parameters, integrator).value.Cx(steps, steps);
}

TEST(StageClosure, Tables) {
    EXPECT_NEAR(chaotic_variance(IntegratorKind::heun, 0.1, 10), .354532848, 1e-9);
    EXPECT_NEAR(chaotic_variance(IntegratorKind::heun, 0.1, 20), .341110620, 1e-9);
    EXPECT_NEAR(chaotic_variance(IntegratorKind::heun, 0.05, 20), .354873558, 1e-9);
    EXPECT_NEAR(chaotic_variance(IntegratorKind::heun, 0.05, 40), .341409055, 1e-9);
    EXPECT_NEAR(chaotic_variance(IntegratorKind::rk4, 0.1, 10), .354977433, 1e-9);
}

// A scheme of order p leaves an error c dt^p (1 + O(dt)), so halving dt shrinks the differences by
// 2^p; the O(dt) measured here is below a fifth.
TEST(StageClosure, ConvergesWithTheOrderOfTheScheme) {
    for (const auto& [integrator, order] :
         {std::pair{IntegratorKind::heun, 2}, {IntegratorKind::rk4, 4}}) {
        const double coarse = chaotic_variance(integrator, 0.25, 4);
        const double middle = chaotic_variance(integrator, 0.125, 8);
        const double fine = chaotic_variance(integrator, 0.0625, 16);
        const double ratio = (coarse - middle) / (middle - fine);
        std::printf("order %d: ratio %.3f\n", order, ratio);
        EXPECT_NEAR(ratio / std::pow(2.0, order), 1.0, 0.2);
    }
}

/// Mean over the circle of modes g e^{i psi}: what a large linear network without reciprocity
/// does, mode by mode. White noise is multiplied by Q = (P - 1)/z; coloured noise has for every
/// pair of steps its covariance.
TEST(StageClosure, LinearNetworkModeByMode) {
    constexpr int angles = 64; // exact for polynomials in e^{i psi}: their degree is 4 x 8 at most
    constexpr Eigen::Index steps = 8;
    constexpr double gain = 0.8;
    constexpr double dt = 0.1;
    constexpr double tc = 2.0;
    for (const NoiseKind noise : {NoiseKind::white, NoiseKind::colored}) {
        for (const auto integrator : {IntegratorKind::heun, IntegratorKind::rk4}) {
            auto parameters = euler_run(ActivationKind::linear, gain, 0, 0.9, steps);
            parameters.noise_kind = noise;
            parameters.noise_time = tc;
            const TwoTimeSolution solution = solve(parameters, integrator);
            TwoTimeMatrix expected = TwoTimeMatrix::Zero(steps + 1, steps + 1);
            for (int j = 0; j < angles; ++j) {
                const std::complex<double> mode =
                    std::polar(gain, 2.0 * std::numbers::pi * j / angles);
                const std::complex<double> p = step_multiplier(integrator, dt, mode);
                const std::complex<double> share = (p - 1.0) / (mode - 1.0); // of a held field
                const auto response = [&](Eigen::Index t, Eigen::Index s) {
                    return s < t ? share * std::pow(p, static_cast<double>(t - s - 1)) : 0.0;
                };
                const auto covariance = [&](Eigen::Index s, Eigen::Index u) {
                    const double lag = dt * std::abs(static_cast<double>(s - u));
                    return 0.81 * (noise == NoiseKind::colored ? std::exp(-lag / tc)
                                                               : (s == u ? 1.0 / dt : 0.0));
                };
                for (Eigen::Index t = 0; t <= steps; ++t) {
                    for (Eigen::Index s = 0; s <= steps; ++s) {
                        std::complex<double> c = std::pow(p, static_cast<double>(t)) *
                                                 std::conj(std::pow(p, static_cast<double>(s)));
                        for (Eigen::Index u = 0; u < t; ++u) {
                            for (Eigen::Index v = 0; v < s; ++v) {
                                c += response(t, u) * covariance(u, v) * std::conj(response(s, v));
                            }
                        }
                        expected(t, s) += c.real() / angles;
                    }
                }
            }
            EXPECT_LT((solution.value.Cx - expected).cwiseAbs().maxCoeff(), 1e-13);
            EXPECT_LT((solution.value.Cphi - expected).cwiseAbs().maxCoeff(), 1e-13);
            // A field on one neuron meets no couplings: the modes' average is the mode 0.
            const double p = step_multiplier(integrator, dt, 0.0).real();
            EXPECT_NEAR(solution.value.Rx(8, 3), (1.0 - p) / dt * std::pow(p, 4), 1e-14);
        }
    }
}

// Neurons without couplings: the mean and the variance are those of one equation, stepped.
TEST(StageClosure, NeuronsWithoutCouplings) {
    auto parameters = euler_run(ActivationKind::tanh, 0, 0, 0, 40);
    parameters.stimulus = model::StimulusKind::sine;
    parameters.stimulus_amplitude = 0.7;
    parameters.stimulus_frequency = 0.4;
    for (const auto integrator : {IntegratorKind::euler, IntegratorKind::exponential_euler,
                                  IntegratorKind::heun, IntegratorKind::rk4}) {
        const TwoTimeSolution solution = solve(parameters, integrator);
        const ReferenceStimulus stimulus(parameters, {});
        Eigen::MatrixXd x(1, 2); // the stimulus moves the first column only
        x << 0.0, 1.0;
        for (std::uint32_t t = 0; t < 40; ++t) {
            EXPECT_NEAR(solution.value.mean(t), x(0, 0), 1e-14);
            EXPECT_NEAR(solution.value.Cx(t, 0), x(0, 1), 1e-14);
            const auto drive = [&](const Eigen::MatrixXd&, double offset) {
                return Eigen::MatrixXd{{stimulus.at_stage(t, offset), 0.0}};
            };
            x = reference_step(integrator, parameters.dt, x, drive, Eigen::MatrixXd::Zero(1, 2));
        }
    }
}

// Fixed points do not depend on the scheme: C_x = s2 + g^2 <phi^2>, reached as exp(-t/2) here.
TEST(StageClosure, StaticNoiseRelaxesToTheFixedPointsOfAnyScheme) {
    auto parameters = euler_run(ActivationKind::linear, 0.5, 0, 1, 700);
    parameters.noise_kind = NoiseKind::frozen;
    for (const auto integrator : {IntegratorKind::euler, IntegratorKind::exponential_euler,
                                  IntegratorKind::heun, IntegratorKind::rk4}) {
        EXPECT_NEAR(solve(parameters, integrator).value.Cx(700, 690), 4.0 / 3.0, 1e-12);
    }
}

TEST(StageScheme, MultipliesAModeAsTheIntegratorDoes) {
    for (const auto integrator : {IntegratorKind::euler, IntegratorKind::exponential_euler,
                                  IntegratorKind::heun, IntegratorKind::rk4}) {
        const StageScheme scheme = stage_scheme(integrator, 0.3);
        ASSERT_EQ(scheme.stages(), model::stages(integrator));
        const std::complex<double> mode(0.4, 0.7);
        Eigen::VectorXcd y(scheme.stages() + 1);
        for (Eigen::Index a = 0; a <= scheme.stages(); ++a) {
            y(a) = scheme.state(a);
            for (Eigen::Index b = 0; b < a; ++b) {
                y(a) += scheme.field(a, b) * mode * y(b);
            }
        }
        EXPECT_LT(std::abs(y(scheme.stages()) - step_multiplier(integrator, 0.3, mode)), 1e-15);
        EXPECT_NEAR(scheme.decay() + scheme.field_share(), 1.0, 1e-15);
    }
}

} // namespace
} // namespace tinymf::host
