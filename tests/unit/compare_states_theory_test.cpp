// SPDX-License-Identifier: Apache-2.0
// Statistics of the states that a run reported, beside theory: on states drawn here, of which every
// mean, error and name is computed once more, the plain way.
#include "compare/recorded_theory.hpp"

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

constexpr Eigen::Index neurons = 256;
constexpr double dt = 0.05;
constexpr std::uint32_t every = 10; // steps between states: 0.5 tau

/// Uncoupled neurons under white noise, so that theory is that of one: x' = (1 - dt) x + sigma
/// sqrt(dt) n. The states are the caller's.
Recording uncoupled(std::uint32_t steps) {
    Recording recording;
    recording.file = "run.tmf";
    recording.profile = {.scalar = experiment::ScalarKind::float64,
                         .replicas = 1,
                         .neurons = static_cast<std::uint16_t>(neurons)};
    auto& p = recording.parameters;
    p.activation = model::ActivationKind::tanh;
    p.gain = 0.0;
    p.noise = 1.0;
    p.dt = dt;
    p.steps = steps;
    recording.written_dt = dt;
    return recording;
}

/// Signs that are drawn anew every `held` states, times `size`: their correlation falls linearly to
/// zero over `held` states, and 1 + 2 sum is `held`.
StateTrace held_signs(std::uint32_t steps, std::uint32_t held, unsigned seed, double size = 0.7) {
    std::mt19937 random(seed);
    StateTrace trace;
    std::vector<double> x(neurons);
    for (std::uint32_t k = 0; k * every <= steps; ++k) {
        if (k % held == 0) {
            for (double& value : x) {
                value = (random() & 1U) != 0 ? size : -size;
            }
        }
        trace.add(k * every, x);
    }
    return trace;
}

/// The late states, block by block.
struct Blocks {
    Eigen::MatrixXd x;
    Eigen::Index length = 0;

    [[nodiscard]] Eigen::Index count() const { return x.rows() / length; }

    /// Mean over blocks and its error, of a number of one block.
    [[nodiscard]] std::pair<double, double>
    mean_of(const std::function<double(const Eigen::MatrixXd&)>& number) const {
        std::vector<double> values;
        double mean = 0.0;
        for (Eigen::Index b = 0; b < count(); ++b) {
            values.push_back(number(x.middleRows(b * length, length)));
            mean += values.back() / static_cast<double>(count());
        }
        double squares = 0.0;
        for (const double value : values) {
            squares += (value - mean) * (value - mean);
        }
        const auto n = static_cast<double>(count());
        // Student's law with n - 1 degrees of freedom has a deviation of sqrt((n - 1)/(n - 3)).
        return {mean, std::sqrt(squares / (n - 1.0) / n * (n - 1.0) / (n - 3.0))};
    }
};

double product(const Eigen::MatrixXd& x, Eigen::Index lag) {
    double sum = 0.0;
    for (Eigen::Index t = 0; t + lag < x.rows(); ++t) {
        for (Eigen::Index i = 0; i < x.cols(); ++i) {
            sum += x(t, i) * x(t + lag, i);
        }
    }
    return sum / static_cast<double>((x.rows() - lag) * x.cols());
}

const LyapunovEstimate no_exponent{.exponent = 0.0, .standard_error = 0.0};

const TheoryRow& row_of(const TheoryComparison& theory, const std::string& name) {
    for (const TheoryRow& row : theory.rows) {
        if (row.name == name) {
            return row;
        }
    }
    ADD_FAILURE() << "no row " << name;
    static const TheoryRow none{};
    return none;
}

void expect_row(const TheoryRow& row, const std::pair<double, double>& found, double predicted,
                double finite) {
    EXPECT_NEAR(row.observed, found.first, 1e-12) << row.name;
    EXPECT_NEAR(row.predicted, predicted, 1e-7) << row.name;
    EXPECT_NEAR(row.standard_error, std::hypot(found.second, finite), 1e-7) << row.name;
}

/// States of the second half of 1280 steps: those of steps 640, 650, ..., 1280, 65 in number.
TEST(RecordedStates, GiveBlockMeansWithTheirErrors) {
    Recording recording = uncoupled(1280);
    recording.replicas = {held_signs(1280, 1, 7)};
    const TheoryComparison theory = compare_states_with_theory(recording, no_exponent);
    // Without memory, blocks are as many as there may be: eight.
    const Blocks blocks{recording.replicas[0].x.bottom_rows(65), 65 / 8};
    ASSERT_EQ(blocks.count(), 8);
    const double root = std::sqrt(1.0 / neurons);
    const double variance = dt / (1.0 - (1.0 - dt) * (1.0 - dt));
    const std::vector<std::pair<std::string, Eigen::Index>> lags{
        {"(0)", 0}, {"(1)", 2}, {"(2)", 4}};
    for (const auto& [lag, rows] : lags) {
        const auto found =
            blocks.mean_of([rows = rows](const auto& x) { return product(x, rows); });
        const double predicted = variance * std::pow(1.0 - dt, static_cast<double>(rows * every));
        expect_row(row_of(theory, "Cx" + lag), found, predicted,
                   std::hypot(std::sqrt(2.0) * root * variance, predicted / neurons));
        // tanh of a sign is a sign.
        const double t = std::tanh(0.7) / 0.7;
        EXPECT_NEAR(row_of(theory, "Cphi" + lag).observed, t * t * found.first, 1e-12);
        const double output = row_of(theory, "Cphi(0)").predicted;
        EXPECT_NEAR(row_of(theory, "Cphi" + lag).standard_error,
                    std::hypot(t * t * found.second, std::sqrt(2.0) * root * output,
                               row_of(theory, "Cphi" + lag).predicted / neurons),
                    1e-12);
    }
    expect_row(row_of(theory, "mean"), blocks.mean_of([](const auto& x) { return x.mean(); }), 0.0,
               root * std::sqrt(variance));
    const TheoryRow& gain = row_of(theory, "mean_gain");
    EXPECT_NEAR(gain.observed, 1.0 - std::pow(std::tanh(0.7), 2), 1e-12) << "the same of all";
    EXPECT_NEAR(gain.standard_error, std::hypot(root * gain.predicted, gain.predicted / neurons),
                1e-12);
    EXPECT_EQ(theory.rows.size(), 8U) << "no exponent was measured";
    EXPECT_EQ(theory.freedom, 7.0);
    EXPECT_EQ(theory.largest_z, allowed_z(7.0));
    EXPECT_NE(theory.against.find("from recorded states"), std::string::npos);
    const auto one = blocks.mean_of([](const auto& x) { return product(x, 2); });
    const double finite =
        std::hypot(std::sqrt(2.0) * root * variance, row_of(theory, "Cx(1)").predicted / neurons);
    EXPECT_EQ(row_of(theory, "Cx(1)").origin,
              fmt::format("scatter of 8 blocks {:.2g}; one network of N = 256 beside N -> infinity "
                          "{:.2g}",
                          one.second, finite));
}

/// Signs held for four states have a memory of four; blocks are three memories long.
TEST(RecordedStates, ThatRememberGiveFewerAndLongerBlocks) {
    Recording recording = uncoupled(1280);
    recording.replicas = {held_signs(1280, 4, 3)};
    const TheoryComparison theory = compare_states_with_theory(recording, no_exponent);
    const Blocks blocks{recording.replicas[0].x.bottom_rows(65), 65 / 5};
    ASSERT_EQ(blocks.count(), 5);
    EXPECT_EQ(theory.freedom, 4.0);
    const auto found = blocks.mean_of([](const auto& x) { return product(x, 2); });
    EXPECT_NEAR(row_of(theory, "Cx(1)").observed, found.first, 1e-12);
    // Half a block of 13 is 6 states, 3 tau.
    EXPECT_EQ(theory.rows.size(), 8U);
}

TEST(RecordedStates, OfAllReplicasCountAlike) {
    Recording recording = uncoupled(1280);
    recording.parameters.replicas = 2;
    recording.replicas = {held_signs(1280, 1, 7), held_signs(1280, 1, 8, 0.1)};
    const TheoryComparison theory = compare_states_with_theory(recording, no_exponent);
    // (0.7^2 + 0.1^2)/2
    EXPECT_NEAR(row_of(theory, "Cx(0)").observed, 0.25, 1e-12);
    recording.replicas[1].steps.back() += 1;
    EXPECT_THROW(static_cast<void>(compare_states_with_theory(recording, no_exponent)), HostError);
}

TEST(RecordedStates, OfAnActivationThatIsNotOddHaveNoKnownMean) {
    Recording recording = uncoupled(1280);
    recording.replicas = {held_signs(1280, 1, 7)};
    const auto has_mean = [&recording] {
        for (const TheoryRow& row : compare_states_with_theory(recording, no_exponent).rows) {
            if (row.name == "mean") {
                return true;
            }
        }
        return false;
    };
    EXPECT_TRUE(has_mean());
    recording.parameters.activation = model::ActivationKind::relu;
    EXPECT_FALSE(has_mean());
}

TEST(RecordedStates, StandBesideTheMeasuredExponent) {
    Recording recording = uncoupled(1280);
    recording.replicas = {held_signs(1280, 1, 7)};
    const TheoryComparison theory =
        compare_states_with_theory(recording, {.exponent = -1.125, .standard_error = 0.25});
    ASSERT_EQ(theory.rows.size(), 9U);
    const TheoryRow& row = theory.rows.back();
    EXPECT_EQ(row.name, "lyapunov");
    EXPECT_EQ(row.observed, -1.125);
    EXPECT_NEAR(row.predicted, std::log(1.0 - dt) / dt, 1e-9);
    const double root = std::sqrt(1.0 / neurons);
    EXPECT_NEAR(row.standard_error,
                std::hypot(0.25, root * (1.0 + row.predicted), row.predicted / neurons), 1e-9);
}

/// A gain makes the expansion in 1/N larger, by 1/(1 - u)^2; in chaos it says nothing.
TEST(RecordedStates, OfCoupledNetworksTakeTheErrorOfFiniteSize) {
    Recording recording = uncoupled(1280);
    recording.replicas = {held_signs(1280, 1, 7)};
    recording.parameters.gain = 0.8;
    const TheoryComparison theory = compare_states_with_theory(recording, no_exponent);
    const double gain = row_of(theory, "mean_gain").predicted;
    const double u = std::pow(0.8 * gain, 2);
    const double finite = 1.0 / (neurons * (1.0 - u) * (1.0 - u));
    EXPECT_NEAR(row_of(theory, "mean_gain").standard_error,
                std::hypot(std::sqrt(1.0 / neurons) * gain, finite * gain), 1e-9);
    recording.parameters.gain = 3.0;
    recording.parameters.noise = 0.0;
    const TheoryComparison chaos = compare_states_with_theory(recording, no_exponent);
    const double chaotic = row_of(chaos, "mean_gain").predicted;
    EXPECT_NEAR(row_of(chaos, "mean_gain").standard_error, std::sqrt(1.0 / neurons) * chaotic,
                1e-9);
}

std::string refusal_of(const Recording& recording) {
    try {
        static_cast<void>(compare_states_with_theory(recording, no_exponent));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

TEST(RecordedStates, AreThirtyTwoAtLeastInTheSecondHalf) {
    // Steps 310, ..., 620 are 32; of 610 steps the second half begins at 305.
    Recording recording = uncoupled(620);
    recording.replicas = {held_signs(620, 1, 7)};
    EXPECT_EQ(refusal_of(recording), "none");
    recording.parameters.steps = 622;
    EXPECT_EQ(refusal_of(recording), "run.tmf: 31 states in the second half of the run; 32 or more "
                                     "give statistics");
}

TEST(RecordedStates, AreEvenlySpacedUpToTheLast) {
    const auto spaced = [](std::size_t late, std::uint32_t shift) {
        Recording recording = uncoupled(1280);
        recording.replicas = {held_signs(1280, 1, 7)};
        recording.replicas[0].steps.at(64 + late) += shift;
        return refusal_of(recording);
    };
    const std::string uneven = "run.tmf: its states are not evenly spaced";
    EXPECT_EQ(spaced(64, 3), "none") << "the last may be that of the end of the run";
    for (const std::size_t late : {1U, 2U, 30U, 62U, 63U}) {
        EXPECT_EQ(spaced(late, 3), uneven) << late;
    }
}

TEST(RecordedStates, ThatSayNothingAreRefusedInWords) {
    Recording recording = uncoupled(1280);
    recording.replicas = {held_signs(1280, 1, 7, 0.0)};
    EXPECT_EQ(refusal_of(recording), "run.tmf: the network is silent: nothing to compare");
    recording.replicas = {held_signs(1280, 1000, 7)};
    EXPECT_EQ(refusal_of(recording),
              "run.tmf: the states of the second half of the run do not forget each other: a fixed "
              "point or a cycle, whose averages no block tells");
    // A memory of six leaves three blocks.
    recording.replicas = {held_signs(1280, 6, 7)};
    const std::string words = refusal_of(recording);
    EXPECT_EQ(
        words.find("run.tmf: the states of the second half of the run remember each other for "),
        0U)
        << words;
    EXPECT_NE(words.find(" of its 32.5 tau, too long to tell their scatter"), std::string::npos)
        << words;
    const double memory = std::stod(words.substr(words.find("for ") + 4));
    EXPECT_NEAR(memory, 6 * 0.5, 0.5);
    recording.replicas = {held_signs(1280, 1, 7)};
    recording.parameters.stimulus = model::StimulusKind::constant;
    EXPECT_EQ(refusal_of(recording),
              "run.tmf: a stimulus: theory is of stationary states without one");
}

} // namespace
} // namespace tinymf::host
