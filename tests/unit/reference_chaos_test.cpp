// SPDX-License-Identifier: Apache-2.0
// In the chaotic regime rounding grows as the measured Lyapunov exponent says.

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reference/lyapunov.hpp"
#include "reference/rounding_growth.hpp"
#include "reference/scheme_run.hpp"
#include "tinymf/network/network.hpp"
#include "unit/line_fit.hpp"

namespace tinymf {
namespace {

constexpr std::size_t neurons = 128;

/// A network whose exponent is clearly positive; at this size exponents differ much between seeds.
host::NetworkProblem chaotic_problem(experiment::ScalarKind scalar) {
    host::NetworkProblem problem;
    problem.parameters.gain = 6.0;
    problem.parameters.dt = 0.05;
    problem.parameters.steps = 20000;
    problem.parameters.seed = 4;
    problem.shape = {
        .neurons = neurons, .coupling = model::CouplingKind::gaussian, .scalar = scalar};
    return problem;
}

/// Root-mean-square distances between the network and its scheme in double precision, step by step.
template <std::floating_point T>
std::vector<double> error_growth(const host::NetworkProblem& problem, std::uint32_t steps) {
    const auto p = host::parameters_in_run(problem);
    model::Parameters<T> parameters;
    parameters.gain = static_cast<T>(p.gain);
    parameters.dt = static_cast<T>(p.dt);
    parameters.initial_scale = static_cast<T>(p.initial_scale);
    parameters.seed = p.seed;
    const auto network =
        std::make_unique<network::Network<T, neurons, model::CouplingKind::gaussian, 1>>();
    network->configure(parameters);
    const auto drawn = host::draw_network(problem);
    host::SchemeRun reference(problem, p, drawn, 0);
    std::vector<double> errors;
    for (std::uint32_t step = 0; step <= steps; ++step) {
        const auto x = network->state(0);
        const Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, 1>> state(x.data(), neurons);
        errors.push_back((state.template cast<double>() - reference.states().col(0)).norm() /
                         std::sqrt(double{neurons}));
        network->step();
        reference.advance();
    }
    return errors;
}

/// Growth rate from well above one rounding to well below the size of the state.
double growth_rate(const std::vector<double>& errors, double dt) {
    std::vector<double> times;
    std::vector<double> logs;
    for (std::size_t k = 0; k < errors.size() && errors[k] < 1e-2; ++k) {
        if (errors[k] > 1e-14) {
            times.push_back(static_cast<double>(k) * dt);
            logs.push_back(std::log(errors[k]));
        }
    }
    EXPECT_GT(logs.size(), 100U);
    return fitted_slope(times, logs);
}

TEST(Chaos, ErrorGrowsAtTheLyapunovRate) {
    auto problem = chaotic_problem(experiment::ScalarKind::float64);
    const auto lyapunov = host::largest_lyapunov_exponent(problem, host::draw_network(problem));
    // One J, several initial states: the growth over a finite time scatters.
    constexpr int runs = 8;
    double rate = 0.0;
    for (int run = 0; run < runs; ++run) {
        problem.parameters.initial_scale = 0.5 + 0.25 * run;
        rate += growth_rate(error_growth<double>(problem, 3000), problem.parameters.dt) / runs;
    }
    RecordProperty("lyapunov",
                   fmt::format("{:.4f} +- {:.4f}", lyapunov.exponent, lyapunov.standard_error));
    RecordProperty("growth_rate", fmt::format("{:.4f}", rate));
    EXPECT_GT(lyapunov.exponent, 5.0 * lyapunov.standard_error);
    EXPECT_NEAR(rate, lyapunov.exponent, 0.2 * lyapunov.exponent);
}

TEST(Chaos, RoundingStaysWithinItsBoundToTheHorizon) {
    auto problem = chaotic_problem(experiment::ScalarKind::float32);
    for (std::uint32_t step = 0; step <= 3000; ++step) {
        problem.state_steps.push_back(step);
    }
    const std::vector<double> stop_at(problem.state_steps.size(), 0.1);
    const auto bounds = host::rounding_bounds(problem, host::draw_network(problem), 0, stop_at);
    ASSERT_LT(bounds.size(), problem.state_steps.size()) << "no horizon";
    ASSERT_GT(bounds.size(), 100U);
    const auto errors = error_growth<float>(problem, 3000);
    double closest = 0.0;
    for (std::size_t k = 1; k < bounds.size(); ++k) {
        EXPECT_LE(errors[k], bounds[k]) << "step " << k;
        closest = std::max(closest, errors[k] / bounds[k]);
    }
    RecordProperty("largest_error_over_bound", fmt::format("{:.3f}", closest));
    EXPECT_GT(closest, 0.01) << "a bound this wide would hide faults";
}

TEST(Lyapunov, LinearNetworkFollowsTheSpectralAbscissa) {
    host::NetworkProblem problem;
    problem.parameters.activation = model::ActivationKind::linear;
    problem.parameters.gain = 0.8;
    problem.parameters.dt = 0.05;
    problem.parameters.steps = 20000;
    problem.shape = {.neurons = 32,
                     .coupling = model::CouplingKind::gaussian,
                     .scalar = experiment::ScalarKind::float64};
    const auto drawn = host::draw_network(problem);
    const Eigen::VectorXcd spectrum = drawn.couplings.eigenvalues();
    double largest = -1e9;
    for (const auto& eigenvalue : spectrum) {
        const auto multiplier = 1.0 + problem.parameters.dt * (0.8 * eigenvalue - 1.0);
        largest = std::max(largest, std::log(std::abs(multiplier)) / problem.parameters.dt);
    }
    EXPECT_NEAR(host::largest_lyapunov_exponent(problem, drawn).exponent, largest, 1e-3);
}

} // namespace
} // namespace tinymf
