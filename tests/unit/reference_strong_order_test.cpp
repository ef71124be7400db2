// SPDX-License-Identifier: Apache-2.0
// Strong convergence under white noise: sim_core's network at dt against a fine path that has the
// same Brownian increments. Fine increments are drawn conditionally on the network's own (a
// Brownian bridge), so the network is tested as it ships and the reference refines its path.

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reference/drawn_network.hpp"
#include "reference/network_equation.hpp"
#include "reference/reference_scheme.hpp"
#include "tinymf/network/network.hpp"
#include "unit/line_fit.hpp"

namespace tinymf {
namespace {

constexpr std::size_t neurons = 128;
constexpr int substeps = 32;
using TestNetwork = network::Network<double, neurons, model::CouplingKind::gaussian, 1>;

/// Brownian increments of `substeps` equal parts of a step, given the whole increment.
Eigen::MatrixXd bridge(const Eigen::VectorXd& whole, double dt, std::mt19937_64& bits) {
    std::normal_distribution<double> normal(0.0, std::sqrt(dt / substeps));
    Eigen::MatrixXd parts =
        Eigen::MatrixXd::NullaryExpr(whole.size(), substeps, [&] { return normal(bits); });
    const Eigen::VectorXd missing = (whole - parts.rowwise().sum()) / substeps;
    return parts.colwise() + missing;
}

/// Mean square over neurons of the distance between network and fine path at the end.
double square_error(experiment::Parameters<double> parameters, double end) {
    parameters.steps = static_cast<std::uint32_t>(end / parameters.dt);
    const host::NetworkProblem problem{.parameters = parameters,
                                       .shape = {.neurons = neurons,
                                                 .coupling = model::CouplingKind::gaussian,
                                                 .scalar = experiment::ScalarKind::float64},
                                       .live_inputs = {},
                                       .state_steps = {}};
    const host::DrawnNetwork drawn = host::draw_network(problem);
    const host::NetworkEquation equation(parameters, drawn.couplings);
    const auto drive = [&](const Eigen::MatrixXd& x, double) {
        return equation.recurrent_input(x);
    };
    std::mt19937_64 bits(7);
    Eigen::MatrixXd fine = drawn.initial[0];
    const auto network = std::make_unique<TestNetwork>();
    network->configure(parameters);
    while (network->step_index() < parameters.steps) {
        const Eigen::VectorXd whole =
            std::sqrt(parameters.dt) * drawn.normals(0, network->step_index());
        const Eigen::MatrixXd parts = bridge(whole, parameters.dt, bits);
        for (int k = 0; k < substeps; ++k) {
            fine = host::reference_step(model::IntegratorKind::heun, parameters.dt / substeps, fine,
                                        drive, parameters.noise * parts.col(k));
        }
        network->step();
    }
    const auto x = network->state(0);
    return (Eigen::Map<const Eigen::VectorXd>(x.data(), neurons) - fine).squaredNorm() /
           static_cast<double>(neurons);
}

TEST(StrongOrder, EulerIsOneForAdditiveNoise) {
    std::vector<double> log_dt;
    std::vector<double> log_error;
    for (int refinement = 0; refinement < 4; ++refinement) {
        experiment::Parameters<double> parameters;
        parameters.gain = 0.9;
        parameters.noise = 0.5;
        parameters.integrator = model::IntegratorKind::euler;
        parameters.dt = std::ldexp(0x1p-4, -refinement);
        double mean_square = 0.0;
        constexpr std::uint64_t networks = 4;
        for (parameters.seed = 1; parameters.seed <= networks; ++parameters.seed) {
            mean_square += square_error(parameters, 2.0) / networks;
        }
        log_dt.push_back(std::log(parameters.dt));
        log_error.push_back(std::log(mean_square) / 2.0);
    }
    const double slope = fitted_slope(log_dt, log_error);
    RecordProperty("slope", std::to_string(slope));
    EXPECT_NEAR(slope, 1.0, 0.1);
}

} // namespace
} // namespace tinymf
