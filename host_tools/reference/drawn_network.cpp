// SPDX-License-Identifier: Apache-2.0
#include "reference/drawn_network.hpp"

#include <concepts>

#include "tinymf/model/coupling.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf::host {
namespace {

template <std::floating_point T>
using RunVector = Eigen::Matrix<T, Eigen::Dynamic, 1>;

template <class Couplings>
Eigen::MatrixXd matrix_of(const Couplings& couplings) {
    Eigen::MatrixXd matrix(couplings.neurons(), couplings.neurons());
    couplings.for_each([&matrix](std::uint32_t i, std::uint32_t j, auto value) {
        matrix(i, j) = static_cast<double>(value);
    });
    return matrix;
}

template <std::floating_point T>
Eigen::MatrixXd draw_couplings(const NetworkProblem& problem) {
    const std::uint32_t neurons = problem.shape.neurons;
    const auto reciprocity = static_cast<T>(problem.parameters.reciprocity);
    const std::uint64_t seed = problem.parameters.seed;
    if (problem.shape.coupling == model::CouplingKind::sign) {
        return matrix_of(model::SignCouplings<T>(seed, neurons, reciprocity));
    }
    return matrix_of(model::GaussianCouplings<T>(seed, neurons, reciprocity));
}

template <std::floating_point T>
Eigen::VectorXd draw_initial(const NetworkProblem& problem, std::uint32_t replica) {
    const auto& p = problem.parameters;
    RunVector<T> x = RunVector<T>::Zero(problem.shape.neurons);
    const std::span<T> values(x.data(), problem.shape.neurons);
    switch (p.initial) {
    case model::InitialKind::normal:
        random::NormalStream<T>(p.seed, random::Purpose::initial, replica).fill(values, 0);
        break;
    case model::InitialKind::uniform:
        random::UniformStream<T>(p.seed, random::Purpose::initial, replica).fill(values, 0);
        break;
    case model::InitialKind::zero:
        break;
    }
    x *= static_cast<T>(p.initial_scale);
    return x.template cast<double>();
}

random::Purpose noise_purpose(model::NoiseKind kind) {
    switch (kind) {
    case model::NoiseKind::colored:
        return random::Purpose::colored_noise;
    case model::NoiseKind::frozen:
        return random::Purpose::static_noise;
    case model::NoiseKind::white:
        break;
    }
    return random::Purpose::white_noise;
}

template <std::floating_point T>
DrawnNetwork draw(const NetworkProblem& problem) {
    DrawnNetwork drawn;
    drawn.couplings = draw_couplings<T>(problem);
    for (std::uint32_t replica = 0; replica < problem.parameters.replicas; ++replica) {
        drawn.initial.push_back(draw_initial<T>(problem, replica));
    }
    drawn.normals = [seed = problem.parameters.seed, neurons = problem.shape.neurons,
                     purpose = noise_purpose(problem.parameters.noise_kind)](
                        std::uint32_t replica, std::uint32_t step) -> Eigen::VectorXd {
        RunVector<T> n(neurons);
        random::NormalStream<T>(seed, purpose, replica).fill(std::span<T>(n.data(), neurons), step);
        return n.template cast<double>();
    };
    return drawn;
}

} // namespace

DrawnNetwork draw_network(const NetworkProblem& problem) {
    return problem.shape.scalar == experiment::ScalarKind::float32 ? draw<float>(problem)
                                                                   : draw<double>(problem);
}

} // namespace tinymf::host
