// SPDX-License-Identifier: Apache-2.0
// What the bounds of a comparison hold and refuse, and what is said of it.

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base_captures.hpp"
#include "compare/bounded_distance.hpp"
#include "compare/comparison.hpp"
#include "compare/judged_output.hpp"
#include "compare/recorded_theory.hpp"
#include "compare/theory_comparison.hpp"
#include "report/run_report.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view experiment_text = R"(
schema = 1
name = "bounded"
[model]
gain = 0.9
dt = 0.1
steps = 100
[network]
neurons = 16
[stream]
state_every = 10
digest_every = 50
)";

class CompareBounds : public testing::Test, public test::CapturedRuns {
protected:
    CompareBounds() : CapturedRuns(experiment_text) {}
};

using Overrides = std::vector<std::string>;

/// Networks whose states become subnormal, or are zero from the beginning.
const std::vector<Overrides> quiet_networks{
    {"model.gain=0.0", "model.dt=0.5", "model.steps=400"},
    {"model.gain=0.0", "model.dt=0.5", "model.steps=3000", "network.scalar='float64'"},
    {"model.gain=0.3", "model.steps=3000", "model.integrator='exponential_euler'"},
    {"model.gain=0.3", "model.steps=3000", "model.integrator='heun'"},
    {"model.gain=0.3", "model.steps=3000", "model.integrator='rk4'", "model.activation='erf'"},
    {"model.gain=0.3", "model.steps=3000", "model.activation='linear'"},
    {"model.gain=0.3", "model.steps=3000", "model.activation='relu'"},
    {"model.gain=0.3", "model.steps=3000", "model.activation='pade'"},
    {"model.gain=0.3", "model.steps=3000", "model.activation='power_law'", "model.exponent=2.0"},
    {"model.gain=0.1", "model.steps=12000", "network.scalar='float64'"},
    {"model.gain=0.1", "model.steps=3000", "initial.scale=1e-30", "network.coupling='sign'",
     "network.neurons=32"},
    {"model.noise=1e-30", "model.noise_kind='colored'", "initial.scale=1e-38"},
    {"initial.kind='zero'"},
    {"initial.kind='zero'", "stimulus.kind='constant'", "network.scalar='float64'"},
    {"initial.scale=0.0", "network.replicas=2", "model.integrator='rk4'"},
};

TEST_F(CompareBounds, DecayingAndSilentNetworksPassToTheEnd) {
    for (const Overrides& overrides : quiet_networks) {
        const Comparison comparison = compare_capture(capture(overrides), {});
        ASSERT_TRUE(comparison.reference);
        EXPECT_EQ(comparison.exit_code(), exit_passed) << overrides[0] << '\n'
                                                       << to_text(comparison);
        EXPECT_TRUE(comparison.reference->scheme.reaches_the_end()) << to_text(comparison);
    }
}

/// The floor is no gate: the smallest normal number is no rounding error of a decayed state.
TEST_F(CompareBounds, ADecayedStateThatIsNormalFails) {
    Recording recording =
        read_recording(capture({"model.gain=0.0", "model.dt=0.5", "model.steps=400"}));
    ASSERT_TRUE(compare_with_reference(recording).passed());
    recording.replicas[0].x.set(30, 4,
                                recording.replicas[0].x(30, 4) +
                                    static_cast<double>(std::numeric_limits<float>::min()));
    const ReferenceComparison found = compare_with_reference(recording);
    EXPECT_FALSE(found.scheme.within());
    ASSERT_TRUE(found.scheme.violation());
    EXPECT_EQ(*found.scheme.violation(), 30U);
    EXPECT_EQ(found.scheme.places[30].element, 4U);
}

TEST_F(CompareBounds, SilentNetworksAreReportedInWords) {
    for (const Overrides& overrides :
         {Overrides{"initial.kind='zero'"},
          Overrides{"initial.kind='zero'",
                    "stream.observe=['moments', 'autocorrelation', 'participation', 'covariance']",
                    "stream.observe_block=20", "stream.observe_lags=4"},
          Overrides{"model.gain=0.0", "initial.scale=0.0", "network.replicas=2"}}) {
        const Comparison comparison = compare_capture(capture(overrides), {});
        EXPECT_EQ(comparison.exit_code(), exit_passed) << to_text(comparison);
        EXPECT_EQ(to_text(comparison).find("nan"), std::string::npos) << to_text(comparison);
        const std::string html = run_report(std::span(&comparison, 1));
        EXPECT_NE(html.find("<svg"), std::string::npos);
        EXPECT_NE(html.find("every error is 0"), std::string::npos) << to_text(comparison);
    }
}

TEST_F(CompareBounds, TheViolatingPointIsNamed) {
    Comparison comparison = compare_capture(capture({"network.replicas=2"}), {});
    ASSERT_EQ(comparison.verdict(), Verdict::pass);
    const nlohmann::json passed = to_json(comparison).at("reference");
    EXPECT_EQ(passed.at("violation"), nullptr);
    EXPECT_LE(passed.at("nearest").at("error"), passed.at("nearest").at("bound"));
    EXPECT_LE(passed.at("max_abs_error"), passed.at("bound"));

    // The last neuron of the last state of the second replica, by three bounds.
    const Eigen::Index last = comparison.recording.replicas[1].x.rows() - 1;
    comparison.recording.replicas[1].x.set(last, 15,
                                           comparison.recording.replicas[1].x(last, 15) +
                                               3.0 * comparison.reference->solution.bound.back());
    comparison.reference = compare_with_reference(comparison.recording);
    EXPECT_EQ(comparison.verdict(), Verdict::fail);
    EXPECT_EQ(comparison.exit_code(), exit_failed);
    const nlohmann::json failed = to_json(comparison).at("reference");
    EXPECT_EQ(failed.at("passed"), false);
    EXPECT_GT(failed.at("max_abs_error"), failed.at("bound"));
    for (const nlohmann::json& violation :
         {failed.at("violation"), failed.at("scheme").at("violation")}) {
        EXPECT_EQ(violation.at("step"), 100);
        EXPECT_EQ(violation.at("replica"), 1);
        EXPECT_EQ(violation.at("neuron"), 15);
        EXPECT_GT(violation.at("error"), violation.at("bound"));
    }
    const std::string text = to_text(comparison);
    EXPECT_NE(text.find("at t = 10 (step 100), replica 1, neuron 15: error "), std::string::npos)
        << text;
    EXPECT_EQ(text.find("within"), std::string::npos) << text;
}

TEST_F(CompareBounds, AMeanFieldsViolatingEntryIsNamed) {
    const std::string file =
        capture({"model.kind='mean_field'", "mean_field.method='gaussian_closure'",
                 "mean_field.points=20", "mean_field.row_every=6"});
    Comparison comparison = compare_capture(file, {});
    ASSERT_TRUE(comparison.mean_field) << to_text(comparison);
    ASSERT_EQ(comparison.verdict(), Verdict::pass) << to_text(comparison);
    // Column 7 of row 12 of C_phi: a column that is no told row itself.
    VectorTrace damaged;
    const VectorTrace& rows = comparison.recording.arrays[1];
    for (std::size_t k = 0; k < rows.size(); ++k) {
        std::vector<double> row(rows[k].begin(), rows[k].end());
        if (rows.steps()[k] == 12) {
            row[7] += 1e-3;
        }
        damaged.add(rows.steps()[k], row);
    }
    comparison.recording.arrays[1] = damaged;
    comparison.mean_field = compare_exact_mean_field(comparison.recording);
    EXPECT_EQ(comparison.exit_code(), exit_failed);
    const nlohmann::json violation = to_json(comparison).at("reference").at("violation");
    EXPECT_EQ(violation.at("array"), "Cphi");
    EXPECT_EQ(violation.at("row"), 12);
    EXPECT_EQ(violation.at("column"), 7);
    EXPECT_NE(to_text(comparison).find("Cphi at t = 1.2 (row 12), column 7: error 0.001"),
              std::string::npos)
        << to_text(comparison);
}

TEST(BoundedDistance, FindsTheFirstViolationAndTheNearestMiss) {
    BoundedDistance distance{
        .error = {0.0, 1.0, 4.0}, .places = {{}, {}, {}}, .bound = {0.0, 2.0, 5.0}};
    EXPECT_TRUE(distance.within());
    EXPECT_EQ(distance.nearest(), 2U);
    distance.error[2] = std::nextafter(5.0, 6.0);
    EXPECT_EQ(distance.violation(), 2U);
    EXPECT_EQ(distance.decisive_bound(), 5.0);
    distance.error[0] = std::numeric_limits<double>::denorm_min();
    EXPECT_EQ(distance.violation(), 0U);
    distance.error = {0.0, std::nan(""), 0.0};
    EXPECT_EQ(distance.violation(), 1U) << "what is no number is within no bound";
    BoundedDistance raised;
    raised.raise(0, 1.0, {0, 3});
    raised.raise(0, 0.5, {1, 4});
    EXPECT_EQ(raised.places[0].element, 3U);
    raised.raise(0, std::nan(""), {1, 5});
    EXPECT_EQ(raised.places[0].element, 5U);
}

/// Closed forms of Student's quantiles for one, two and four degrees of freedom; the normal one is
/// tabulated.
TEST(AllowedDeviation, IsThatOfStudentsLawAndSaysSo) {
    constexpr double a = 1e-6;
    EXPECT_NEAR(allowed_z(1.0), 1.0 / std::tan(M_PI * a / 2.0), 1.0);
    EXPECT_NEAR(allowed_z(2.0), (1.0 - a) * std::sqrt(2.0 / (a * (2.0 - a))), 1e-3);
    const double root = std::sqrt(a * (2.0 - a));
    const double four = 2.0 * std::sqrt(std::cos(std::acos(root) / 3.0) / root - 1.0);
    EXPECT_NEAR(allowed_z(4.0), four / std::sqrt(2.0), 1e-6 * four);
    EXPECT_NEAR(allowed_z(std::numeric_limits<double>::infinity()), 4.891638, 1e-6);
    EXPECT_EQ(law_text(7.0), "Student t, 7 degrees of freedom, false alarm 1e-06 a number");
    EXPECT_EQ(law_text(std::numeric_limits<double>::infinity()),
              "normal law, false alarm 1e-06 a number");
}

TEST(AllowedDeviation, ANumberTenPercentBeyondItFails) {
    TheoryComparison theory{
        .against = "theory", .rows = {}, .curves = {}, .freedom = 7.0, .largest_z = allowed_z(7.0)};
    theory.rows.push_back({"C", theory.largest_z, 0.0, 1.0, "sampling"});
    EXPECT_TRUE(theory.passed());
    theory.rows.push_back({"D", 1.1 * theory.largest_z, 0.0, 1.0, "sampling"});
    EXPECT_FALSE(theory.passed());
    const std::string text = to_text(theory);
    EXPECT_NE(text.find("FAIL  D: "), std::string::npos) << text;
    EXPECT_EQ(text.find("FAIL  C: "), std::string::npos) << text;
    EXPECT_NE(text.find("7 degrees of freedom"), std::string::npos) << text;
}

// N = 64 beside N -> infinity, and why they differ.
TEST_F(CompareBounds, RecordedStatesMeetTheTheoryOfLargeNetworks) {
    const Overrides chaos{"model.gain=3.0", "model.dt=0.05", "model.steps=10000", "model.seed=6",
                          "network.neurons=64"}; // the gallery's
    Recording recording = read_recording(capture(chaos));
    const LyapunovEstimate lyapunov{0.1, 0.02};
    const TheoryComparison theory = compare_states_with_theory(recording, lyapunov);
    EXPECT_TRUE(theory.passed()) << to_text(theory);
    EXPECT_GE(theory.rows.size(), 9U);
    EXPECT_EQ(theory.rows.back().name, "lyapunov");
    for (const TheoryRow& row : theory.rows) {
        EXPECT_NE(row.origin.find("one network of N = 64 beside N -> infinity"), std::string::npos);
        std::printf("%-10s %10.5f %10.5f +- %.2g  z = %.2f\n", row.name.c_str(), row.observed,
                    row.predicted, row.standard_error, row.z());
    }
    // States of another size are refused.
    StateTrace& trace = recording.replicas[0];
    trace.x = RecordedStates(8.0 * trace.x.middle_rows(0, trace.x.rows()));
    EXPECT_FALSE(compare_states_with_theory(recording, lyapunov).passed());
}

TEST_F(CompareBounds, WhyRecordedStatesSayNothingIsSaid) {
    const auto note_of = [this](const Overrides& overrides) {
        const Comparison comparison = compare_capture(capture(overrides), {});
        return comparison.not_available.empty() ? std::string() : comparison.not_available.back();
    };
    EXPECT_NE(note_of({}).find("states in the second half of the run"), std::string::npos);
    EXPECT_NE(note_of({"initial.kind='zero'", "stream.state_every=1"}).find("silent"),
              std::string::npos);
    EXPECT_NE(note_of({"stimulus.kind='constant'", "stream.state_every=1"}).find("stimulus"),
              std::string::npos);
    EXPECT_NE(note_of({"model.noise=0.5", "model.noise_kind='static'", "stream.state_every=1"})
                  .find("fixed point or a cycle"),
              std::string::npos);
}

} // namespace
} // namespace tinymf::host
