// SPDX-License-Identifier: Apache-2.0
#include "reference/lyapunov.hpp"

#include <cmath>
#include <random>
#include <vector>

#include "reference/scheme_run.hpp"

namespace tinymf::host {
namespace {

Eigen::VectorXd random_direction(Eigen::Index size) {
    std::mt19937_64 bits(20240229);
    std::uniform_real_distribution<double> component(-1.0, 1.0);
    return Eigen::VectorXd::NullaryExpr(size, [&] { return component(bits); }).normalized();
}

/// Mean of the blocks' means, with the standard error their scatter gives.
LyapunovEstimate mean_of_blocks(const std::vector<double>& rates) {
    constexpr std::size_t blocks = 8;
    const std::size_t length = rates.size() / blocks;
    const Eigen::Map<const Eigen::MatrixXd> table(rates.data(), static_cast<Eigen::Index>(length),
                                                  blocks);
    const Eigen::VectorXd means = table.colwise().mean().transpose();
    const double mean = means.mean();
    const double variance = (means.array() - mean).square().sum() / (blocks - 1);
    return {mean, std::sqrt(variance / blocks)};
}

} // namespace

LyapunovEstimate largest_lyapunov_exponent(const NetworkProblem& problem, const DrawnNetwork& drawn,
                                           std::uint32_t replica) {
    constexpr std::uint32_t shortest_run = 32;
    const std::uint32_t steps = problem.parameters.steps;
    if (steps < shortest_run) {
        return {.absent = "the run is too short, it has fewer than 32 steps"};
    }
    SchemeRun run(problem, problem.parameters, drawn, replica, 2);
    run.states().col(1) = random_direction(run.equation().neurons());
    std::vector<double> rates;
    while (run.step_index() < steps) {
        run.advance_with_tangent();
        const double growth = run.states().col(1).norm();
        if (!(growth > 0.0)) {
            return {.absent = "the activation is flat and forgets every perturbation"};
        }
        run.states().col(1) /= growth;
        if (run.step_index() > steps / 4) {
            rates.push_back(std::log(growth) / run.dt());
        }
    }
    return mean_of_blocks(rates);
}

} // namespace tinymf::host
