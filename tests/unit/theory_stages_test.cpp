// SPDX-License-Identifier: Apache-2.0
// Stationary mean field on the grids of Heun and RK4, where every stage of a step has a field of
// its own: against independent tables, one-stage schemes, linear modes, the two-time closure, the
// continuum that it converges to, and simulated networks.

#include <cmath>
#include <cstdio>
#include <vector>

#include <Eigen/Dense>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <gtest/gtest.h>

#include "reference/reference_scheme.hpp"
#include "reference/two_time_closure.hpp"
#include "theory/discrete_lyapunov.hpp"
#include "theory/fluctuating_state.hpp"
#include "theory/linear_scheme_variance.hpp"
#include "theory/linear_stability.hpp"
#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::IntegratorKind;
using model::NoiseKind;

Prediction on_grid(Parameters parameters, IntegratorKind integrator, double dt,
                   std::vector<double> tau = {0.5}) {
    parameters.integrator = integrator;
    parameters.dt = dt;
    return predict(parameters, {.tau = std::move(tau), .discrete = true});
}

FluctuatingState state_of(const Parameters& parameters, const TimeScheme& scheme) {
    return fluctuating_state(parameters, drive_of(parameters), scheme).value();
}

// Tables of an independent program, to their last digit.
TEST(StageTheory, HeunTanh) {
    const Parameters parameters = theory_parameters(ActivationKind::tanh, 0.5, 1.0);
    const auto variance = [&](double dt) {
        return state_of(parameters, TimeScheme::grid(IntegratorKind::heun, dt)).average.variance();
    };
    std::printf("dt = 0.1: %.10f, dt = 0.2: %.10f\n", variance(0.1), variance(0.2));
    EXPECT_NEAR(variance(0.1), .53468, 5e-6);
    EXPECT_NEAR(variance(0.2), .53006, 5e-6);
}

// Of one stage the equations are those of the lag grid, solved in another way. Tolerance: the
// iterations stop at 1e-12 of the variance, and errors of slow modes are a few times that.
TEST(StageTheory, OfOneStageIsTheLagGrid) {
    for (const Parameters& parameters :
         {theory_parameters(ActivationKind::tanh, 1.5, 1.0),
          theory_parameters(ActivationKind::tanh, 2.0, 0.0),
          theory_parameters(ActivationKind::tanh, 1.2, 1.0, NoiseKind::colored),
          theory_parameters(ActivationKind::relu, 1.0, 1.0),
          theory_parameters(ActivationKind::erf, 0.5, 1.0)}) {
        for (const auto& scheme : {TimeScheme::euler(0.2), TimeScheme::exponential_euler(0.2)}) {
            const Drive drive = drive_of(parameters);
            const auto stages = stage_state(parameters, drive, scheme);
            const auto lags = lag_grid_state(parameters, drive, scheme);
            ASSERT_TRUE(stages && lags);
            const std::vector<double> tau{0.0, 0.2, 1.0, 5.0};
            for (std::size_t j = 0; j < tau.size(); ++j) {
                EXPECT_NEAR(stages->correlation_at(tau)[j], lags->correlation_at(tau)[j], 1e-10);
            }
            EXPECT_NEAR(stages->plateau, lags->plateau, 1e-10);
            EXPECT_NEAR(stages->lyapunov_exponent(), lags->lyapunov_exponent(), 1e-9);
        }
    }
}

// A sum over modes gives the variance of a linear network, the slowest mode its growth.
TEST(StageTheory, LinearNetworks) {
    for (const auto integrator : {IntegratorKind::heun, IntegratorKind::rk4}) {
        for (const double gain : {0.0, 0.5, 0.8}) {
            const Parameters parameters = linear_parameters(gain, 0.0);
            const Prediction p = on_grid(parameters, integrator, 0.1);
            EXPECT_NEAR(p.stationary.input_variance.value(),
                        linear_scheme_variance(integrator, 0.1, gain, 0.0).value(), 1e-11);
            EXPECT_DOUBLE_EQ(p.participation.long_window.value(), std::pow(1 - gain * gain, 2));
            const FluctuatingState state = state_of(parameters, TimeScheme::grid(integrator, 0.1));
            EXPECT_NEAR(state.lyapunov_exponent(), linear_growth_rate(integrator, 0.1, gain, 0.0),
                        1e-9);
        }
    }
}

// Static noise: fixed points are the continuum's, their growth rate is that of the scheme.
TEST(StageTheory, FixedPoints) {
    const Parameters parameters =
        theory_parameters(ActivationKind::tanh, 1.0, 1.0, NoiseKind::frozen);
    const Prediction p = on_grid(parameters, IntegratorKind::heun, 0.2);
    const Prediction continuum = predict(parameters);
    EXPECT_EQ(p.stationary.input_variance.value(), continuum.stationary.input_variance.value());
    const double amplification = 1.0 + continuum.largest_lyapunov_exponent.value();
    const double z = 0.2 * (amplification - 1.0);
    EXPECT_NEAR(p.largest_lyapunov_exponent.value(), std::log(1 + z + z * z / 2) / 0.2, 1e-12);
}

// The two-time closure, which steps forward in time, relaxes to the stationary state: by t = 18 to
// exp(-2 (t - tau) sqrt(1 - u)), 1e-9 of it at the longest lag.
TEST(StageTheory, IsWhereTheTwoTimeClosureEnds) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 0.8, 0.5);
    parameters.integrator = IntegratorKind::heun;
    parameters.dt = 0.5;
    parameters.steps = 40;
    const auto two_time = solve_two_time_closure(mean_field_problem(parameters)).value;
    const std::vector<double> tau{0.5, 1.0, 3.0};
    const Prediction p = on_grid(parameters, IntegratorKind::heun, 0.5, tau);
    EXPECT_NEAR(p.stationary.input_variance.value(), two_time.Cx(40, 40), 1e-8);
    EXPECT_NEAR(p.stationary.output_variance.value(), two_time.Cphi(40, 40), 1e-8);
    for (std::size_t j = 0; j < tau.size(); ++j) {
        const Eigen::Index s = 40 - std::lround(tau[j] / 0.5);
        EXPECT_NEAR(p.stationary.input_correlation.value()[j], two_time.Cx(40, s), 1e-8);
        EXPECT_NEAR(p.stationary.output_correlation.value()[j], two_time.Cphi(40, s), 1e-8);
        EXPECT_NEAR(p.stationary.response.value()[j], two_time.Rphi(40, s), 1e-8);
    }
}

// Halving dt divides the distance from the continuum by 2^order, but for terms of the next order:
// Heun 2, RK4 without noise 4, with coloured noise, which is held over a step, 2.
TEST(StageTheory, ConvergesToTheContinuumWithTheOrderOfTheScheme) {
    struct Case {
        Parameters parameters;
        IntegratorKind integrator;
        double dt;
        int order;
    };
    for (const Case& c :
         {Case{theory_parameters(ActivationKind::tanh, 1.5, 1.0), IntegratorKind::heun, 0.1, 2},
          Case{theory_parameters(ActivationKind::tanh, 2.0, 0.0), IntegratorKind::heun, 0.2, 2},
          Case{theory_parameters(ActivationKind::tanh, 2.0, 0.0), IntegratorKind::rk4, 0.4, 4},
          Case{theory_parameters(ActivationKind::tanh, 1.2, 1.0, NoiseKind::colored),
               IntegratorKind::rk4, 0.2, 2}}) {
        const FluctuatingState coarse =
            state_of(c.parameters, TimeScheme::grid(c.integrator, c.dt));
        const FluctuatingState fine =
            state_of(c.parameters, TimeScheme::grid(c.integrator, c.dt / 2));
        const FluctuatingState continuum = state_of(c.parameters, TimeScheme::continuum());
        const auto ratio = [&](auto&& quantity) {
            return (quantity(coarse) - quantity(continuum)) /
                   (quantity(fine) - quantity(continuum)) / std::pow(2.0, c.order);
        };
        const double of_variance =
            ratio([](const FluctuatingState& s) { return s.average.variance(); });
        const double of_exponent =
            ratio([](const FluctuatingState& s) { return s.lyapunov_exponent(); });
        std::printf("order %d, dt = %g: %.3f, %.3f\n", c.order, c.dt, of_variance, of_exponent);
        EXPECT_NEAR(of_variance, 1.0, 0.2);
        EXPECT_NEAR(of_exponent, 1.0, 0.2);
    }
}

// The onset of chaos, found from the stability margin alone, is where the exponent vanishes.
TEST(StageTheory, OnsetOfChaos) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 1.2, 0.25);
    const double onset = on_grid(parameters, IntegratorKind::heun, 0.2).critical_gain.value();
    std::printf("onset at gain %.8f\n", onset);
    EXPECT_NEAR(onset, 1.47556803, 0.02); // the continuum's, from which it differs by O(dt^2)
    parameters.gain = onset;
    const auto state = state_of(parameters, TimeScheme::grid(IntegratorKind::heun, 0.2));
    EXPECT_NEAR(state.lyapunov_exponent(), 0.0, 1e-8);
}

/// Mean growth of a tangent vector of a random tanh network, per time constant.
double simulated_exponent(IntegratorKind integrator, double dt, double gain, double sigma,
                          std::uint32_t seed) {
    constexpr Eigen::Index neurons = 256;
    constexpr int settling = 40;
    constexpr int steps = 400;
    boost::random::mt19937_64 engine(seed);
    boost::random::normal_distribution<double> normal;
    const auto draw = [&] { return normal(engine); };
    Eigen::MatrixXd couplings = Eigen::MatrixXd::NullaryExpr(neurons, neurons, draw) *
                                (gain / std::sqrt(static_cast<double>(neurons)));
    couplings.diagonal().setZero();
    Eigen::MatrixXd states = Eigen::MatrixXd::NullaryExpr(neurons, 2, draw); // x, tangent
    const auto drive = [&](const Eigen::MatrixXd& x, double) -> Eigen::MatrixXd {
        Eigen::MatrixXd output(neurons, 2);
        output.col(0) = x.col(0).array().tanh();
        output.col(1) = (1.0 - output.col(0).array().square()) * x.col(1).array();
        return couplings * output;
    };
    double growth = 0.0;
    for (int t = -settling; t < steps; ++t) {
        Eigen::MatrixXd increment = Eigen::MatrixXd::Zero(neurons, 2);
        increment.col(0) =
            sigma * std::sqrt(dt) * Eigen::VectorXd::NullaryExpr(neurons, draw).array();
        states = reference_step(integrator, dt, states, drive, increment);
        const double norm = states.col(1).norm();
        states.col(1) /= norm;
        growth += t < 0 ? 0.0 : std::log(norm);
    }
    return growth / (steps * dt);
}

// Steps of half a time constant, where the schemes differ much. What 256 neurons lie off the limit,
// O(1/N), is here within the sampling error, and the difference of two schemes on the same
// couplings and noise, which has a quarter of that error, sees less of it.
TEST(StageTheory, LyapunovExponentOfSimulatedNetworks) {
    constexpr int networks = 24;
    constexpr double dt = 0.5;
    constexpr double gain = 1.0;
    constexpr double sigma = 1.0;
    const auto limit = [&](IntegratorKind integrator) {
        return state_of(theory_parameters(ActivationKind::tanh, gain, sigma * sigma),
                        TimeScheme::grid(integrator, dt))
            .lyapunov_exponent();
    };
    const double heun = limit(IntegratorKind::heun);
    const double euler = limit(IntegratorKind::euler);
    Eigen::ArrayXd of_heun(networks);
    Eigen::ArrayXd difference(networks);
    for (int j = 0; j < networks; ++j) {
        const auto seed = static_cast<std::uint32_t>(j + 1);
        of_heun(j) = simulated_exponent(IntegratorKind::heun, dt, gain, sigma, seed);
        difference(j) =
            of_heun(j) - simulated_exponent(IntegratorKind::euler, dt, gain, sigma, seed);
    }
    const auto error = [](const Eigen::ArrayXd& values) {
        const double n = static_cast<double>(values.size());
        return std::sqrt((values - values.mean()).square().sum() / (n - 1.0) / n);
    };
    std::printf("heun %.5f +- %.5f, theory %.5f; heun - euler %.5f +- %.5f, theory %.5f\n",
                of_heun.mean(), error(of_heun), heun, difference.mean(), error(difference),
                heun - euler);
    // Student's t with 23 degrees of freedom exceeds 6.7 with probability 8e-7.
    EXPECT_LT(std::abs(difference.mean() - (heun - euler)), 6.7 * error(difference));
    EXPECT_LT(std::abs(of_heun.mean() - heun), 6.7 * error(of_heun));
}

} // namespace
} // namespace tinymf::host
