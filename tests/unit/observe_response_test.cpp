// SPDX-License-Identifier: Apache-2.0
// Responses from the noise that a network has anyway (Novikov), against the exact value without
// couplings, and against finite perturbations of two copies of the same network under the same
// noise.
//
// Tolerance: 5 standard errors, each estimate's from the scatter of its independent blocks (false
// alarm 6e-7 a Gaussian comparison, 1.2e-5 for Student's t with 39 degrees of freedom; the seeds
// are fixed).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/experiment/parameters.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"
#include "tinymf/random/stream.hpp"

namespace tinymf {
namespace {

constexpr std::size_t neurons = 128;
constexpr std::uint32_t lags = 12;
constexpr int blocks = 40;
constexpr double most_errors = 5.0;

using Plain = network::Network<double, neurons, model::CouplingKind::gaussian>;
using Observed = observe::ObservedNetwork<Plain, lags, observe::Covariances::none>;

struct Estimate {
    double mean = 0.0;
    double error = 0.0;
};

Estimate estimate(const std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    double sum = 0.0;
    double squares = 0.0;
    for (const double value : values) {
        sum += value;
        squares += value * value;
    }
    const double mean = sum / n;
    return {mean, std::sqrt(std::max(squares / n - mean * mean, 0.0) / (n - 1.0))};
}

experiment::Parameters<double> noisy(model::ActivationKind activation, double gain,
                                     double reciprocity) {
    experiment::Parameters<double> p;
    p.activation = activation;
    p.gain = gain;
    p.reciprocity = reciprocity;
    p.noise = 1.0;
    p.dt = 0.1;
    p.seed = 5;
    p.replicas = 2;
    p.observation = {.observables = observe::set_of(observe::Observable::response),
                     .sample_every = 1,
                     .after = 200,
                     .block = 600,
                     .lags = lags};
    return p;
}

/// R_phi of every lag, from the blocks of one run.
std::vector<Estimate> by_noise(const experiment::Parameters<double>& p) {
    auto network = std::make_unique<Observed>();
    network->configure(p);
    network->observe(p.observation);
    std::array<std::vector<double>, lags> values;
    while (values[0].size() < blocks) {
        network->step();
        if (network->observation_is_due()) {
            const auto response = network->observed(observe::ObservedArray::rphi).values;
            for (std::size_t lag = 0; lag < lags; ++lag) {
                values[lag].push_back(response[lag]);
            }
        }
    }
    std::vector<Estimate> estimates;
    for (const auto& of_lag : values) {
        estimates.push_back(estimate(of_lag));
    }
    return estimates;
}

/// The same by kicks of +-h e_i with random signs e: mean_i e_i (phi_i^+ - phi_i^-)/(2h).
std::vector<Estimate> by_kicks(const experiment::Parameters<double>& p) {
    constexpr double h = 1e-4;
    auto plus = std::make_unique<Plain>();
    auto minus = std::make_unique<Plain>();
    plus->configure(p);
    for (std::uint32_t step = 0; step < p.observation.after; ++step) {
        plus->step();
    }
    *minus = *plus;
    std::array<std::vector<double>, lags> values;
    const random::UniformStream<double> signs(p.seed, random::Purpose::tangent);
    for (std::uint32_t kick = 0; kick < 200; ++kick) {
        std::array<double, neurons> e{};
        signs.fill(e, kick);
        for (double& sign : e) {
            sign = sign < 0.5 ? -1.0 : 1.0;
        }
        auto shift = e;
        for (double& value : shift) {
            value *= h;
        }
        plus->perturb(0, shift);
        for (double& value : shift) {
            value = -value;
        }
        minus->perturb(0, shift);
        for (std::size_t lag = 0; lag < lags; ++lag) {
            double sum = 0.0;
            for (std::size_t i = 0; i < neurons; ++i) {
                sum += e[i] * (p.activation == model::ActivationKind::tanh
                                   ? std::tanh(plus->state(0)[i]) - std::tanh(minus->state(0)[i])
                                   : plus->state(0)[i] - minus->state(0)[i]);
            }
            values[lag].push_back(sum / (2.0 * h * neurons));
            plus->step();
            minus->step();
        }
        *minus = *plus;
    }
    std::vector<Estimate> estimates;
    for (const auto& of_lag : values) {
        estimates.push_back(estimate(of_lag));
    }
    return estimates;
}

TEST(Response, IsTheMeanSlopeAndTheLeakWithoutCouplings) {
    // Five further steps after the kick entered: <phi'> 0.9^5, with x of variance 1/(2 - dt).
    const auto response = by_noise(noisy(model::ActivationKind::tanh, 0.0, 0.0));
    double slope = 0.0;
    double weight = 0.0;
    for (double z = -8.0; z <= 8.0; z += 0.01) {
        const double phi = std::tanh(std::sqrt(1.0 / 1.9) * z);
        slope += (1.0 - phi * phi) * std::exp(-z * z / 2.0);
        weight += std::exp(-z * z / 2.0);
    }
    const double expected = slope / weight * std::pow(0.9, 5);
    std::printf("R_phi after five steps %.4f +- %.4f, exact %.4f (with phi'(x) x for phi: .2296)\n",
                response[5].mean, response[5].error, expected);
    EXPECT_NEAR(expected, 0.4239, 5e-5);
    EXPECT_NEAR(response[5].mean, expected, most_errors * response[5].error);
    EXPECT_LT(response[5].error, 0.01);
}

TEST(Response, ByNoiseEqualsByFinitePerturbation) {
    for (const auto& p : {noisy(model::ActivationKind::tanh, 0.5, 0.0),
                          noisy(model::ActivationKind::tanh, 1.5, 0.5),
                          noisy(model::ActivationKind::linear, 0.5, 0.5)}) {
        const auto noise = by_noise(p);
        const auto kicks = by_kicks(p);
        double worst = 0.0;
        for (std::size_t lag = 0; lag < lags; ++lag) {
            const double error = std::hypot(noise[lag].error, kicks[lag].error);
            const double z = (noise[lag].mean - kicks[lag].mean) / error;
            EXPECT_LT(std::abs(z), most_errors) << "g " << p.gain << ", lag " << lag;
            worst = std::max(worst, std::abs(z));
        }
        std::printf("g %.1f eta %.1f: R_phi(1 tau) %.4f +- %.4f and %.4f +- %.4f; worst |z| %.2f\n",
                    p.gain, p.reciprocity, noise[9].mean, noise[9].error, kicks[9].mean,
                    kicks[9].error, worst);
    }
}

} // namespace
} // namespace tinymf
