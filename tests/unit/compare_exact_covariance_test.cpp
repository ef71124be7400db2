// SPDX-License-Identifier: Apache-2.0
// Linear networks have exact statistics for their very couplings: here of a handful of neurons,
// summed up step by step.
#include "compare/exact_covariance.hpp"

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "compare/covariance_eigenvalues.hpp"
#include "compare/covariance_of_couplings.hpp"
#include "compare/linear_network.hpp"
#include "recording/covariance_spectrum.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;
using Matrix = Eigen::MatrixXd;
using Values = std::vector<double>;

constexpr Eigen::Index neurons = 5;

Recording linear_run() {
    Recording recording;
    recording.file = "run.tmf";
    recording.profile = {.scalar = experiment::ScalarKind::float64,
                         .replicas = 2,
                         .neurons = static_cast<std::uint16_t>(neurons)};
    auto& p = recording.parameters;
    p.activation = model::ActivationKind::linear;
    p.gain = 0.5;
    p.noise = 1.5;
    p.dt = 0.25;
    p.replicas = 2;
    p.observation = {.observables = observe::all_observables,
                     .sample_every = 3,
                     .after = 0,
                     .block = 100,
                     .lags = 4,
                     .window = 1};
    recording.written_dt = p.dt;
    return recording;
}

void observe_twice(Recording& recording, observe::ObservedArray array, const Values& values) {
    VectorTrace trace;
    for (const std::uint32_t step : {300U, 600U}) {
        Values block = values;
        for (double& value : block) {
            value += step == 300 ? -0.25 : 0.25;
        }
        trace.add(step, block);
    }
    recording.observed[static_cast<std::size_t>(array)] = trace;
}

/// x[t+1] = A x[t] + noise, Euler's scheme.
Matrix step_of(const Recording& recording) {
    const auto& p = recording.parameters;
    return (1.0 - p.dt) * Matrix::Identity(neurons, neurons) +
           p.dt * p.gain * couplings_of(recording);
}

/// sum_k A^k nu A^kT, term by term.
Matrix summed_covariance(const Recording& recording) {
    const auto& p = recording.parameters;
    const Matrix a = step_of(recording);
    Matrix power = Matrix::Identity(neurons, neurons);
    Matrix sum = Matrix::Zero(neurons, neurons);
    for (int k = 0; k < 2000; ++k) {
        sum += p.noise * p.noise * p.dt * power * power.transpose();
        power = (a * power).eval();
    }
    return sum;
}

Matrix static_covariance(const Recording& recording) {
    const auto& p = recording.parameters;
    const Matrix inverse =
        (Matrix::Identity(neurons, neurons) - p.gain * couplings_of(recording)).inverse();
    return p.noise * p.noise * inverse * inverse.transpose();
}

const TheoryRow* row_of(const TheoryComparison& theory, const std::string& name) {
    for (const TheoryRow& row : theory.rows) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

double predicted(const TheoryComparison& theory, const std::string& name) {
    const TheoryRow* row = row_of(theory, name);
    EXPECT_NE(row, nullptr) << name;
    return row == nullptr ? std::nan("") : row->predicted;
}

double participation(const Matrix& c) {
    return c.trace() * c.trace() / (static_cast<double>(neurons) * c.squaredNorm());
}

double spread(const Matrix& c) {
    return (c.squaredNorm() - c.diagonal().squaredNorm()) / static_cast<double>(neurons - 1);
}

TEST(LinearNetwork, OfTheRunsCouplingsHasTheirCovariance) {
    Recording recording = linear_run();
    const LinearNetwork network(recording);
    EXPECT_EQ(network.size(), neurons);
    EXPECT_NEAR(network.spectral_radius(), step_of(recording).eigenvalues().cwiseAbs().maxCoeff(),
                1e-12);
    const Matrix expected = summed_covariance(recording);
    EXPECT_LT((network.covariance() - expected).norm(), 1e-12 * expected.norm());
    const Matrix a = step_of(recording);
    const Matrix power = a * a * a;
    const Values means = network.mean_of_powers(expected, 3, 4);
    ASSERT_EQ(means.size(), 4U);
    Matrix lagged = expected;
    for (const double mean : means) {
        EXPECT_NEAR(mean, lagged.trace() / static_cast<double>(neurons), 1e-12);
        lagged = (power * lagged).eval();
    }
    recording.parameters.noise_kind = model::NoiseKind::frozen;
    const Matrix frozen = LinearNetwork(recording).covariance();
    EXPECT_LT((frozen - static_covariance(recording)).norm(), 1e-12 * frozen.norm());
}

TEST(ExactCovariance, IsKnownOfDrivenLinearNetworksOnOneStage) {
    const Recording run = linear_run();
    EXPECT_TRUE(has_exact_covariance(run));
    const auto known = [&run](auto change) {
        Recording other = run;
        change(other);
        return has_exact_covariance(other);
    };
    using R = Recording;
    EXPECT_FALSE(known([](R& r) { r.parameters.noise = 0.0; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.noise_kind = model::NoiseKind::colored; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.noise_kind = model::NoiseKind::frozen; }));
    EXPECT_TRUE(known([](R& r) {
        r.parameters.noise_kind = model::NoiseKind::frozen;
        r.parameters.noise_hold = 1;
    }));
    EXPECT_FALSE(known([](R& r) { r.profile.kind = experiment::ModelKind::mean_field; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.observation.observables = 0; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.activation = model::ActivationKind::relu; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.integrator = model::IntegratorKind::heun; }));
    EXPECT_TRUE(
        known([](R& r) { r.parameters.integrator = model::IntegratorKind::exponential_euler; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.stimulus = model::StimulusKind::constant; }));
}

TEST(ExactCovariance, PredictsEveryNumberThatWasObserved) {
    Recording recording = linear_run();
    observe_twice(recording, moments, {1, 2, 3, 4, 5, 6, 7, 8});
    observe_twice(recording, cx, {4, 3, 2, 1});
    observe_twice(recording, rx, {1, 0.5, 0.25, 0.125});
    observe_twice(recording, spread_input, {3, 5, 20, 30, 12, 6, 9, 7});
    const TheoryComparison theory = compare_with_exact_covariance(recording);
    const Matrix c = summed_covariance(recording);
    const Matrix a = step_of(recording);
    EXPECT_NEAR(predicted(theory, "Cx(0) by moments"), c.trace() / neurons, 1e-12);
    EXPECT_NEAR(row_of(theory, "Cx(0) by moments")->observed, 3.0, 1e-15);
    EXPECT_NEAR(predicted(theory, "Cx(0)"), c.trace() / neurons, 1e-12);
    EXPECT_NEAR(predicted(theory, "Cx(0.75)"), (a * a * a * c).trace() / neurons, 1e-12);
    EXPECT_NEAR(predicted(theory, "Rx(0.25)"), 1.0, 1e-15);
    EXPECT_NEAR(predicted(theory, "Rx(1)"), (a * a * a).trace() / neurons, 1e-12);
    EXPECT_NEAR(predicted(theory, "participation_input"), participation(c), 1e-12);
    EXPECT_NEAR(predicted(theory, "N_var_input"), spread(c), 1e-12);
    EXPECT_NEAR(row_of(theory, "participation_input")->observed, 16.0 / (5.0 * 12.0), 1e-15);
    EXPECT_NEAR(row_of(theory, "N_var_input")->observed, 5.0 / 4.0, 1e-15);
    EXPECT_EQ(theory.rows[0].origin, "scatter of 2 blocks");
    EXPECT_NEAR(theory.rows[0].standard_error, 0.25, 1e-14) << "sampling alone";
    EXPECT_EQ(theory.freedom, 1.0);
    EXPECT_EQ(theory.against, "exact statistics of the same couplings");
    EXPECT_EQ(theory.curves.size(), 2U);
}

/// Two blocks of one sample remember each other: how far their one draw lies off, its five neurons
/// tell, sqrt(2/5) of the variance; of covariances nothing does.
TEST(ExactCovariance, OfBlocksThatRememberEachOtherTakesTheScatterOfNeurons) {
    Recording recording = linear_run();
    observe_twice(recording, cx, {4, 3, 2, 1});
    observe_twice(recording, spread_input, {3, 5, 20, 30, 12, 6, 9, 7});
    recording.parameters.observation.sample_every = 1;
    recording.parameters.observation.block = 1;
    const TheoryComparison theory = compare_with_exact_covariance(recording);
    const double shared = std::sqrt(0.4) * summed_covariance(recording).trace() / neurons;
    EXPECT_NEAR(row_of(theory, "Cx(0)")->standard_error, std::hypot(0.25, shared), 1e-12);
    EXPECT_EQ(row_of(theory, "participation_input"), nullptr);
    ASSERT_EQ(theory.notes.size(), 1U);
    EXPECT_EQ(theory.notes[0].find("covariances: states remember each other for "), 0U);
}

TEST(ExactCovariance, OfWindowsOrDrawsTakesTheirOwn) {
    Recording recording = linear_run();
    observe_twice(recording, cx, {4, 3, 2, 1});
    observe_twice(recording, spread_input, {3, 5, 20, 30, 12, 6, 9, 7});
    recording.parameters.observation.window = 10;
    const TheoryComparison windows = compare_with_exact_covariance(recording);
    const Matrix c = LinearNetwork(recording).window_covariance(10, 3);
    EXPECT_NEAR(predicted(windows, "participation_input, windows of 10"), participation(c), 1e-12);
    EXPECT_NEAR(predicted(windows, "N_var_input, windows of 10"), spread(c), 1e-12);
    EXPECT_EQ(row_of(windows, "participation_input"), nullptr);
    EXPECT_NE(row_of(windows, "Cx(0)"), nullptr);
    // Draws of static noise have no correlations in time, and no windows.
    recording.parameters.noise_kind = model::NoiseKind::frozen;
    recording.parameters.noise_hold = 3;
    EXPECT_TRUE(compare_with_exact_covariance(recording).rows.empty());
    recording.parameters.observation.window = 1;
    const TheoryComparison draws = compare_with_exact_covariance(recording);
    EXPECT_NEAR(predicted(draws, "participation_input"),
                participation(static_covariance(recording)), 1e-12);
    EXPECT_EQ(row_of(draws, "Cx(0)"), nullptr);
    EXPECT_TRUE(draws.curves.empty());
}

std::string refusal_of(const Recording& recording) {
    try {
        static_cast<void>(compare_with_exact_covariance(recording));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

TEST(ExactCovariance, NeedsTwoBlocksOfAStableNetwork) {
    Recording recording = linear_run();
    const std::string few = "run.tmf: fewer than two blocks of observations: no scatter to judge "
                            "them by";
    EXPECT_EQ(refusal_of(recording), few);
    recording.observed[static_cast<std::size_t>(cx)].add(300, Values{4, 3, 2, 1});
    EXPECT_EQ(refusal_of(recording), few);
    observe_twice(recording, cx, {4, 3, 2, 1});
    EXPECT_EQ(refusal_of(recording), "none");
    recording.parameters.gain = 50.0;
    EXPECT_EQ(
        refusal_of(recording).find("run.tmf: this network is unstable: its fastest mode grows "
                                   "by "),
        0U);
}

TEST(CovarianceOfCouplings, IsExactOfLinearNetworks) {
    Recording recording = linear_run();
    const auto found = covariance_of_couplings(recording, Signal::input);
    ASSERT_TRUE(found);
    EXPECT_LT((*found - summed_covariance(recording)).norm(), 1e-11);
    recording.parameters.observation.window = 10;
    EXPECT_LT((*covariance_of_couplings(recording, Signal::output) -
               LinearNetwork(recording).window_covariance(10, 3))
                  .norm(),
              1e-12);
    recording.parameters.noise_kind = model::NoiseKind::frozen;
    recording.parameters.noise_hold = 3;
    EXPECT_FALSE(covariance_of_couplings(recording, Signal::input)) << "windows of draws";
    recording.parameters.observation.window = 1;
    EXPECT_LT(
        (*covariance_of_couplings(recording, Signal::input) - static_covariance(recording)).norm(),
        1e-11);
    recording.parameters.gain = 50.0;
    EXPECT_FALSE(covariance_of_couplings(recording, Signal::input)) << "unstable";
}

Recording fixed_points(model::ActivationKind activation) {
    Recording recording = linear_run();
    recording.parameters.activation = activation;
    recording.parameters.noise_kind = model::NoiseKind::frozen;
    recording.parameters.noise_hold = 3;
    return recording;
}

/// Delta = sigma^2 + g^2 <tanh^2> is found by iteration, averages by the trapezoidal rule.
TEST(CovarianceOfCouplings, OfFixedPointsIsThatOfTheEquivalentLinearNetwork) {
    const Recording recording = fixed_points(model::ActivationKind::tanh);
    const auto& p = recording.parameters;
    const auto average = [](double variance, auto function) {
        double sum = 0.0;
        double weights = 0.0;
        for (double z = -9.0; z <= 9.0; z += 1.0 / 64.0) {
            const double weight = std::exp(-z * z / 2.0);
            sum += weight * function(std::sqrt(variance) * z);
            weights += weight;
        }
        return sum / weights;
    };
    double delta = p.noise * p.noise;
    double q = 0.0;
    for (int k = 0; k < 200; ++k) {
        q = average(delta, [](double x) { return std::tanh(x) * std::tanh(x); });
        delta = p.noise * p.noise + p.gain * p.gain * q;
    }
    const double b = average(delta, [](double x) { return 1.0 / std::pow(std::cosh(x), 2); });
    const double gain = p.gain * b;
    const Matrix one = Matrix::Identity(neurons, neurons);
    const Matrix inverse = (one - gain * couplings_of(recording)).inverse();
    const Matrix outputs = q * (1.0 - gain * gain) * inverse * inverse.transpose();
    const Matrix rest = inverse - one;
    const Matrix inputs = p.noise * p.noise * inverse * inverse.transpose() +
                          (q / (b * b) - delta) * rest * rest.transpose();
    const auto found_outputs = covariance_of_couplings(recording, Signal::output);
    const auto found_inputs = covariance_of_couplings(recording, Signal::input);
    ASSERT_TRUE(found_outputs && found_inputs);
    EXPECT_LT((*found_outputs - outputs).norm(), 1e-8 * outputs.norm());
    EXPECT_LT((*found_inputs - inputs).norm(), 1e-8 * inputs.norm());
}

TEST(CovarianceOfCouplings, IsUnknownOfOthers) {
    const Recording run = fixed_points(model::ActivationKind::tanh);
    const auto known = [&run](auto change) {
        Recording other = run;
        change(other);
        return covariance_of_couplings(other, Signal::input).has_value();
    };
    using R = Recording;
    EXPECT_TRUE(known([](R&) {}));
    EXPECT_FALSE(known([](R& r) { r.parameters.activation = model::ActivationKind::relu; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.reciprocity = 0.5; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.stimulus = model::StimulusKind::constant; }));
    EXPECT_FALSE(known([](R& r) { r.profile.kind = experiment::ModelKind::mean_field; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.noise_hold = 0; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.observation.window = 2; }));
    EXPECT_FALSE(known([](R& r) { r.parameters.noise_kind = model::NoiseKind::white; }));
}

/// The spectrum for N -> infinity is known of fixed points, and of windows on one stage.
TEST(CovarianceEigenvalues, HaveADensityWhereSamplesAreFixedPointsOrWindows) {
    Recording run = linear_run();
    observe_twice(run, covariance_input_a, Values(15, 1.0));
    observe_twice(run, covariance_input_b, Values(15, 1.0));
    const auto dense = [&run](auto change) {
        Recording other = run;
        change(other);
        return covariance_eigenvalues(other, Signal::input)->density.has_value();
    };
    using R = Recording;
    const auto frozen = [](R& r) {
        r.parameters.noise_kind = model::NoiseKind::frozen;
        r.parameters.noise_hold = 3;
    };
    EXPECT_FALSE(dense([](R&) {})) << "samples that follow each other";
    EXPECT_TRUE(dense([](R& r) { r.parameters.observation.window = 10; }));
    EXPECT_FALSE(dense([](R& r) {
        r.parameters.observation.window = 10;
        r.parameters.integrator = model::IntegratorKind::heun;
    }));
    EXPECT_TRUE(dense(frozen));
    EXPECT_FALSE(dense([&](R& r) {
        frozen(r);
        r.parameters.observation.window = 10;
    }));
    const auto found = covariance_eigenvalues(run, Signal::input);
    EXPECT_EQ(found->vectors, 400.0);
    EXPECT_FALSE(found->independent_vectors);
    EXPECT_EQ(found->of_couplings.size(), 5U);
    EXPECT_FALSE(covariance_eigenvalues(run, Signal::output)) << "not streamed";
}

} // namespace
} // namespace tinymf::host
