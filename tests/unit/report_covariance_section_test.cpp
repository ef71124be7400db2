// SPDX-License-Identifier: Apache-2.0
// From streamed triangles to eigenvalues, and to the page that shows them.

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compare/covariance_eigenvalues.hpp"
#include "compare/linear_network.hpp"
#include "recording/covariance_spectrum.hpp"
#include "report/covariance_section.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;

/// Fixed points of a network under static noise, a sample every draw; no block observed yet.
Recording sampled_fixed_points(std::uint16_t neurons, model::ActivationKind activation) {
    Recording recording;
    recording.profile = {.kind = experiment::ModelKind::network,
                         .scalar = experiment::ScalarKind::float32,
                         .coupling = model::CouplingKind::gaussian,
                         .neurons = neurons};
    auto& p = recording.parameters;
    p.activation = activation;
    p.gain = 0.5;
    p.noise = 2.0;
    p.noise_kind = model::NoiseKind::frozen;
    p.noise_hold = 20;
    p.dt = 0.5;
    p.replicas = 2;
    p.observation = {.observables = observe::set_of(observe::Observable::covariance),
                     .sample_every = 20,
                     .block = 100};
    recording.written_dt = p.dt;
    return recording;
}

void add_block(Recording& recording, std::uint32_t step, observe::ObservedArray array,
               const std::vector<double>& triangle) {
    recording.observed[static_cast<std::size_t>(array)].add(step, triangle);
}

/// Lower triangle of a matrix, row by row.
std::vector<double> triangle_of(const Eigen::MatrixXd& matrix) {
    std::vector<double> triangle;
    for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
        for (Eigen::Index j = 0; j <= i; ++j) {
            triangle.push_back(matrix(i, j));
        }
    }
    return triangle;
}

TEST(CovarianceSpectrum, IsThatOfTheMeanOfBlocksAndReplicas) {
    Recording recording = sampled_fixed_points(2, model::ActivationKind::linear);
    add_block(recording, 2000, covariance_input_a, {1.0, 0.5, 1.0});
    add_block(recording, 2000, covariance_input_b, {3.0, 0.5, 3.0});
    add_block(recording, 4000, covariance_input_a, {2.0, 1.5, 2.0});
    add_block(recording, 4000, covariance_input_b, {2.0, 1.5, 2.0});
    const ObservedUnits observed = units_of(recording);
    EXPECT_TRUE(has_covariance(observed, Signal::input));
    EXPECT_FALSE(has_covariance(observed, Signal::output));
    const Eigen::Matrix2d expected{{2.0, 1.0}, {1.0, 2.0}};
    EXPECT_EQ(covariance_matrix(observed, Signal::input), expected);
    const std::vector<double> eigenvalues =
        eigenvalues_of(covariance_matrix(observed, Signal::input));
    EXPECT_NEAR(eigenvalues.at(0), 1.0, 1e-14);
    EXPECT_NEAR(eigenvalues.at(1), 3.0, 1e-14);
}

TEST(CovarianceSpectrum, CountsIndependentVectors) {
    Recording recording = sampled_fixed_points(2, model::ActivationKind::linear);
    add_block(recording, 2000, covariance_input_a, {1.0, 0.0, 1.0});
    add_block(recording, 2000, covariance_input_b, {1.0, 0.0, 1.0});
    EXPECT_EQ(independent_vectors(units_of(recording)), 200.0);
    recording.parameters.noise_hold = 80; // four samples of each draw
    EXPECT_EQ(independent_vectors(units_of(recording)), 50.0);
    recording.parameters.noise_hold = 0; // one draw for ever
    EXPECT_FALSE(independent_vectors(units_of(recording)));
    recording.parameters.noise_kind = model::NoiseKind::white;
    EXPECT_FALSE(independent_vectors(units_of(recording)));
    EXPECT_EQ(sampled_vectors(units_of(recording)), 200.0);
    recording.parameters.observation.window = 25;
    EXPECT_EQ(independent_vectors(units_of(recording)), 8.0);
}

/// C = sigma^2 (1 - gJ)^-1 (1 - gJ)^-T of two neurons, by hand.
TEST(CovarianceEigenvalues, OfTwoNeurons) {
    Recording recording = sampled_fixed_points(2, model::ActivationKind::linear);
    add_block(recording, 2000, covariance_input_a, {1.0, 0.0, 1.0});
    add_block(recording, 2000, covariance_input_b, {1.0, 0.0, 1.0});
    const Eigen::MatrixXd couplings = couplings_of(recording);
    const double a = 0.5 * couplings(0, 1);
    const double b = 0.5 * couplings(1, 0);
    ASSERT_EQ(couplings(0, 0), 0.0);
    ASSERT_LT(std::abs(a * b), 1.0);
    const double factor = 4.0 / std::pow(1.0 - a * b, 2);
    const double trace = factor * (2.0 + a * a + b * b);
    const double determinant = 16.0 / std::pow(1.0 - a * b, 2);
    const double root = std::sqrt(trace * trace / 4.0 - determinant);
    const auto found = covariance_eigenvalues(recording, Signal::input);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->of_couplings.at(0), trace / 2.0 - root, 1e-12);
    EXPECT_NEAR(found->of_couplings.at(1), trace / 2.0 + root, 1e-12);
    EXPECT_EQ(found->streamed, (std::vector<double>{1.0, 1.0}));
    EXPECT_NEAR(found->density->mean(), 4.0 / (1.0 - 0.25), 1e-12);
    EXPECT_FALSE(covariance_eigenvalues(recording, Signal::output));
}

/// Windows of one linear network: the closed form against the sum over lags, and the limit of long
/// ones, where Euler's scheme has sigma^2 (1 - gJ)^-1 (1 - gJ)^-T as static noise.
TEST(LinearNetwork, AveragesOverWindows) {
    Recording recording = sampled_fixed_points(6, model::ActivationKind::linear);
    auto& p = recording.parameters;
    const Eigen::MatrixXd frozen = LinearNetwork(recording).covariance();
    p.noise_kind = model::NoiseKind::white;
    const LinearNetwork network(recording);
    ASSERT_LT(network.spectral_radius(), 1.0);
    constexpr std::uint32_t window = 7;
    constexpr std::uint32_t interval = 3;
    const Eigen::MatrixXd s = network.covariance();
    const Eigen::MatrixXd step =
        (1.0 - p.dt) * Eigen::MatrixXd::Identity(6, 6) + p.dt * p.gain * couplings_of(recording);
    const Eigen::MatrixXd power = step * step * step;
    Eigen::MatrixXd sum = window * s;
    Eigen::MatrixXd lagged = s;
    for (std::uint32_t k = 1; k < window; ++k) {
        lagged = (power * lagged).eval();
        sum += (window - k) * (lagged + lagged.transpose());
    }
    const Eigen::MatrixXd expected = interval * p.dt / window * sum;
    EXPECT_LT((network.window_covariance(window, interval) - expected).norm(),
              1e-12 * expected.norm());
    EXPECT_LT((network.window_covariance(1, 1) - p.dt * s).norm(), 1e-13 * s.norm());
    // Windows of 1e6 steps fall short by the share of their ends, some 10/1e6.
    EXPECT_LT((network.window_covariance(1000000, 1) - frozen).norm(), 1e-4 * frozen.norm());
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
        ++count;
    }
    return count;
}

void add_all_blocks(Recording& recording, const Eigen::MatrixXd& covariance) {
    for (const auto array :
         {covariance_input_a, covariance_input_b, covariance_output_a, covariance_output_b}) {
        add_block(recording, 2000, array, triangle_of(covariance));
    }
}

TEST(CovarianceSection, ShowsTheSpectrumBesideItsTheory) {
    Recording recording = sampled_fixed_points(16, model::ActivationKind::linear);
    add_all_blocks(recording, LinearNetwork(recording).covariance());
    const std::string html = covariance_section(recording, 3);
    EXPECT_EQ(count_of(html, "<svg"), 2U) << "inputs alone: the outputs are the same";
    EXPECT_EQ(count_of(html, "Marchenko"), 1U);
    EXPECT_GT(count_of(html, ">N → ∞, as many samples a neuron<"), 0U);
    EXPECT_GT(count_of(html, ">of these couplings<"), 0U);
    EXPECT_NE(html.find("run3-eigenvalues-input"), std::string::npos);
    EXPECT_NE(html.find("200 independent samples, 12.5 for each neuron"), std::string::npos);
    // What was streamed is what the couplings have: both columns are the same.
    const auto found = covariance_eigenvalues(recording, Signal::input);
    ASSERT_TRUE(found);
    for (std::size_t k = 0; k < 16; ++k) {
        EXPECT_NEAR(found->streamed[k] / found->of_couplings[k], 1.0, 1e-12);
    }
}

TEST(CovarianceSection, ShowsInputsAndOutputsOfANonlinearNetwork) {
    Recording recording = sampled_fixed_points(16, model::ActivationKind::tanh);
    add_all_blocks(recording, Eigen::MatrixXd::Identity(16, 16));
    const std::string html = covariance_section(recording, 0);
    EXPECT_EQ(count_of(html, "<svg"), 4U);
    EXPECT_GT(count_of(html, ">of these couplings<"), 0U);
    EXPECT_EQ(count_of(html, "No density for N → ∞ is known in this case."), 1U) << "of inputs";
    recording.parameters.noise_kind = model::NoiseKind::white;
    const std::string equal_times = covariance_section(recording, 0);
    EXPECT_EQ(count_of(equal_times, "<svg"), 4U);
    EXPECT_EQ(count_of(equal_times, ">of these couplings<"), 0U);
    EXPECT_EQ(count_of(equal_times, "They follow each other in time"), 2U);
}

TEST(CovarianceSection, SaysThatASilentNetworkHasNoCovariance) {
    Recording recording = sampled_fixed_points(4, model::ActivationKind::tanh);
    add_all_blocks(recording, Eigen::MatrixXd::Zero(4, 4));
    EXPECT_EQ(count_of(covariance_section(recording, 0), "the network is silent"), 2U);
}

TEST(CovarianceSection, IsEmptyWithoutMatrices) {
    const Recording recording = sampled_fixed_points(16, model::ActivationKind::linear);
    EXPECT_EQ(covariance_section(recording, 0), "");
}

} // namespace
} // namespace tinymf::host
