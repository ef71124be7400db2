// SPDX-License-Identifier: Apache-2.0
// The network of sim_core against the independent reference solution: orders and distances.

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reference/network_reference.hpp"
#include "tinymf/network/network.hpp"
#include "unit/line_fit.hpp"

namespace tinymf {
namespace {

constexpr std::size_t neurons = 128;
using TestNetwork = network::Network<double, neurons, model::CouplingKind::gaussian, 1>;

host::NetworkProblem problem_of(const experiment::Parameters<double>& parameters,
                                std::vector<std::uint32_t> state_steps) {
    return {.parameters = parameters,
            .shape = {.neurons = neurons,
                      .coupling = model::CouplingKind::gaussian,
                      .scalar = experiment::ScalarKind::float64},
            .live_inputs = {},
            .state_steps = std::move(state_steps)};
}

/// Largest distance of the network's states from a row-per-state table.
double largest_error(const experiment::Parameters<double>& parameters,
                     const std::vector<std::uint32_t>& steps, const host::StateTable& expected) {
    const auto network = std::make_unique<TestNetwork>();
    network->configure(parameters);
    double largest = 0.0;
    for (std::size_t row = 0; row < steps.size(); ++row) {
        while (network->step_index() < steps[row]) {
            network->step();
        }
        const auto x = network->state(0);
        const Eigen::Map<const Eigen::RowVectorXd> state(x.data(), neurons);
        const auto error = state - expected.row(static_cast<Eigen::Index>(row));
        largest = std::max(largest, error.cwiseAbs().maxCoeff());
    }
    return largest;
}

/// A network on its way to rest, driven by a sine so that all stage times matter.
experiment::Parameters<double> smooth_experiment() {
    experiment::Parameters<double> p;
    p.gain = 0.9;
    p.seed = 5;
    p.stimulus = model::StimulusKind::sine;
    p.stimulus_amplitude = 0.5;
    p.stimulus_frequency = 0.3;
    return p;
}

struct OrderCase {
    model::IntegratorKind integrator;
    double order;
    double coarsest_dt;
};

class ConvergenceOrder : public testing::TestWithParam<OrderCase> {};

TEST_P(ConvergenceOrder, IsTheTextbookOne) {
    constexpr double end = 4.0;
    std::vector<double> log_dt;
    std::vector<double> log_error;
    for (int refinement = 0; refinement < 4; ++refinement) {
        auto parameters = smooth_experiment();
        parameters.integrator = GetParam().integrator;
        parameters.dt = std::ldexp(GetParam().coarsest_dt, -refinement);
        parameters.steps = static_cast<std::uint32_t>(end / parameters.dt);
        const auto problem = problem_of(parameters, {parameters.steps / 2, parameters.steps});
        const auto reference = host::solve_network_reference(problem);
        log_dt.push_back(std::log(parameters.dt));
        log_error.push_back(std::log(
            largest_error(parameters, problem.state_steps, reference.replicas[0].solution)));
    }
    const double slope = fitted_slope(log_dt, log_error);
    RecordProperty("slope", std::to_string(slope));
    EXPECT_NEAR(slope, GetParam().order, 0.1);
}

INSTANTIATE_TEST_SUITE_P(
    AllIntegrators, ConvergenceOrder,
    testing::Values(OrderCase{model::IntegratorKind::euler, 1.0, 0x1p-6},
                    OrderCase{model::IntegratorKind::exponential_euler, 1.0, 0x1p-6},
                    OrderCase{model::IntegratorKind::heun, 2.0, 0x1p-4},
                    OrderCase{model::IntegratorKind::rk4, 4.0, 0x1p-3}),
    [](const auto& info) {
        return std::string(
            model::integrator_names[static_cast<std::size_t>(info.param.integrator)]);
    });

TEST(ReferenceDistance, FineRk4StaysWithinTenToTheMinusSeven) {
    auto parameters = smooth_experiment();
    parameters.integrator = model::IntegratorKind::rk4;
    parameters.dt = 0.01;
    parameters.steps = 2000;
    std::vector<std::uint32_t> steps;
    for (std::uint32_t step = 0; step <= parameters.steps; step += 10) {
        steps.push_back(step);
    }
    const auto reference = host::solve_network_reference(problem_of(parameters, steps));
    const double error = largest_error(parameters, steps, reference.replicas[0].solution);
    RecordProperty("largest_error", fmt::format("{:.3g}", error));
    EXPECT_LT(error, 1e-7);
    EXPECT_GT(error, 0.0);
}

/// The scheme in double differs from the network by the order of sums and by rounding only, for
/// every activation, integrator and kind of noise.
TEST(ReferenceDistance, SameSchemeDiffersByRoundingOnly) {
    for (std::uint8_t activation = 0; activation < model::activation_names.size(); ++activation) {
        for (std::uint8_t integrator = 0; integrator < model::integrator_names.size();
             ++integrator) {
            for (std::uint8_t noise = 0; noise < model::noise_names.size(); ++noise) {
                auto parameters = smooth_experiment();
                parameters.activation = static_cast<model::ActivationKind>(activation);
                parameters.integrator = static_cast<model::IntegratorKind>(integrator);
                parameters.noise_kind = static_cast<model::NoiseKind>(noise);
                if (parameters.noise_kind != model::NoiseKind::white ||
                    model::takes_white_noise(parameters.integrator)) {
                    parameters.noise = 0.3;
                }
                parameters.reciprocity = -0.5;
                parameters.exponent = 1.5;
                parameters.steps = 100;
                const std::vector<std::uint32_t> steps{0, 1, 100};
                const auto reference = host::solve_network_reference(problem_of(parameters, steps));
                const double error = largest_error(parameters, steps, reference.replicas[0].scheme);
                EXPECT_LT(error, 1e-12)
                    << model::activation_names[activation] << ' '
                    << model::integrator_names[integrator] << ' ' << model::noise_names[noise];
            }
        }
    }
}

/// Live inputs act from the step at which they were taken: on the differential equation as jumps,
/// on the scheme as on the network.
TEST(ReferenceDistance, LiveInputsActAtTheirSteps) {
    auto parameters = smooth_experiment();
    parameters.stimulus = model::StimulusKind::live;
    parameters.integrator = model::IntegratorKind::rk4;
    parameters.dt = 0.01;
    parameters.steps = 600;
    auto problem = problem_of(parameters, {0, 100, 101, 250, 600});
    problem.live_inputs = {{.step = 100, .value = 0.7}, {.step = 250, .value = -0.4}};
    const auto reference = host::solve_network_reference(problem);

    const auto network = std::make_unique<TestNetwork>();
    network->configure(parameters);
    for (std::size_t row = 0; row < problem.state_steps.size(); ++row) {
        while (network->step_index() < problem.state_steps[row]) {
            for (const host::LiveInput& input : problem.live_inputs) {
                if (input.step == network->step_index()) {
                    network->hold_input(input.value);
                }
            }
            network->step();
        }
        const auto x = network->state(0);
        const Eigen::Map<const Eigen::RowVectorXd> state(x.data(), neurons);
        const auto at = static_cast<Eigen::Index>(row);
        EXPECT_LT((state - reference.replicas[0].scheme.row(at)).cwiseAbs().maxCoeff(), 1e-12);
        EXPECT_LT((state - reference.replicas[0].solution.row(at)).cwiseAbs().maxCoeff(), 1e-8);
    }
}

} // namespace
} // namespace tinymf
