// SPDX-License-Identifier: Apache-2.0
#include "tinymf/mean_field/forward_sampler.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"
#include "tinymf/mean_field/gaussian_closure.hpp"
#include "tinymf/mean_field/linear_closure.hpp"

namespace tinymf::mean_field {
namespace {

using model::ActivationKind;

/// Moment-matched draws leave linear problems without sampling error.
TEST(ForwardSampler, LinearProblemsAreSolvedToRounding) {
    for (const double reciprocity : {-1.0, 0.0, 0.5}) {
        const auto parameters =
            white_noise_run<double>(ActivationKind::linear, 0.5, reciprocity, 1.0, 91);
        const auto sampled = run<ForwardSampler<double, 92, 112>>(parameters);
        const auto exact = run<LinearClosure<double, 92>>(parameters);
        EXPECT_LT(largest_difference(sampled.Cx, exact.Cx), 1e-12) << reciprocity;
        EXPECT_LT(largest_difference(sampled.Cphi, exact.Cphi), 1e-12) << reciprocity;
        EXPECT_LT(largest_difference(sampled.Rx, exact.Rx), 1e-12) << reciprocity;
        EXPECT_LT(largest_difference(sampled.Rphi, exact.Rphi), 1e-12) << reciprocity;
    }
}

/// As few paths as moment matching can do with. The covariance of the draws is then nearly
/// singular, and dividing by its factor magnifies rounding: to 3e-12 over a dozen seeds.
TEST(ForwardSampler, TwoPathsMoreThanPointsAreEnough) {
    const auto parameters = white_noise_run<double>(ActivationKind::linear, 0.5, 0.5, 1.0, 93);
    const auto sampled = run<ForwardSampler<double, 94, 96>>(parameters);
    const auto exact = run<LinearClosure<double, 94>>(parameters);
    EXPECT_LT(largest_difference(sampled.Cx, exact.Cx), 1e-10);
    EXPECT_LT(largest_difference(sampled.Rphi, exact.Rphi), 1e-10);
}

TEST(ForwardSampler, LinearProblemsWithInputAndColouredNoise) {
    auto parameters = white_noise_run<double>(ActivationKind::linear, 0.6, -0.5, 1.0, 50);
    parameters.stimulus = model::StimulusKind::step;
    parameters.stimulus_amplitude = 1.5;
    parameters.stimulus_onset = 2.0;
    parameters.initial = model::InitialKind::uniform;
    const auto white = run<ForwardSampler<double, 92, 112>>(parameters);
    const auto exact = run<LinearClosure<double, 92>>(parameters);
    EXPECT_LT(largest_difference(white.Cx, exact.Cx), 1e-12);
    EXPECT_LT(largest_difference({white.mean}, {exact.mean}), 1e-12);
    // Coloured noise leaves the kernel without a white diagonal: the nugget shows.
    parameters.noise_kind = model::NoiseKind::colored;
    const auto colored = run<ForwardSampler<double, 92, 112>>(parameters);
    EXPECT_LT(largest_difference(colored.Cx, run<LinearClosure<double, 92>>(parameters).Cx), 2e-6);
}

/// Without white noise the response is the tangent's: for a linear phi no path differs.
TEST(ForwardSampler, ResponsesWithoutWhiteNoiseAreExactForLinearPhi) {
    for (const double reciprocity : {-1.0, 0.5, 1.0}) {
        for (const double sigma : {0.0, 0.7}) {
            auto parameters =
                white_noise_run<double>(ActivationKind::linear, 0.8, reciprocity, sigma, 59);
            parameters.noise_kind = model::NoiseKind::colored;
            const auto sampled = run<ForwardSampler<double, 60, 64>>(parameters);
            const auto exact = run<LinearClosure<double, 60>>(parameters);
            EXPECT_LT(largest_difference(sampled.Rx, exact.Rx), 1e-12) << reciprocity;
            EXPECT_LT(largest_difference(sampled.Rphi, exact.Rphi), 1e-12) << reciprocity;
        }
    }
}

/// Single entries of R: their scatter between populations against their size, 0.29 in the mean
/// square. Novikov's theorem gave 1.04 here; paths 1/sqrt(512) of the scatter of a path, below 1.
TEST(ForwardSampler, ResponsesWithoutWhiteNoiseHaveLittleScatter) {
    auto parameters = white_noise_run<double>(ActivationKind::tanh, 1.8, 0.9, 0.0, 39);
    constexpr int populations = 8;
    std::vector<TwoTimeRun> runs;
    for (int population = 0; population < populations; ++population) {
        parameters.seed = 1 + static_cast<std::uint64_t>(population);
        runs.push_back(run<ForwardSampler<double, 40, 512>>(parameters));
    }
    double scatter = 0;
    double size = 0;
    double entries = 0;
    for (std::size_t t = 1; t < 40; ++t) {
        for (std::size_t s = 0; s < t; ++s) {
            double sum = 0;
            double squares = 0;
            for (const TwoTimeRun& one : runs) {
                sum += one.Rphi[t][s] / populations;
                squares += one.Rphi[t][s] * one.Rphi[t][s] / populations;
            }
            scatter += squares - sum * sum;
            size += sum * sum;
            ++entries;
        }
        // Exact: R[t,t-1] = <phi'(x_t)> = 1 - C_phi[t,t].
        EXPECT_NEAR(runs[0].Rphi[t][t - 1], 1 - runs[0].Cphi[t][t], 1e-12);
    }
    EXPECT_LT(std::sqrt(scatter / entries), 0.03);
    EXPECT_GT(std::sqrt(size / entries), 0.2);
}

/// A network at rest answers with the slope there, whoever asks: the linear theory of gain g
/// phi'(0).
TEST(ForwardSampler, ASilentNetworkResponds) {
    auto parameters = white_noise_run<double>(ActivationKind::tanh, 0.6, 0.5, 0.0, 39);
    parameters.initial = model::InitialKind::zero;
    const auto silent = run<ForwardSampler<double, 40, 48>>(parameters);
    parameters.activation = ActivationKind::linear;
    EXPECT_LT(largest_difference(silent.Rphi, run<LinearClosure<double, 40>>(parameters).Rphi),
              1e-12);
}

/// Draws are matched as they are kept, so only the outputs' rounding to 2.4e-4 shows, averaged over
/// 128 paths.
TEST(ForwardSampler, SixteenBitHistoriesCostLittle) {
    const auto parameters = white_noise_run<float>(ActivationKind::linear, 0.5, 0.5, 1.0, 59);
    const auto sampled = run<ForwardSampler<float, 60, 128, std::int16_t>>(parameters);
    const auto exact = run<LinearClosure<float, 60>>(parameters);
    EXPECT_LT(largest_difference(sampled.Cx, exact.Cx), 5e-5);
    EXPECT_LT(largest_difference(sampled.Rx, exact.Rx), 1e-4);
}

/// Without reciprocity the exact closure is the reference; 16 populations give the error bar.
TEST(ForwardSampler, TanhAgreesWithTheClosureWithinErrorBars) {
    constexpr int populations = 16;
    for (const double sigma : {0.0, 0.5}) {
        auto parameters = white_noise_run<double>(ActivationKind::tanh, 1.5, 0.0, sigma, 39);
        const auto exact = run<GaussianClosure<double, 40, 64>>(parameters);
        double sum = 0;
        double squares = 0;
        for (int population = 0; population < populations; ++population) {
            parameters.seed = 100 + static_cast<std::uint64_t>(population);
            const auto rows = run<ForwardSampler<double, 40, 512>>(parameters);
            const double error = rows.Cx[39][39] - exact.Cx[39][39];
            sum += error;
            squares += error * error;
        }
        const double mean = sum / populations;
        const double deviation = std::sqrt(squares / populations - mean * mean);
        EXPECT_LT(deviation, 0.03) << sigma;
        EXPECT_LT(std::abs(mean), 4 * deviation / std::sqrt(populations)) << sigma;
    }
}

/// Reciprocity and tanh: values of a large forward sample (1.6 million paths) made independently.
TEST(ForwardSampler, TanhWithReciprocity) {
    auto parameters = white_noise_run<double>(ActivationKind::tanh, 1.0, 0.5, 1.0, 49);
    constexpr int populations = 8;
    double at_one = 0;
    double at_end = 0;
    double output = 0;
    double integral = 0;
    for (int population = 0; population < populations; ++population) {
        parameters.seed = 1 + static_cast<std::uint64_t>(population);
        const auto rows = run<ForwardSampler<double, 50, 2000>>(parameters);
        at_one += rows.Cx[10][10] / populations;
        at_end += rows.Cx[49][49] / populations;
        output += rows.Cphi[49][49] / populations;
        for (const double response : rows.Rphi[49]) {
            integral += 0.1 * response / populations;
        }
    }
    EXPECT_NEAR(at_one, 0.75239, 0.002);
    EXPECT_NEAR(at_end, 0.90992, 0.006);
    EXPECT_NEAR(output, 0.37904, 0.005);
    EXPECT_NEAR(integral, 0.76716, 0.006);
}

TEST(ForwardSampler, ResponsesWithoutReciprocityAreExact) {
    const auto rows = run<ForwardSampler<double, 60, 256>>(
        white_noise_run<double>(ActivationKind::tanh, 1.5, 0.0, 0.0, 39));
    for (std::size_t t = 1; t < 40; ++t) {
        EXPECT_NEAR(rows.Rphi[t][t - 1], 1 - rows.Cphi[t][t], 1e-12);
        for (std::size_t s = 0; s < t; ++s) {
            EXPECT_NEAR(rows.Rx[t][s], std::pow(0.9, static_cast<double>(t - s - 1)), 1e-14);
        }
    }
}

/// C_x follows from other averages; on the diagonal it must be the mean square of the states.
TEST(ForwardSampler, CorrelationOfStatesIsAnAverageOverPaths) {
    const auto rows = run<ForwardSampler<double, 60, 256>>(
        white_noise_run<double>(ActivationKind::tanh, 1.2, -0.6, 0.4, 59));
    for (std::size_t t = 0; t < 60; ++t) {
        for (std::size_t s = 0; s <= t; ++s) {
            ASSERT_LE(std::pow(rows.Cx[t][s], 2), rows.Cx[t][t] * rows.Cx[s][s] * (1 + 1e-12));
        }
    }
    // phi = x with reciprocity: C_x, made by the scheme, is C_phi, made by averages.
    auto parameters = white_noise_run<double>(ActivationKind::power_law, 0.5, 0.5, 1.0, 59);
    parameters.exponent = 1.0;
    const auto linear = run<ForwardSampler<double, 60, 256>>(parameters);
    EXPECT_LT(largest_difference(linear.Cx, linear.Cphi), 1e-12);
}

TEST(ForwardSampler, PopulationsFollowEachOtherWithDrawsOfTheirOwn) {
    using Sampler = ForwardSampler<float, 60, 128, std::int16_t>;
    auto parameters = white_noise_run<float>(ActivationKind::tanh, 1.5, 0.0, 1.0, 19);
    parameters.replicas = 3;
    const auto sampler = std::make_unique<Sampler>();
    sampler->configure(parameters);
    const auto last_variance = [&] { return sampler->rows()[0].values.back(); };
    for (std::uint32_t step = 0; step < 19; ++step) {
        sampler->step();
    }
    EXPECT_EQ(sampler->population(), 0U);
    const float first = last_variance();
    sampler->step();
    EXPECT_EQ(sampler->population(), 1U);
    EXPECT_EQ(sampler->row_index(), 0U);
    EXPECT_EQ(sampler->step_index(), 20U);
    for (std::uint32_t step = 0; step < 19; ++step) {
        sampler->step();
    }
    EXPECT_NE(last_variance(), first);
    EXPECT_NEAR(last_variance(), first, 0.3F);
    EXPECT_EQ(Sampler::last_step(parameters), 59U);
}

TEST(ForwardSampler, SizesForDevices) {
    EXPECT_LE(sizeof(ForwardSampler<float, 60, 128, std::int16_t>), 74U * 1024U);
    EXPECT_LE(sizeof(ForwardSampler<float, 100, 400, std::int16_t>), 308U * 1024U);
}

} // namespace
} // namespace tinymf::mean_field
