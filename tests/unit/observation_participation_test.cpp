// SPDX-License-Identifier: Apache-2.0
// Participation ratio of a linear network under white noise, observed while it runs, against the
// exact covariance of the very same couplings (the discrete Lyapunov equation of the scheme).
//
// 60 blocks of one run, far apart against the correlation time, stand for 60 runs. Tolerance: 4.5
// standard errors from their scatter (false alarm 3e-5 for Student's t with 59 degrees of freedom;
// the seed is fixed). float32 sums add 1e-5, a hundredth of these errors.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include <Eigen/Dense>
#include <gtest/gtest.h>

#include "recording/covariance_spread.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf {
namespace {

using observe::ObservedArray;

constexpr std::size_t neurons = 64;
constexpr int runs = 60;
constexpr double most_errors = 4.5;

using Network = network::Network<float, neurons, model::CouplingKind::gaussian>;
using Observed = observe::ObservedNetwork<Network, 40, observe::Covariances::kept>;

experiment::Parameters<float> linear_network(std::uint32_t samples) {
    experiment::Parameters<float> p;
    p.activation = model::ActivationKind::linear;
    p.integrator = model::IntegratorKind::exponential_euler;
    p.gain = 0.8F;
    p.noise = 1.0F;
    p.dt = 0.1F;
    p.seed = 3;
    p.replicas = 2;
    p.observation = {.observables = static_cast<observe::ObservableSet>(
                         observe::set_of(observe::Observable::participation) |
                         observe::set_of(observe::Observable::autocorrelation)),
                     .sample_every = 5,
                     .after = 1000,
                     .block = samples,
                     .lags = 40};
    return p;
}

/// The network as x[t+1] = A x[t] + root_nu n.
Eigen::MatrixXd step_matrix(const Observed& network) {
    const auto [alpha, beta, root_nu] = network.one_step();
    constexpr auto n = static_cast<Eigen::Index>(neurons);
    Eigen::MatrixXd a(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index j = 0; j < n; ++j) {
            const float coupling =
                network.couplings().at(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
            a(i, j) = static_cast<double>(beta) * static_cast<double>(network.parameters().gain) *
                          static_cast<double>(coupling) +
                      (i == j ? static_cast<double>(alpha) : 0.0);
        }
    }
    return a;
}

/// S = A S A^T + nu 1, by doubling.
Eigen::MatrixXd exact_covariance(const Observed& network) {
    const double root_nu = static_cast<double>(network.one_step().root_nu);
    Eigen::MatrixXd a = step_matrix(network);
    Eigen::MatrixXd s = root_nu * root_nu * Eigen::MatrixXd::Identity(a.rows(), a.cols());
    for (int doubling = 0; doubling < 20; ++doubling) {
        s += (a * s * a.transpose()).eval();
        a = (a * a).eval();
    }
    return s;
}

/// What T samples add to sum_ij C_ij^2 on average: sum_k (1 - |k|/T) [(tr C(k))^2 + tr C(k)^2]/T
/// over all lags k between samples, for Gaussian signals.
double exact_bias(const Observed& network, const Eigen::MatrixXd& covariance) {
    const double samples = network.observation().block;
    Eigen::MatrixXd power = step_matrix(network);
    Eigen::MatrixXd interval = power;
    for (std::uint32_t step = 1; step < network.observation().sample_every; ++step) {
        interval = (interval * power).eval();
    }
    Eigen::MatrixXd lagged = covariance;
    double sum = 0.0;
    for (int k = 0; k < 200 && k < samples; ++k) {
        const double of_lag = lagged.trace() * lagged.trace() + (lagged * lagged).trace();
        sum += (k == 0 ? 1.0 : 2.0) * (1.0 - k / samples) * of_lag;
        lagged = (interval * lagged).eval();
    }
    return sum / samples;
}

/// An estimator's value in each run.
struct Sample {
    std::vector<double> values;

    [[nodiscard]] double mean() const {
        double sum = 0.0;
        for (const double value : values) {
            sum += value;
        }
        return sum / static_cast<double>(values.size());
    }
    [[nodiscard]] double deviation() const {
        double squares = 0.0;
        for (const double value : values) {
            squares += (value - mean()) * (value - mean());
        }
        return std::sqrt(squares / static_cast<double>(values.size() - 1));
    }
    [[nodiscard]] double z(double expected) const {
        return (mean() - expected) / (deviation() / std::sqrt(static_cast<double>(values.size())));
    }
};

struct Outcome {
    Sample square_two; ///< tr C^2 by two replicas
    Sample bias;       ///< of tr C^2 by one replica, uncorrected
    Sample ratio_two;  ///< D
    Sample ratio_corrected;
    Sample ratio_naive;
    Sample independent; ///< samples
};

Outcome observe_runs(Observed& network) {
    Outcome outcome;
    while (outcome.ratio_two.values.size() < runs) {
        network.step();
        if (!network.observation_is_due()) {
            continue;
        }
        const auto wide = [&network](ObservedArray array) {
            const auto values = network.observed(array).values;
            return std::vector<double>(values.begin(), values.end());
        };
        const auto spread = wide(ObservedArray::spread_input);
        const double samples =
            host::independent_samples(wide(ObservedArray::cx), network.observation().block);
        const auto two = host::spread_of_two_replicas(spread);
        const auto naive = host::naive_spread(spread);
        outcome.independent.values.push_back(samples);
        outcome.square_two.values.push_back(two.square);
        outcome.bias.values.push_back(naive.square - two.square);
        outcome.ratio_two.values.push_back(two.participation_ratio(neurons));
        outcome.ratio_naive.values.push_back(naive.participation_ratio(neurons));
        outcome.ratio_corrected.values.push_back(
            host::spread_of_one_replica(spread, samples).participation_ratio(neurons));
    }
    return outcome;
}

TEST(ParticipationRatio, IsUnbiasedOnTheSameCouplings) {
    std::printf(
        "   T  T_eff  naive [sd]    by T_eff [sd]  two replicas [sd]  z of tr C^2, of the bias\n");
    for (const std::uint32_t samples : {100U, 400U, 1600U}) {
        auto network = std::make_unique<Observed>();
        const auto p = linear_network(samples);
        network->configure(p);
        network->observe(p.observation);
        const Eigen::MatrixXd c = exact_covariance(*network);
        const double square = c.squaredNorm();
        const double exact = c.trace() * c.trace() / (neurons * square);
        const double bias = exact_bias(*network, c);
        const Outcome outcome = observe_runs(*network);
        std::printf("%4u  %5.1f  %.3f [%.3f]  %.3f [%.3f]   %.3f [%.3f]       %+.2f, %+.2f; "
                    "exact D %.4f\n",
                    samples, outcome.independent.mean(), outcome.ratio_naive.mean(),
                    outcome.ratio_naive.deviation(), outcome.ratio_corrected.mean(),
                    outcome.ratio_corrected.deviation(), outcome.ratio_two.mean(),
                    outcome.ratio_two.deviation(), outcome.square_two.z(square),
                    outcome.bias.z(bias), exact);
        EXPECT_LT(std::abs(outcome.square_two.z(square)), most_errors);
        EXPECT_LT(std::abs(outcome.bias.z(bias)), most_errors);
        EXPECT_GT(outcome.bias.z(0.0), most_errors) << "the naive estimate is biased";
    }
}

} // namespace
} // namespace tinymf
