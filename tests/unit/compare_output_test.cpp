// SPDX-License-Identifier: Apache-2.0
// What `compare` says, word by word and key by key, of findings written by hand.
#include "compare/comparison.hpp"

#include <array>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compare/judged_output.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;
using stream::EndReason;

Comparison of_network() {
    Comparison comparison;
    Recording& recording = comparison.recording;
    recording.file = "run.tmf";
    recording.device.board = "board";
    recording.profile = {.scalar = experiment::ScalarKind::float32, .replicas = 2, .neurons = 8};
    recording.parameters.replicas = 2;
    recording.replicas.resize(2);
    comparison.bits_against = "host";
    return comparison;
}

Comparison with_bits(const BitComparison& bits) {
    Comparison comparison = of_network();
    comparison.bits = bits;
    return comparison;
}

/// Second line of the text, and the first difference in JSON.
std::string line_of(const Comparison& comparison) {
    const std::string text = to_text(comparison);
    const std::size_t begin = text.find('\n') + 3;
    return text.substr(begin, text.find('\n', begin) - begin);
}

json difference_of(const Comparison& comparison) {
    return to_json(comparison).at("bit_exact").at("first_difference");
}

TEST(ComparisonOutput, OfEqualBitsCounts) {
    BitComparison bits;
    bits.steps_checked = 41;
    bits.states_checked = 6;
    bits.digests_checked = 4;
    Comparison comparison = with_bits(bits);
    EXPECT_EQ(line_of(comparison), "bit-exact   pass  against host: 41 steps, 6 states, 4 digests");
    EXPECT_EQ(to_json(comparison).at("bit_exact"), (json{{"against", "host"},
                                                         {"passed", true},
                                                         {"steps_checked", 41},
                                                         {"states_checked", 6},
                                                         {"digests_checked", 4},
                                                         {"checkpoints_checked", 0},
                                                         {"first_difference", nullptr}}));
    bits.checkpoints_checked = 1;
    EXPECT_EQ(line_of(with_bits(bits)),
              "bit-exact   pass  against host: 41 steps, 6 states, 4 digests, 1 checkpoints");
    EXPECT_EQ(line_of(with_bits({})), "bit-exact   FAIL  against host: 0 steps, 0 states, 0 "
                                      "digests: nothing in common");
    bits.couplings_difference = {.step = 15, .recorded = 0xAB, .expected = 0xCD};
    EXPECT_EQ(line_of(with_bits(bits)),
              "bit-exact   FAIL  against host: the couplings: digest 00000000000000ab at step 15, "
              "expected 00000000000000cd");
    EXPECT_EQ(difference_of(with_bits(bits)), (json{{"kind", "couplings"},
                                                    {"step", 15},
                                                    {"recorded_bits", "0x00000000000000ab"},
                                                    {"expected_bits", "0x00000000000000cd"}}));
    EXPECT_EQ(to_json(of_network()).at("bit_exact"), nullptr);
}

TEST(ComparisonOutput, OfAStateNamesTheWord) {
    BitComparison bits;
    bits.state_difference = {
        .step = 20, .channel = 1, .element = 7, .recorded = 1.0, .expected = -2.0, .ulps = 3};
    Comparison comparison = with_bits(bits);
    EXPECT_EQ(line_of(comparison),
              "bit-exact   FAIL  against host: step 20, replica 1, neuron 7: 1 "
              "(0x3f800000), expected -2 (0xc0000000), 3 ulp");
    EXPECT_EQ(difference_of(comparison), (json{{"kind", "state"},
                                               {"step", 20},
                                               {"replica", 1},
                                               {"neuron", 7},
                                               {"recorded", 1.0},
                                               {"expected", -2.0},
                                               {"recorded_bits", "0x3f800000"},
                                               {"expected_bits", "0xc0000000"},
                                               {"ulps", 3}}));
    comparison.recording.profile.scalar = experiment::ScalarKind::float64;
    EXPECT_EQ(difference_of(comparison).at("recorded_bits"), "0x3ff0000000000000");
    EXPECT_EQ(difference_of(comparison).at("expected_bits"), "0xc000000000000000");
    comparison.bits->state_difference->channel = 3;
    const json estimate = difference_of(comparison);
    EXPECT_EQ(estimate.at("kind"), "estimate");
    EXPECT_EQ(estimate.at("array"), "Cx");
    EXPECT_EQ(estimate.at("step"), 20);
    EXPECT_EQ(estimate.at("element"), 7);
    comparison.recording.profile.kind = experiment::ModelKind::mean_field;
    comparison.recording.parameters.steps = 8;
    const json row = difference_of(comparison);
    EXPECT_EQ(row.at("kind"), "row");
    EXPECT_EQ(row.at("array"), "Rphi");
    EXPECT_EQ(row.at("population"), 2);
    EXPECT_EQ(row.at("row"), 2);
    EXPECT_EQ(row.at("column"), 7);
}

TEST(ComparisonOutput, OfADigestACheckpointAFaultAndAnEnd) {
    BitComparison bits;
    bits.digest_difference = {.step = 15, .recorded = 0xAB, .expected = 0xCD};
    EXPECT_EQ(line_of(with_bits(bits)),
              "bit-exact   FAIL  against host: digest 00000000000000ab at "
              "step 15, expected 00000000000000cd");
    EXPECT_EQ(difference_of(with_bits(bits)), (json{{"kind", "digest"},
                                                    {"step", 15},
                                                    {"recorded_bits", "0x00000000000000ab"},
                                                    {"expected_bits", "0x00000000000000cd"}}));
    bits.couplings_difference.emplace();
    EXPECT_EQ(line_of(with_bits(bits)),
              "bit-exact   FAIL  against host: digest 00000000000000ab at "
              "step 15, expected 00000000000000cd; the couplings differ");
    BitComparison checkpoint;
    checkpoint.checkpoint_difference = 25;
    EXPECT_EQ(line_of(with_bits(checkpoint)),
              "bit-exact   FAIL  against host: the checkpoint of step 25");
    EXPECT_EQ(difference_of(with_bits(checkpoint)), (json{{"kind", "checkpoint"}, {"step", 25}}));
    BitComparison saturation;
    saturation.saturation_difference = {.recorded = std::nullopt,
                                        .expected = stream::SaturationFrame{3, 7}};
    EXPECT_EQ(
        line_of(with_bits(saturation)),
        "bit-exact   FAIL  against host: no number of the path histories saturated; expected: "
        "3 numbers of 16-bit path histories saturated, the first at step 7");
    EXPECT_EQ(difference_of(with_bits(saturation)),
              (json{{"kind", "saturation"},
                    {"recorded", nullptr},
                    {"expected", {{"count", 3}, {"first_step", 7}}}}));
    BitComparison fault;
    const RecordedFault found{.cause = firmware::FaultCause::not_finite, .step = 17, .index = 3};
    fault.fault_difference = {.recorded = found, .expected = std::nullopt};
    const std::string words = to_text(*fault.fault_difference);
    EXPECT_EQ(line_of(with_bits(fault)), "bit-exact   FAIL  against host: " + words);
    EXPECT_EQ(difference_of(with_bits(fault)),
              (json{{"kind", "fault"}, {"step", 17}, {"difference", words}}));
    fault.fault_difference = {.recorded = std::nullopt, .expected = found};
    EXPECT_EQ(difference_of(with_bits(fault)).at("step"), 17);
    BitComparison end;
    end.end_difference = EndReason::stopped;
    EXPECT_EQ(line_of(with_bits(end)),
              "bit-exact   FAIL  against host: END says stopped, the run did not end so");
    EXPECT_EQ(difference_of(with_bits(end)), (json{{"kind", "end"}, {"reason", "stopped"}}));
}

/// A state comes before all that only follows from it.
TEST(ComparisonOutput, NamesTheMostTellingDifference) {
    BitComparison all;
    all.end_difference = EndReason::stopped;
    all.fault_difference = {.recorded = RecordedFault{}, .expected = std::nullopt};
    EXPECT_EQ(difference_of(with_bits(all)).at("kind"), "fault");
    all.saturation_difference.emplace();
    EXPECT_EQ(difference_of(with_bits(all)).at("kind"), "saturation");
    all.checkpoint_difference = 25;
    EXPECT_EQ(difference_of(with_bits(all)).at("kind"), "checkpoint");
    all.couplings_difference.emplace();
    EXPECT_EQ(difference_of(with_bits(all)).at("kind"), "couplings");
    all.digest_difference.emplace();
    EXPECT_EQ(difference_of(with_bits(all)).at("kind"), "digest");
    all.state_difference.emplace();
    EXPECT_EQ(difference_of(with_bits(all)).at("kind"), "state");
}

TEST(ComparisonOutput, HasALineForEverythingThatWasFound) {
    Comparison comparison = of_network();
    comparison.recording.survey.counters.frames = 12;
    comparison.recording.survey.counters.crc_errors = 1;
    comparison.recording.ticks = stream::TicksFrame{.period = 5, .last_tick = 40, .worst_late = 2};
    comparison.recording.observed[12].add(10, std::array{0.25, 3.0});
    comparison.failures = {"it overflowed"};
    comparison.unsound = {"it was cut", "it was damaged"};
    comparison.not_available = {"theory: none"};
    EXPECT_EQ(to_text(comparison),
              "run.tmf: unsound (board, " + profile_text(comparison.recording.profile) +
                  ")"
                  "\n  stream      FAIL  12 frames, 0 lost, 0 announced, 1 CRC errors"
                  "\n  ticks       40 ticks of 5 counts, none missed, worst lateness 2 counts"
                  "\n  settling    largest |dx/dt| at a sample 0.25 per tau, 3 states not settled "
                  "(above 0.001)"
                  "\n  run         FAIL  it overflowed"
                  "\n  unsound: it was cut"
                  "\n  unsound: it was damaged"
                  "\n  not available: theory: none");
    const json all = to_json(comparison);
    EXPECT_EQ(all.at("verdict"), "unsound");
    EXPECT_EQ(all.at("capture"), "run.tmf");
    EXPECT_EQ(all.at("board"), "board");
    EXPECT_EQ(all.at("profile"), profile_text(comparison.recording.profile));
    EXPECT_EQ(all.at("reference"), nullptr);
    EXPECT_EQ(all.at("theory"), json::array());
    EXPECT_EQ(all.at("timing"), nullptr);
    EXPECT_EQ(all.at("ticks").at("last"), 40);
    EXPECT_EQ(all.at("settling"), (json{{"worst_residual", 0.25}, {"unsettled", 3.0}}));
    EXPECT_EQ(all.at("unsound"), (json{"it was cut", "it was damaged"}));
    EXPECT_EQ(all.at("failures"), json{"it overflowed"});
    EXPECT_EQ(all.at("notes"), json{"theory: none"});
    EXPECT_EQ(all.at("stream"), (json{{"frames", 12},
                                      {"lost", 0},
                                      {"announced", 0},
                                      {"crc_errors", 1},
                                      {"gaps", 0},
                                      {"sound", true},
                                      {"complete", false}}));
    comparison.recording.times = {PhaseTimes{.samples = 3}};
    EXPECT_EQ(to_json(comparison).at("timing").at("phases").at(0).at("samples"), 3);
    comparison.recording.ticks.reset();
    EXPECT_EQ(to_json(comparison).at("ticks"), nullptr);
    comparison.recording.observed[12] = {};
    EXPECT_EQ(to_json(comparison).at("settling"), nullptr);
}

/// Three states at 0, 1 and 2 tau; the second error is the nearest to its bound.
ReferenceComparison reference() {
    ReferenceComparison found;
    found.steps = {0, 10, 20};
    found.times = {0.0, 1.0, 2.0};
    found.tolerance = {0.1, 0.2, 0.3};
    found.solution = {.error = {0.0, 2e-3, 4e-3},
                      .places = {{0, 1}, {1, 2}, {0, 3}},
                      .bound = {1e-3, 4e-3, 16e-3}};
    found.scheme = found.solution;
    found.lyapunov = {.exponent = 0.125, .standard_error = 0.01};
    return found;
}

TEST(ReferenceOutput, NamesTheNearestPointOrTheFirstViolation) {
    ReferenceComparison found = reference();
    EXPECT_EQ(findings_of(found, found.solution),
              "up to t = 2 (end of run); nearest at t = 1 (step 10), replica 1, neuron 2: error "
              "0.002, bound 0.004");
    found.solution.bound.pop_back();
    EXPECT_EQ(
        findings_of(found, found.solution),
        "up to t = 1 (horizon: by t = 2 the bound exceeds a tenth of the state's size (0.3)); "
        "nearest at t = 1 (step 10), replica 1, neuron 2: error 0.002, bound 0.004");
    found.solution.bound = {1e-3};
    EXPECT_EQ(findings_of(found, found.solution),
              "nothing to judge: by t = 1 the bound exceeds a tenth of the state's size (0.2)");
    found.solution.bound.clear();
    EXPECT_EQ(findings_of(found, found.solution),
              "nothing to judge: by t = 0 the bound exceeds a tenth of the state's size (0.1)");
    found.solution = reference().solution;
    found.solution.error = {0.0, 0.0, 0.0};
    EXPECT_EQ(findings_of(found, found.solution), "up to t = 2 (end of run); every error is 0");
    found.solution.error = {0.0, 1e-3, 17e-3};
    EXPECT_EQ(findings_of(found, found.solution),
              "at t = 2 (step 20), neuron 3: error 0.017, bound 0.016");
}

TEST(ReferenceOutput, JudgesWithVerdictAndLyapunovExponent) {
    ReferenceComparison found = reference();
    found.method = ReferenceMethod::ode;
    const std::string rest =
        "up to t = 2 (end of run); nearest at t = 1 (step 10), replica 1, neuron 2: error 0.002, "
        "bound 0.004";
    EXPECT_EQ(to_text(found), "reference   pass  differential equation: " + rest +
                                  "\narithmetic  pass  same scheme in double precision: " + rest +
                                  "\nLyapunov    0.125 +- 0.01 per tau");
    EXPECT_EQ(found.horizon(found.solution), 2.0);
    found.scheme.bound = {1e-3};
    found.lyapunov.absent = "the run is too short";
    const std::string nothing = to_text(found);
    EXPECT_NE(nothing.find("\narithmetic  none  same scheme in double precision: nothing to judge"),
              std::string::npos)
        << nothing;
    EXPECT_NE(nothing.find("\nLyapunov    not measured: the run is too short"), std::string::npos);
    found.scheme.error = {2e-3, 0.0, 0.0};
    EXPECT_NE(to_text(found).find("\narithmetic  FAIL  same"), std::string::npos)
        << "a wrong first state is a failure all the same";
    const json part = to_json(found);
    EXPECT_EQ(part.at("passed"), false) << "both must be within";
    EXPECT_EQ(part.at("tolerance"), 0.3);
    EXPECT_EQ(part.at("horizon"), 2.0);
    EXPECT_EQ(part.at("horizon_is_end_of_run"), true);
    EXPECT_EQ(part.at("max_abs_error"), 4e-3);
    EXPECT_EQ(part.at("bound"), 16e-3);
    EXPECT_EQ(part.at("violation"), nullptr);
    EXPECT_EQ(part.at("nearest"), (json{{"time", 1.0},
                                        {"step", 10},
                                        {"replica", 1},
                                        {"neuron", 2},
                                        {"error", 2e-3},
                                        {"bound", 4e-3}}));
    EXPECT_EQ(part.at("scheme").at("passed"), false);
    EXPECT_EQ(part.at("scheme").at("horizon"), 0.0);
    EXPECT_EQ(part.at("scheme").at("horizon_is_end_of_run"), false);
    EXPECT_EQ(part.at("scheme").at("violation").at("step"), 0);
    EXPECT_EQ(part.at("lyapunov"), (json{{"exponent", nullptr},
                                         {"standard_error", nullptr},
                                         {"reason", "the run is too short"}}));
    EXPECT_EQ(to_json(reference()).at("lyapunov"),
              (json{{"exponent", 0.125}, {"standard_error", 0.01}}));
}

MeanFieldDistance mean_field() {
    MeanFieldDistance found;
    found.method = "the closure";
    found.rows = {0, 4, 8};
    found.times = {0.0, 0.5, 1.0};
    found.relative_error = 1e-6;
    found.distance = {.error = {0.0, 3e-3, 4e-3},
                      .places = {{0, 0}, {1, 2}, {4, 0}},
                      .bound = {1e-3, 4e-3, 16e-3}};
    return found;
}

TEST(MeanFieldOutput, NamesTheNearestPointOrTheFirstViolation) {
    MeanFieldDistance found = mean_field();
    EXPECT_EQ(to_text(found),
              "reference   pass  the closure: up to 1 (end of run); nearest Cphi at "
              "t = 0.5 (row 4), column 2: error 0.003, bound 0.004");
    EXPECT_EQ(to_json(found), (json{{"method", "the closure"},
                                    {"horizon", 1.0},
                                    {"horizon_is_end_of_run", true},
                                    {"max_abs_error", 4e-3},
                                    {"bound", 16e-3},
                                    {"relative_error", 1e-6},
                                    {"passed", true},
                                    {"violation", nullptr},
                                    {"nearest",
                                     {{"time", 0.5},
                                      {"array", "Cphi"},
                                      {"row", 4},
                                      {"column", 2},
                                      {"error", 3e-3},
                                      {"bound", 4e-3}}}}));
    found.by_lag = true;
    EXPECT_NE(findings_of(found).find("nearest Cphi at lag 0.5 (row 4): error 0.003"),
              std::string::npos);
    found.distance.bound.pop_back();
    EXPECT_EQ(findings_of(found), "up to 0.5 (horizon: beyond it the bound exceeds a tenth of "
                                  "C(0)); nearest Cphi at lag 0.5 (row 4): error 0.003, bound "
                                  "0.004");
    found.distance.error[1] = 5e-3;
    EXPECT_EQ(to_text(found),
              "reference   FAIL  the closure: Cphi at lag 0.5 (row 4): error 0.005, "
              "bound 0.004");
    EXPECT_EQ(to_json(found).at("violation").at("row"), 4);
    EXPECT_EQ(to_json(found).at("passed"), false);
    found.distance.error = {0.0, 0.0, 0.0};
    EXPECT_EQ(findings_of(found), "up to 0.5 (horizon: beyond it the bound exceeds a tenth of "
                                  "C(0)); every error is 0");
    found.distance.bound.clear();
    EXPECT_EQ(found.horizon(), 0.0);
    EXPECT_EQ(to_text(found),
              "reference   FAIL  the closure: nothing to judge: the bound exceeds a "
              "tenth of C(0) at once");
    EXPECT_EQ(to_json(found).at("nearest"), nullptr);
}

TEST(ComparisonOutput, IndentsThePartsBelowTheHeading) {
    Comparison comparison = of_network();
    comparison.reference = reference();
    comparison.reference->method = ReferenceMethod::scheme;
    comparison.theory.emplace();
    comparison.mean_field = mean_field();
    const std::string text = to_text(comparison);
    for (const std::string begin :
         {"reference   pass  scheme on the same noise: up", "arithmetic  pass", "Lyapunov    ",
          "reference   pass  the closure", "theory"}) {
        EXPECT_NE(text.find("\n  " + begin), std::string::npos) << begin << '\n' << text;
    }
    EXPECT_EQ(to_json(comparison).at("reference").at("method"), "the closure");
    comparison.mean_field.reset();
    EXPECT_EQ(to_json(comparison).at("reference").at("tolerance"), 0.3);
}

TEST(OtherBuild, IsOfAnotherVersionOrCommit) {
    DeviceIntroduction device;
    device.version = build_facts.version;
    device.git_hash = build_facts.git_hash;
    EXPECT_FALSE(other_build(device));
    device.git_hash += "-dirty";
    const std::string us =
        std::string(build_facts.version) + " (" + std::string(build_facts.git_hash) + ")";
    EXPECT_EQ(other_build(device), "other build: the device runs " + device.version + " (" +
                                       device.git_hash + "), this program is " + us);
    device.git_hash = build_facts.git_hash;
    device.version = "0.0.0";
    EXPECT_TRUE(other_build(device));
}

} // namespace
} // namespace tinymf::host
