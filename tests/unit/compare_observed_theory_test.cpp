// SPDX-License-Identifier: Apache-2.0
// What networks observed of themselves beside theory, on estimates written by hand. Neurons without
// couplings, under white noise and Euler's scheme, are known in closed form.
#include "compare/observed_theory.hpp"

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;
using Values = std::vector<double>;

constexpr double dt = 0.25;
constexpr int neurons = 10;
/// sigma^2 dt/(1 - (1 - dt)^2) with sigma = 1.
const double variance = dt / (1.0 - (1.0 - dt) * (1.0 - dt));

Recording uncoupled(std::uint64_t seed = 1) {
    Recording recording;
    recording.file = "n" + std::to_string(seed) + ".tmf";
    recording.profile = {
        .scalar = experiment::ScalarKind::float64, .replicas = 2, .neurons = neurons};
    auto& p = recording.parameters;
    p.activation = model::ActivationKind::linear;
    p.gain = 0.0;
    p.noise = 1.0;
    p.dt = dt;
    p.seed = seed;
    p.replicas = 2;
    p.observation = {.observables = observe::all_observables,
                     .sample_every = 4,
                     .after = 0,
                     .block = 100,
                     .lags = 3,
                     .window = 1};
    recording.written_dt = dt;
    return recording;
}

/// Blocks that lie `scatter` below and above these values, in turn.
void observe(Recording& recording, observe::ObservedArray array, const Values& values,
             std::uint32_t blocks = 2, double scatter = 0.25) {
    VectorTrace trace;
    for (std::uint32_t b = 1; b <= blocks; ++b) {
        Values block = values;
        for (double& value : block) {
            value += b % 2 == 1 ? -scatter : scatter;
        }
        trace.add(400 * b, block);
    }
    recording.observed[static_cast<std::size_t>(array)] = trace;
}

Recording observing_all(std::uint64_t seed = 1) {
    Recording recording = uncoupled(seed);
    observe(recording, moments, {1, 2, 3, 4, 5, 6, 7, 8});
    observe(recording, cx, {3, 2, 1});
    observe(recording, cphi, {6, 5, 4});
    observe(recording, rphi, {9, 8, 7});
    observe(recording, spread_input, {3, 5, 20, 30, 12, 6, 9, 7});
    observe(recording, spread_output, {5, 7, 30, 40, 22, 8, 11, 9});
    observe(recording, lyapunov, {-2.0});
    return recording;
}

TheoryComparison compare(const std::vector<Recording>& networks) {
    return compare_with_theory(networks);
}

const TheoryRow* row_of(const TheoryComparison& theory, const std::string& name) {
    for (const TheoryRow& row : theory.rows) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

void expect_row(const TheoryComparison& theory, const std::string& name, double observed,
                double predicted) {
    const TheoryRow* row = row_of(theory, name);
    ASSERT_NE(row, nullptr) << name;
    EXPECT_NEAR(row->observed, observed, 1e-12) << name;
    EXPECT_NEAR(row->predicted, predicted, 1e-9) << name;
}

TEST(ObservedTheory, StandsBesideEveryNumberThatWasObserved) {
    const TheoryComparison theory = compare({observing_all()});
    const double decay = std::pow(1.0 - dt, 4); // from sample to sample
    expect_row(theory, "Cx(0) by moments", 3.0, variance);
    expect_row(theory, "Cphi(0) by moments", 4.0, variance);
    expect_row(theory, "mean_gain", 6.0, 1.0);
    expect_row(theory, "mean gain (Stein)", 5.0 / 3.0, 1.0);
    expect_row(theory, "lyapunov", -2.0, std::log(1.0 - dt) / dt);
    expect_row(theory, "Cx(0)", 3.0, variance);
    expect_row(theory, "Cx(1)", 2.0, variance * decay);
    expect_row(theory, "Cx(2)", 1.0, variance * decay * decay);
    expect_row(theory, "Cphi(1)", 5.0, variance * decay);
    expect_row(theory, "Rphi(0.25)", 9.0, 1.0);
    expect_row(theory, "Rphi(1.25)", 8.0, decay);
    expect_row(theory, "Rphi(2.25)", 7.0, decay * decay);
    // Independent neurons: C is diagonal.
    expect_row(theory, "participation_input", 16.0 / (10.0 * 12.0), 1.0);
    expect_row(theory, "participation_output", 36.0 / (10.0 * 22.0), 1.0);
    expect_row(theory, "N_var_input", 5.0 / 9.0, 0.0);
    expect_row(theory, "N_var_output", 13.0 / 9.0, 0.0);
    EXPECT_EQ(theory.curves.size(), 3U);
    EXPECT_EQ(theory.against.find("theory of N -> infinity, "), 0U);
    EXPECT_EQ(theory.freedom, 1.0);
    // 1/(N (1 - u)^2) without a gain is 1/N.
    const TheoryRow& row = *row_of(theory, "Cx(0) by moments");
    EXPECT_EQ(row.origin, "scatter of 2 blocks of one network; finite N: 0.1 of the value");
    EXPECT_NEAR(row.standard_error, std::hypot(0.25, 0.1 * variance), 1e-9);
}

TEST(ObservedTheory, OfACoupledNetworkTakesTheErrorOfFiniteSize) {
    Recording recording = observing_all();
    recording.parameters.gain = 0.6;
    const TheoryComparison theory = compare({recording});
    const double finite = 1.0 / (10.0 * std::pow(1.0 - 0.36, 2));
    const TheoryRow& row = *row_of(theory, "Cx(0) by moments");
    EXPECT_NEAR(row.standard_error, std::hypot(0.25, finite * row.predicted), 1e-9);
    EXPECT_NE(row.origin.find(fmt::format("finite N: {:.2g} of", finite)), std::string::npos);
}

/// Frozen neurons x = sigma z: <x^2> = <phi^2> of ten of them scatters by sqrt(2/10), their slope
/// by nothing, and no block tells.
TEST(ObservedTheory, OfActivityThatStaysTakesTheScatterOfSingleNeurons) {
    Recording recording = observing_all();
    recording.parameters.noise_kind = model::NoiseKind::frozen;
    const TheoryComparison theory = compare({recording});
    for (const std::string name : {"Cx(0) by moments", "Cphi(0) by moments", "Cx(1)", "Cphi(2)"}) {
        expect_row(theory, name, row_of(theory, name)->observed, 1.0);
        EXPECT_NEAR(row_of(theory, name)->standard_error, std::hypot(0.25, 0.1, std::sqrt(0.2)),
                    1e-9)
            << name;
        EXPECT_NE(row_of(theory, name)->origin.find("outlasts"), std::string::npos);
    }
    EXPECT_NEAR(row_of(theory, "mean_gain")->standard_error, std::hypot(0.25, 0.1), 1e-9);
    EXPECT_EQ(row_of(theory, "participation_input"), nullptr);
    ASSERT_EQ(theory.notes.size(), 1U);
    EXPECT_NE(theory.notes[0].find("give several seeds"), std::string::npos);
    // Networks with noise of their own scatter themselves.
    Recording another = recording;
    another.parameters.seed = 2;
    EXPECT_TRUE(compare({recording, another}).notes.empty());
}

/// A block is 100 tau here, six times 16.7; what lasts longer needs as many blocks as hold it six
/// times, four times over.
TEST(ObservedTheory, JoinsBlocksUntilTheyForget) {
    Recording recording = uncoupled();
    observe(recording, cx, {3, 2, 1}, 9);
    recording.parameters.noise_kind = model::NoiseKind::frozen;
    recording.parameters.noise_hold = 66; // 16.5 tau
    EXPECT_EQ(compare({recording}).freedom, 8.0);
    recording.parameters.noise_hold = 67;
    EXPECT_EQ(compare({recording}).freedom, 3.0); // pairs, and one left over
    recording.parameters.noise_kind = model::NoiseKind::colored;
    recording.parameters.noise_time = 33.3;
    const TheoryComparison joined = compare({recording});
    EXPECT_EQ(joined.freedom, 3.0);
    expect_row(joined, "Cx(0)", 3.0, row_of(joined, "Cx(0)")->predicted);
    EXPECT_EQ(row_of(joined, "Cx(0)")->origin.find("outlasts"), std::string::npos);
    recording.parameters.noise_time = 33.4; // triples: three of them
    EXPECT_EQ(compare({recording}).freedom, 8.0);
    EXPECT_NE(row_of(compare({recording}), "Cx(0)")->origin.find("outlasts"), std::string::npos);
}

TEST(ObservedTheory, OfWindowsHasOneNumberForTheOutputs) {
    Recording recording = observing_all();
    recording.parameters.observation.window = 50;
    const TheoryComparison theory = compare({recording});
    expect_row(theory, "participation_long_window", 36.0 / (10.0 * 22.0), 1.0);
    EXPECT_EQ(row_of(theory, "participation_output"), nullptr);
    EXPECT_EQ(row_of(theory, "participation_input"), nullptr);
    EXPECT_EQ(row_of(theory, "N_var_output"), nullptr);
}

TEST(ObservedTheory, SaysNothingOfWhatWasNotObserved) {
    Recording recording = uncoupled();
    observe(recording, lyapunov, {-2.0});
    EXPECT_EQ(compare({recording}).rows.size(), 1U);
    Recording curve = uncoupled();
    observe(curve, cphi, {6, 5, 4});
    const TheoryComparison theory = compare({curve});
    EXPECT_EQ(theory.curves.size(), 1U);
    expect_row(theory, "Cphi(0)", 6.0, variance);
    expect_row(theory, "Cphi(2)", 4.0, variance * std::pow(1.0 - dt, 8));
}

/// A mean over blocks stands for each network; their scatter holds the disorder too.
TEST(ObservedTheory, OfSeveralNetworksIsJudgedByTheirScatter) {
    std::vector<Recording> networks;
    for (const auto& [seed, value] :
         {std::pair{1, 1.0}, std::pair{2, 2.0}, std::pair{3, 4.0}, std::pair{4, 5.0}}) {
        networks.push_back(uncoupled(static_cast<std::uint64_t>(seed)));
        observe(networks.back(), cx, {value, 0.0, 0.0});
    }
    const TheoryComparison theory = compare(networks);
    const TheoryRow& row = *row_of(theory, "Cx(0)");
    EXPECT_NEAR(row.observed, 3.0, 1e-14);
    // Deviations -2, -1, 1, 2, and Student's factor of three.
    EXPECT_NEAR(row.standard_error, std::hypot(std::sqrt(10.0 / 3.0 / 4.0 * 3.0), 0.1 * variance),
                1e-9);
    EXPECT_EQ(row.origin, "scatter of 4 networks; finite N: 0.1 of the value");
    EXPECT_EQ(theory.freedom, 3.0);
    // Networks of one block each will do.
    std::vector<Recording> single{uncoupled(1), uncoupled(2)};
    observe(single[0], cx, {1.0, 0.0, 0.0}, 1, 0.0);
    observe(single[1], cx, {3.0, 0.0, 0.0}, 1, 0.0);
    expect_row(compare(single), "Cx(0)", 2.0, variance);
}

std::string refusal_of(const std::vector<Recording>& networks) {
    try {
        static_cast<void>(compare_with_theory(networks));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

TEST(ObservedTheory, IsOfOneExperimentWithDifferentSeeds) {
    const Recording one = observing_all(1);
    const Recording two = observing_all(2);
    EXPECT_EQ(refusal_of({one, two}), "none");
    EXPECT_EQ(refusal_of({one, two, one}), "n1.tmf: seed 1 was given before");
    const std::string other =
        "n1.tmf and n2.tmf are not networks of one experiment with different seeds";
    Recording changed = two;
    changed.parameters.gain = 0.5;
    EXPECT_EQ(refusal_of({one, changed}), other);
    changed = two;
    changed.profile.neurons = 11;
    EXPECT_EQ(refusal_of({one, changed}), other);
    changed = two;
    changed.profile.kind = experiment::ModelKind::mean_field;
    EXPECT_EQ(refusal_of({one, changed}), other);
    changed = two;
    changed.parameters.observation.block = 50;
    EXPECT_EQ(refusal_of({one, changed}), other);
    changed = two;
    changed.parameters.state_every = 3;
    changed.parameters.digest_every = 3;
    EXPECT_EQ(refusal_of({one, changed}), "none");
}

TEST(ObservedTheory, NeedsBlocksAndSomethingThatTheoryKnows) {
    EXPECT_EQ(refusal_of({uncoupled()}), "n1.tmf: observed nothing; see stream.observe");
    EXPECT_EQ(refusal_of({observing_all(1), uncoupled(2)}),
              "n2.tmf: observed nothing; see stream.observe");
    Recording one_block = uncoupled();
    observe(one_block, cx, {1, 1, 1}, 1);
    EXPECT_EQ(refusal_of({one_block}), "n1.tmf: one block has no scatter to judge it by; run "
                                       "longer, or give several seeds");
    Recording settled = uncoupled();
    observe(settled, settling, {0.0, 0.0});
    EXPECT_EQ(refusal_of({settled}), "n1.tmf: theory gives nothing of what was observed");
}

} // namespace
} // namespace tinymf::host
