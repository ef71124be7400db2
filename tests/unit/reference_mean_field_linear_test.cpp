// SPDX-License-Identifier: Apache-2.0
// The exact linear mean field against closed forms: recursion and Bessel function for R, spectral
// integrals for C, and the identities of the fluctuation-dissipation theorem. Tolerances: rounding,
// or the last printed digit of a table, unless stated.

#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "line_fit.hpp"
#include "reference/effective_neurons.hpp"
#include "reference/linear_two_time.hpp"
#include "reference_mean_fields.hpp"
#include "theory/linear_correlation.hpp"
#include "theory/linear_response.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::IntegratorKind;

experiment::Parameters<double> linear_run(double gain, double reciprocity, std::uint32_t steps) {
    return euler_run(ActivationKind::linear, gain, reciprocity, 1.0, steps);
}

TwoTimeSolution solve(const experiment::Parameters<double>& parameters) {
    return solve_linear_two_time(mean_field_problem(parameters));
}

/// The last entry of a run long enough to forget x(0): the slowest rate is 1 - g (1 + eta) at
/// least.
double last_variance(const TwoTimeSolution& solution) {
    const auto last = solution.value.Cx.rows() - 1;
    return solution.value.Cx(last, last);
}

TEST(LinearTwoTime, TransientOfTheTable) {
    const TwoTimeSolution solution = solve(linear_run(0.5, 0.5, 99));
    const auto& c = solution.value.Cx;
    EXPECT_NEAR(c(10, 10), .675841797618, 1e-12);
    EXPECT_NEAR(c(20, 20), .663947679087, 1e-12);
    EXPECT_NEAR(c(50, 50), .676356947366, 1e-12);
    EXPECT_NEAR(c(99, 99), .679456905402, 1e-12);
    EXPECT_EQ(solution.times.size(), 100U);
    EXPECT_DOUBLE_EQ(solution.times[99], 9.9);
    EXPECT_FALSE(solution.sampled());
}

TEST(LinearTwoTime, StationaryVariancesOfTheTables) {
    struct Row {
        double gain, reciprocity, dt;
        IntegratorKind integrator;
        double variance;
        double digits;
        std::uint32_t steps; ///< until x(0) is forgotten
    };
    constexpr auto euler = IntegratorKind::euler;
    constexpr auto exponential = IntegratorKind::exponential_euler;
    for (const Row& row : std::vector<Row>{{.5, .5, .1, euler, .6796592834, 1e-10, 700},
                                           {.5, 0, .1, euler, .6079476701, 1e-10, 400},
                                           {.5, -.5, .1, euler, .5644709381, 1e-10, 300},
                                           {.4, 1, .1, euler, .6513274633, 1e-10, 600},
                                           {.8, -1, .1, euler, .5453497993, 1e-10, 300},
                                           {.2, .5, .2, euler, .5721028756, 1e-10, 200},
                                           {.5, .5, .1, exponential, .645922, 1e-6, 400},
                                           {.5, -.5, .1, exponential, .536043, 1e-6, 200},
                                           {.4, 1, .1, exponential, .619062, 1e-6, 300}}) {
        auto parameters = linear_run(row.gain, row.reciprocity, row.steps);
        parameters.dt = row.dt;
        parameters.integrator = row.integrator;
        const double variance = last_variance(solve(parameters));
        std::printf("g=%g eta=%g dt=%g: %.11f\n", row.gain, row.reciprocity, row.dt, variance);
        EXPECT_NEAR(variance, row.variance, row.digits) << row.gain << " " << row.reciprocity;
    }
}

TEST(LinearTwoTime, ResponseIsItsRecursionAndNearsTheBesselFunctionInFirstOrder) {
    for (const double reciprocity : {1.0, 0.5, -0.5, -1.0}) {
        std::vector<double> log_dt;
        std::vector<double> log_error;
        for (const std::uint32_t steps : {25U, 50U, 100U, 200U}) {
            auto parameters = linear_run(0.45, reciprocity, steps);
            parameters.dt = 5.0 / steps;
            const TwoTimeSolution solution = solve(parameters);
            const double kappa = reciprocity * 0.45 * 0.45;
            const auto recursion =
                discrete_linear_response(TimeScheme::euler(parameters.dt), kappa, steps + 1);
            for (std::uint32_t k = 0; k <= steps; ++k) {
                EXPECT_NEAR(solution.value.Rx(steps, steps - k), recursion[k], 1e-14) << k;
            }
            double error = 0.0;
            for (std::uint32_t tau = 1; tau <= 5; ++tau) {
                const auto lag = static_cast<Eigen::Index>(tau * steps / 5);
                error = std::max(
                    error, std::abs(solution.value.Rphi(lag, 0) - linear_response_at(tau, kappa)));
            }
            log_dt.push_back(std::log(parameters.dt));
            log_error.push_back(std::log(error));
        }
        const double order = fitted_slope(log_dt, log_error);
        std::printf("eta=%g: R approaches the Bessel function with order %.3f\n", reciprocity,
                    order);
        EXPECT_NEAR(order, 1.0, 0.1); // between dt = 0.2 and 0.025 the next order still shows
    }
}

TEST(LinearTwoTime, CorrelationIsTheSpectralIntegralOnceStationary) {
    const auto parameters = linear_run(0.5, -0.5, 500);
    const TwoTimeSolution solution = solve(parameters);
    const LinearModel model{0.5, -0.5, drive_of(parameters), TimeScheme::euler(0.1)};
    for (const int lag : {0, 1, 5, 10, 50}) {
        EXPECT_NEAR(solution.value.Cx(500, 500 - lag), linear_correlation(model, lag * 0.1), 1e-12)
            << lag;
    }
}

TEST(LinearTwoTime, AntisymmetricCouplingsOnlyRotateInTheLimitOfSmallSteps) {
    for (const double gain : {0.5, 1.2}) {
        std::vector<double> log_dt;
        std::vector<double> log_error;
        for (const double dt : {0.04, 0.02, 0.01}) {
            auto parameters = linear_run(gain, -1.0, static_cast<std::uint32_t>(6.0 / dt));
            parameters.dt = dt;
            parameters.initial_scale = std::sqrt(0.5); // the stationary state from the start
            log_dt.push_back(std::log(dt));
            log_error.push_back(std::log(std::abs(last_variance(solve(parameters)) - 0.5)));
        }
        const double order = fitted_slope(log_dt, log_error);
        std::printf("g=%g, eta=-1: C(t,t) approaches sigma^2/2 with order %.3f, off by %.2e\n",
                    gain, order, std::exp(log_error.back()));
        EXPECT_NEAR(order, 1.0, 0.1); // the next order: g^2 dt at most 0.06
        EXPECT_LT(std::exp(log_error.back()), 0.01);
    }
}

TEST(LinearTwoTime, SymmetricCouplingsObeyTheDiscreteFluctuationDissipationTheorem) {
    const TwoTimeSolution solution = solve(linear_run(0.4, 1.0, 700));
    const auto& c = solution.value.Cx;
    const auto& r = solution.value.Rx;
    constexpr double nu = 0.1;
    for (const Eigen::Index k : {1, 2, 5, 20, 50}) {
        const Eigen::Index t = 700;
        // Rounding of a difference of two correlations, over nu.
        EXPECT_NEAR(r(t, t - k), (c(t, t - k + 1) - c(t, t - k - 1)) / nu, 1e-12) << k;
    }
}

TEST(LinearTwoTime, ConstantInputMovesTheMeanByTheStaticResponse) {
    auto parameters = linear_run(0.5, 0.5, 700);
    parameters.stimulus = model::StimulusKind::constant;
    parameters.stimulus_amplitude = 0.3;
    const TwoTimeSolution moved = solve(parameters);
    const double mean = 0.3 * static_linear_response(0.125);
    // R decays as exp(-(1 - 2 sqrt(kappa)) t) / t^1.5, and its integral beyond t = 70 is missing.
    EXPECT_NEAR(moved.value.mean(700), mean, 1e-11);
    // Uncentred moments: the mean's square, and through g^2 C what the mean of J = 0 makes of it.
    parameters.stimulus = model::StimulusKind::none;
    parameters.noise_kind = model::NoiseKind::frozen;
    parameters.noise = 0.3; // a frozen field of the same second moment
    const TwoTimeSolution frozen = solve(parameters);
    auto silent = linear_run(0.5, 0.5, 700);
    EXPECT_NEAR(last_variance(moved), last_variance(frozen) + last_variance(solve(silent)), 1e-11);
}

/// Moment-matched effective neurons make no sampling error in linear problems; this is another
/// method for every kind of drive, input and start.
TEST(LinearTwoTime, EqualsMatchedEffectiveNeurons) {
    for (const auto noise :
         {model::NoiseKind::white, model::NoiseKind::colored, model::NoiseKind::frozen}) {
        for (const auto initial :
             {model::InitialKind::normal, model::InitialKind::uniform, model::InitialKind::zero}) {
            auto parameters = linear_run(0.6, -0.4, 40);
            parameters.noise_kind = noise;
            parameters.noise_time = 0.7;
            parameters.initial = initial;
            parameters.integrator = IntegratorKind::exponential_euler;
            parameters.stimulus = model::StimulusKind::sine;
            parameters.stimulus_amplitude = 0.5;
            parameters.stimulus_frequency = 0.3;
            const MeanFieldProblem problem = mean_field_problem(parameters);
            const TwoTimeSolution exact = solve_linear_two_time(problem);
            const TwoTimeSolution sampled =
                solve_effective_neurons(problem, {.paths = 60, .populations = 2});
            const double difference = largest_difference(exact.value, sampled.value);
            std::printf("noise %d, start %d: %.1e\n", static_cast<int>(noise),
                        static_cast<int>(initial), difference);
            // Without white noise the diagonal of the field is raised by 1e-6.
            EXPECT_LT(difference, noise == model::NoiseKind::white ? 1e-12 : 1e-6);
            EXPECT_LT(sampled.standard_error.Cx.maxCoeff(), 1e-11);
        }
    }
}

TEST(LinearTwoTime, GrowsBeyondTheCriticalGainUntilItOverflows) {
    const TwoTimeSolution growing = solve(linear_run(0.8, 0.5, 200));
    EXPECT_GT(last_variance(growing), 2.0 * growing.value.Cx(100, 100));
    try {
        solve(linear_run(20.0, 0.5, 800));
        FAIL() << "no overflow";
    } catch (const HostError& error) {
        std::printf("%s\n", error.what());
        EXPECT_NE(std::string(error.what()).find("overflows"), std::string::npos);
        EXPECT_NE(std::string(error.what()).find("1/(1 + reciprocity) = 0.666667"),
                  std::string::npos);
    }
}

} // namespace
} // namespace tinymf::host
