// SPDX-License-Identifier: Apache-2.0
// Stationary covariance of the white-noise linear network at one J, against the exact solution of
// the discrete Lyapunov equation of that J.
//
// False alarm: 528 entries, each a mean over 384 blocks (Student's t with 383 degrees of freedom),
// exceed |z| = 4.5 with probability 9.0e-6 apiece, so at most 0.5 % of seeds would fail; the seed
// is fixed.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reference/drawn_network.hpp"
#include "tinymf/network/network.hpp"

namespace tinymf {
namespace {

constexpr std::size_t neurons = 32;
constexpr int blocks = 384;
constexpr int steps_per_block = 1000; // 100 tau, some 20 correlation times

/// S with S = A S A^T + Q, by doubling: S_2m = S_m + A^m S_m (A^m)^T.
Eigen::MatrixXd discrete_lyapunov(Eigen::MatrixXd a, Eigen::MatrixXd s) {
    constexpr int doublings = 24;
    for (int k = 0; k < doublings; ++k) {
        s += a * s * a.transpose();
        a = (a * a).eval();
    }
    return s;
}

experiment::Parameters<double> linear_experiment(model::IntegratorKind integrator) {
    experiment::Parameters<double> p;
    p.activation = model::ActivationKind::linear;
    p.integrator = integrator;
    p.gain = 0.6;
    p.reciprocity = 0.3;
    p.noise = 1.0;
    p.dt = 0.1;
    p.initial = model::InitialKind::zero;
    p.seed = 2;
    p.steps = 0x7FFFFFFF;
    return p;
}

/// A and Q of x[t+1] = A x[t] + noise of covariance Q, from the scheme's definition.
struct LinearMap {
    Eigen::MatrixXd a;
    Eigen::MatrixXd q;
};

LinearMap linear_map(const experiment::Parameters<double>& p) {
    const host::NetworkProblem problem{.parameters = p,
                                       .shape = {.neurons = neurons,
                                                 .coupling = model::CouplingKind::gaussian,
                                                 .scalar = experiment::ScalarKind::float64},
                                       .live_inputs = {},
                                       .state_steps = {}};
    const Eigen::MatrixXd identity = Eigen::MatrixXd::Identity(neurons, neurons);
    const Eigen::MatrixXd coupling = p.gain * host::draw_network(problem).couplings;
    const Eigen::MatrixXd z = p.dt * (coupling - identity);
    const double variance = p.noise * p.noise * p.dt;
    switch (p.integrator) {
    case model::IntegratorKind::exponential_euler:
        return {std::exp(-p.dt) * identity - std::expm1(-p.dt) * coupling,
                -std::expm1(-2.0 * p.dt) / 2.0 * p.noise * p.noise * identity};
    case model::IntegratorKind::heun: {
        // The predictor carries the noise into the second slope.
        const Eigen::MatrixXd spread = identity + z / 2.0;
        return {identity + z + z * z / 2.0, variance * spread * spread.transpose()};
    }
    default:
        return {identity + z, variance * identity};
    }
}

class StationaryCovariance : public testing::TestWithParam<model::IntegratorKind> {};

TEST_P(StationaryCovariance, MatchesTheLyapunovEquation) {
    const auto parameters = linear_experiment(GetParam());
    const LinearMap map = linear_map(parameters);
    const Eigen::MatrixXd exact = discrete_lyapunov(map.a, map.q);

    const auto network =
        std::make_unique<network::Network<double, neurons, model::CouplingKind::gaussian, 1>>();
    network->configure(parameters);
    const auto average_block = [&] {
        Eigen::MatrixXd states(neurons, steps_per_block);
        for (int step = 0; step < steps_per_block; ++step) {
            network->step();
            const auto x = network->state(0);
            states.col(step) = Eigen::Map<const Eigen::VectorXd>(x.data(), neurons);
        }
        return Eigen::MatrixXd(states * states.transpose() / steps_per_block);
    };
    average_block(); // forget the initial state
    Eigen::MatrixXd mean = Eigen::MatrixXd::Zero(neurons, neurons);
    Eigen::MatrixXd square = mean;
    for (int block = 0; block < blocks; ++block) {
        const Eigen::MatrixXd average = average_block();
        mean += average / blocks;
        square += average.cwiseAbs2() / blocks;
    }
    const Eigen::MatrixXd standard_error = ((square - mean.cwiseAbs2()) / (blocks - 1)).cwiseSqrt();
    double largest = 0.0;
    double sum_of_squares = 0.0;
    for (Eigen::Index i = 0; i < mean.rows(); ++i) {
        for (Eigen::Index j = 0; j <= i; ++j) {
            const double z = (mean(i, j) - exact(i, j)) / standard_error(i, j);
            largest = std::max(largest, std::abs(z));
            sum_of_squares += z * z;
        }
    }
    const double entries = neurons * (neurons + 1) / 2.0;
    RecordProperty("largest_z", std::to_string(largest));
    RecordProperty("mean_square_z", std::to_string(sum_of_squares / entries));
    EXPECT_LT(largest, 4.5);
    // The standard errors are neither too wide nor too narrow.
    EXPECT_GT(sum_of_squares / entries, 0.5);
    EXPECT_LT(sum_of_squares / entries, 2.0);
}

INSTANTIATE_TEST_SUITE_P(WhiteNoise, StationaryCovariance,
                         testing::Values(model::IntegratorKind::euler,
                                         model::IntegratorKind::exponential_euler,
                                         model::IntegratorKind::heun),
                         [](const auto& info) {
                             return std::string(
                                 model::integrator_names[static_cast<std::size_t>(info.param)]);
                         });

} // namespace
} // namespace tinymf
