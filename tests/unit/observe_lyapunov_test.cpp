// SPDX-License-Identifier: Apache-2.0
// The tangent vector's growth against the eigenvalues of the very couplings of a linear network,
// where it has no sampling error: after the transient it grows as |1 + dt (g lambda - 1)| does,
// lambda being the eigenvalue of J with the largest real part.
//
// Tolerance: a complex pair turns the vector, which leaves a part of at most one e-folding at
// either end of the average over 6000 steps of dt = 0.1: 2/600; float32 adds rounding of 1e-4.

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "tinymf/experiment/parameters.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf {
namespace {

constexpr std::size_t neurons = 32;

template <class T>
double observed_exponent(const experiment::Parameters<T>& p, Eigen::MatrixXd& couplings) {
    using Network = network::Network<T, neurons, model::CouplingKind::gaussian>;
    auto network =
        std::make_unique<observe::ObservedNetwork<Network, 4, observe::Covariances::none>>();
    network->configure(p);
    network->observe(p.observation);
    couplings.resize(neurons, neurons);
    for (std::size_t i = 0; i < neurons; ++i) {
        for (std::size_t j = 0; j < neurons; ++j) {
            couplings(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) =
                static_cast<double>(network->couplings().at(i, j));
        }
    }
    while (!network->observation_is_due()) {
        network->step();
    }
    return static_cast<double>(network->observed(observe::ObservedArray::lyapunov).values.front());
}

/// Logarithm of the largest |eigenvalue|, from powers of the matrix.
double growth_rate(Eigen::MatrixXd matrix) {
    double rate = 0.0;
    for (double share = 1.0; share > 1e-12; share /= 2.0) {
        const double norm = matrix.norm();
        rate += share * std::log(norm);
        matrix /= norm;
        matrix = matrix.lazyProduct(matrix).eval();
    }
    return rate;
}

template <class T>
void expect_fastest_mode(std::uint64_t seed, double reciprocity) {
    experiment::Parameters<T> p;
    p.activation = model::ActivationKind::linear;
    p.gain = T(0.8);
    p.reciprocity = static_cast<T>(reciprocity);
    p.dt = T(0.1);
    p.seed = seed;
    p.observation = {.observables = observe::set_of(observe::Observable::lyapunov),
                     .sample_every = 60,
                     .after = 3000,
                     .block = 100,
                     .lags = 1};
    Eigen::MatrixXd couplings;
    const double observed = observed_exponent(p, couplings);
    const double expected =
        growth_rate(0.9 * Eigen::MatrixXd::Identity(neurons, neurons) + 0.1 * 0.8 * couplings) /
        0.1;
    std::printf("seed %u, eta %.1f: observed %.6f, fastest mode %.6f\n",
                static_cast<unsigned>(seed), reciprocity, observed, expected);
    EXPECT_NEAR(observed, expected, 2.0 / 600.0 + 1e-4);
}

TEST(LyapunovExponent, IsTheFastestModeOfALinearNetwork) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        expect_fastest_mode<double>(seed, 0.0);
        expect_fastest_mode<float>(seed, 0.0);
        expect_fastest_mode<float>(seed, 1.0);
    }
}

} // namespace
} // namespace tinymf
