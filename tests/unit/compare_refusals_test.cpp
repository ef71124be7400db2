// SPDX-License-Identifier: Apache-2.0
// For each promise, and each array that a verdict looks at, the smallest wrong run that it must
// refuse: exit code 1, verdict "fail", and the right place in text and JSON. What is expected
// follows from the change that the test makes, never from the tables under test.
#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "unit/refused_captures.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;
using test::nudge;
using test::with;

class Refusals : public test::RefusedCaptures {};

/// One of the runs wrongly told as the other: the frames of `run` under the configuration of
/// `claimed`.
ForgedCapture told_as(ForgedCapture run, ForgedCapture claimed) {
    run.metadata = claimed.metadata;
    run.frame(Kind::configuration).payload = claimed.frame(Kind::configuration).payload;
    return run;
}

TEST_F(Refusals, OneUlpInTheLastNeuronOfTheLastStateOfTheSecondReplica) {
    ForgedCapture capture = base(test::two_replicas);
    nudge(capture.frame(Kind::state, -1), 4);
    expect_difference(
        capture, {{"kind", "state"}, {"step", 40}, {"replica", 1}, {"neuron", 255}, {"ulps", 1}},
        "step 40, replica 1, neuron 255");
}

TEST_F(Refusals, OneUlpInAnyChunkOfStates) {
    const ForgedCapture whole = base(test::two_replicas);
    ASSERT_EQ(whole.count(Kind::state), 18U); // 3 steps, 2 replicas, 3 chunks
    for (int i = 0; i < 18; ++i) {
        ForgedCapture capture = whole;
        nudge(capture.frame(Kind::state, i), 4);
        const int neuron = (i % 3 + 1) * 126 - 1;
        expect_difference(capture,
                          {{"kind", "state"},
                           {"step", i / 6 * 20},
                           {"replica", i / 3 % 2},
                           {"neuron", neuron < 256 ? neuron : 255}},
                          fmt::format("step {}, replica {}", i / 6 * 20, i / 3 % 2));
    }
}

TEST_F(Refusals, OneBitOfAnyDigest) {
    const ForgedCapture whole = base(test::two_replicas);
    const std::vector<int> steps{0, 15, 30, 40};
    ASSERT_EQ(whole.count(Kind::digest), steps.size());
    for (int i = 0; i < 4; ++i) {
        ForgedCapture capture = whole;
        capture.frame(Kind::digest, i).payload.at(4) ^= 1U;
        expect_difference(capture,
                          {{"kind", "digest"}, {"step", steps[static_cast<std::size_t>(i)]}},
                          fmt::format("at step {}", steps[static_cast<std::size_t>(i)]));
        ForgedCapture couplings = whole;
        couplings.frame(Kind::digest, i).payload.back() ^= 0x80U;
        expect_difference(couplings,
                          {{"kind", "couplings"}, {"step", steps[static_cast<std::size_t>(i)]}},
                          "the couplings: digest");
    }
}

TEST_F(Refusals, OneBitOfTheDigestsOfEnd) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).payload.at(5) ^= 1U;
    expect_difference(capture, {{"kind", "digest"}, {"step", 40}}, "at step 40");
    ForgedCapture couplings = base(test::two_replicas);
    couplings.frame(Kind::end).payload.at(13) ^= 1U;
    expect_difference(couplings, {{"kind", "couplings"}, {"step", 40}}, "at step 40");
}

TEST_F(Refusals, TheStepAtWhichAStoppedRunEnded) {
    SessionOptions options;
    options.stop_at = 33;
    ForgedCapture capture = base(test::live, options);
    capture.frame(Kind::end).put(1, 4, 34);
    expect_difference(capture, {{"kind", "digest"}, {"step", 34}}, "at step 34");
}

TEST_F(Refusals, OneUlpInTheLastElementOfEveryEstimate) {
    const ForgedCapture whole = base(test::observing);
    std::vector<std::size_t> seen(observe::observed_arrays.size());
    for (int i = static_cast<int>(whole.count(Kind::observe)) - 1; i >= 0; --i) {
        ForgedCapture capture = whole;
        ForgedFrame& frame = capture.frame(Kind::observe, i);
        const std::size_t array = frame.get(0, 1);
        ++seen.at(array);
        const std::uint64_t last = frame.get(5, 4) + (frame.payload.size() - 9) / 4 - 1;
        nudge(frame, 4);
        expect_difference(
            capture,
            {{"kind", "estimate"},
             {"step", frame.get(1, 4)},
             {"array", observe::observed_arrays.at(array).name},
             {"element", last}},
            fmt::format("observed {}, element {}", observe::observed_arrays.at(array).name, last));
    }
    for (std::size_t array = 0; array < seen.size(); ++array) {
        EXPECT_GE(seen[array], 3U) << observe::observed_arrays[array].name; // blocks
    }
}

TEST_F(Refusals, OneUlpInTheLastColumnOfEveryRow) {
    struct Case {
        std::string_view experiment;
        std::size_t width;
    };
    for (const auto& [experiment, width] :
         {Case{test::two_populations, 4}, Case{test::closure, 8}, Case{test::lags, 4}}) {
        const ForgedCapture whole = base(experiment);
        for (int i = 0; i < static_cast<int>(whole.count(Kind::row)); ++i) {
            ForgedCapture capture = whole;
            ForgedFrame& frame = capture.frame(Kind::row, i);
            const std::uint64_t last = frame.get(6, 4) + (frame.payload.size() - 10) / width - 1;
            nudge(frame, width);
            const std::string_view array = mean_field::two_time_names.at(frame.get(0, 1));
            expect_difference(capture,
                              {{"kind", "row"},
                               {"array", array},
                               {"population", frame.get(1, 1)},
                               {"row", frame.get(2, 4)},
                               {"column", last}},
                              fmt::format("row {} of {}, column {}", frame.get(2, 4), array, last));
        }
    }
}

TEST_F(Refusals, AnInputThatActsWithAnotherValue) {
    SessionOptions fed;
    fed.inputs = {{20, -1.0}, {59, 2.0}};
    const ForgedCapture whole = base(test::live, fed);
    ForgedCapture last = whole;
    nudge(last.frame(Kind::input_taken, 1), 4);
    expect_difference(last, {{"step", 60}}, "step 60");
    ForgedCapture later = whole;
    later.frame(Kind::input_taken, 0).put(0, 4, 21);
    expect_difference(later, {{"step", 21}}, "step 21");
}

TEST_F(Refusals, OneBitOfACheckpointWithARightClosingDigest) {
    SessionOptions options;
    options.snapshot_every = 25;
    options.inputs = {{20, -1.0}, {59, 2.0}};
    const ForgedCapture whole = base(test::live, options);
    const ForgedFrame& fields = whole.frames[whole.find(Kind::checkpoint, -2)];
    const std::size_t content = fields.payload.size() - 8;
    std::size_t tried = 0;
    for (std::size_t byte = 0; byte < content; byte += byte < 64 ? 1 : 7) {
        const bool of_format = byte < 6 || (byte >= 32 && byte < 36) || byte >= 52;
        if (byte < 56 && of_format) {
            continue; // magic, version, step and size decide whether it is one at all
        }
        ForgedCapture capture = whole;
        ForgedFrame& frame = capture.frame(Kind::checkpoint, -2);
        frame.payload[8 + byte] ^= 1U;
        observe::Digest closing;
        checkpoint::add_to(closing, std::span(frame.payload).subspan(8));
        capture.frame(Kind::checkpoint, -1).put(8, 8, closing.value());
        expect_difference(capture, {{"kind", "checkpoint"}, {"step", 50}},
                          "the checkpoint of step 50");
        ++tried;
    }
    EXPECT_GT(tried, 40U);
}

TEST_F(Refusals, AnotherNeuronThanTheOneThatBecameInfinite) {
    ForgedCapture capture = base(test::growing);
    ForgedFrame& fault = capture.frame(Kind::fault);
    const std::uint64_t step = fault.get(1, 4);
    fault.put(5, 4, fault.get(5, 4) == 15 ? 14 : fault.get(5, 4) + 1);
    expect_difference(capture, {{"kind", "fault"}, {"step", step}}, "became NaN or infinite");
}

TEST_F(Refusals, ARunThatFailedIsNoPass) {
    const Comparison comparison = compare(base(test::growing), "host");
    const std::string text = to_text(comparison);
    EXPECT_EQ(comparison.exit_code(), 1) << text;
    EXPECT_TRUE(comparison.bits->passed()) << text;
    EXPECT_NE(text.find("became NaN or infinite at step"), std::string::npos) << text;
    EXPECT_EQ(to_json(comparison).at("verdict"), "fail");
    EXPECT_EQ(to_json(comparison).at("failures").size(), 1U);
}

/// A capture that does not tell of what saturated, or tells other numbers, is not of its run.
TEST_F(Refusals, PathHistoriesThatSaturatedOtherwise) {
    const ForgedCapture whole =
        base(with(test::two_populations, "gain = 1.2", "activation = \"linear\"\ngain = 100"));
    ASSERT_EQ(whole.count(Kind::saturation), 1U);
    const ForgedFrame told = whole.frames[whole.find(Kind::saturation)];
    ASSERT_TRUE(compare(whole, "host").bits->passed());
    ForgedCapture silent = whole;
    silent.erase(silent.find(Kind::saturation));
    ASSERT_TRUE(read_recording(write(silent)).judgement.sound());
    expect_difference(silent,
                      {{"kind", "saturation"},
                       {"recorded", nullptr},
                       {"expected", {{"count", told.get(0, 8)}, {"first_step", told.get(8, 4)}}}},
                      "no number of the path histories saturated; expected:");
    for (const std::size_t field : {0U, 8U}) {
        ForgedCapture other = whole;
        other.frame(Kind::saturation).put(field, 4, told.get(field, 4) + 1);
        expect_difference(other, {{"kind", "saturation"}}, "; expected:");
    }
}

/// The bits do not depend on the room that the device had.
TEST_F(Refusals, NoRunOnADeviceWithMoreRoomThanThisProgram) {
    constexpr std::size_t bytes_of_profile = 19;
    constexpr std::size_t points_in_profile = 6;
    for (const std::string_view experiment : {test::closure, test::two_replicas}) {
        ForgedCapture capture = base(experiment);
        const std::uint64_t used = capture.frame(Kind::configuration).get(4, 1);
        for (ForgedFrame& frame : capture.frames) {
            const std::uint64_t first = frame.is(Kind::profile) ? frame.get(0, 1) : 256;
            const std::size_t at = 1 + (used - first) * bytes_of_profile;
            if (used >= first && at < frame.payload.size()) {
                frame.put(at + points_in_profile, 2, 60000);
            }
        }
        EXPECT_EQ(compare(capture, "host").exit_code(), 0);
    }
}

TEST_F(Refusals, ARunThatEndedOtherwise) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).put(0, 1, 1); // stopped, at its last step
    expect_difference(capture, {{"kind", "end"}, {"reason", "stopped"}}, "END says stopped");
}

TEST_F(Refusals, AnUnsoundCaptureIsNotComparedAtAll) {
    ForgedCapture capture = base(test::two_replicas);
    capture.erase(capture.find(Kind::digest, -1));
    const Comparison comparison = compare(capture, "host");
    EXPECT_EQ(comparison.exit_code(), 3);
    EXPECT_FALSE(comparison.bits);
    EXPECT_EQ(to_json(comparison).at("verdict"), "unsound");
    EXPECT_NE(to_text(comparison).find("DIGEST of step 40 is missing"), std::string::npos);
}

TEST_F(Refusals, ADifferenceBetweenTwoCaptures) {
    const ForgedCapture whole = base(test::two_replicas);
    const std::string other = write(whole, "other.tmf");
    EXPECT_EQ(compare(whole, other).exit_code(), 0);
    ForgedCapture state = whole;
    nudge(state.frame(Kind::state, -1), 4);
    expect_failure(compare(state, other),
                   {{"kind", "state"}, {"step", 40}, {"replica", 1}, {"neuron", 255}},
                   "against " + other);
    ForgedCapture digest = whole;
    digest.frame(Kind::digest, -1).payload.at(4) ^= 1U;
    expect_failure(compare(digest, other), {{"kind", "digest"}, {"step", 40}}, "at step 40");
    // Whichever of the two is wrong, and in END as in DIGEST.
    for (const std::size_t byte : {5U, 13U}) {
        ForgedCapture end = whole;
        end.frame(Kind::end).payload.at(byte) ^= 1U;
        const nlohmann::json place{{"kind", byte == 5 ? "digest" : "couplings"}, {"step", 40}};
        expect_failure(compare(end, other), place, "at step 40");
        expect_failure(compare(whole, write(end, "wrong.tmf")), place, "at step 40");
    }
}

TEST_F(Refusals, AFaultThatOnlyTheOtherCaptureHas) {
    const ForgedCapture whole = base(test::growing);
    ForgedCapture elsewhere = whole;
    ForgedFrame& fault = elsewhere.frame(Kind::fault);
    fault.put(5, 4, fault.get(5, 4) == 15 ? 14 : fault.get(5, 4) + 1);
    expect_failure(compare(whole, write(elsewhere, "other.tmf")), {{"kind", "fault"}},
                   "became NaN or infinite");
}

TEST_F(Refusals, TheReferenceRefusesAGainThatIsOnePercentOff) {
    for (const std::string integrator : {"euler", "exponential_euler", "heun", "rk4"}) {
        const std::string claimed =
            with(test::live, "gain = 2.0", "gain = 1.0\nintegrator = \"" + integrator + "\"");
        const std::string run = with(claimed, "gain = 1.0", "gain = 1.01");
        ASSERT_EQ(compare(base(claimed), "reference").exit_code(), 0);
        const Comparison comparison = compare(told_as(base(run), base(claimed)), "reference");
        const std::string text = to_text(comparison);
        EXPECT_EQ(comparison.exit_code(), 1) << text;
        ASSERT_TRUE(comparison.reference);
        EXPECT_FALSE(comparison.reference->solution.within()) << text;
        EXPECT_FALSE(comparison.reference->scheme.within()) << text;
        EXPECT_NE(text.find("reference   FAIL"), std::string::npos) << text;
        EXPECT_NE(text.find("arithmetic  FAIL"), std::string::npos) << text;
        EXPECT_EQ(to_json(comparison).at("verdict"), "fail");
        EXPECT_EQ(to_json(comparison).at("reference").at("passed"), false);
    }
}

TEST_F(Refusals, TheMeanFieldReferenceRefusesAGainThatIsOnePercentOff) {
    const std::string linear = with(with(test::closure, "gaussian_closure", "linear"), "gain = 1.2",
                                    "gain = 0.8\nactivation = \"linear\"");
    for (const std::string& claimed :
         {std::string(test::closure), linear, std::string(test::lags)}) {
        const std::size_t at = claimed.find("gain = ") + 7;
        std::string run = claimed;
        run.replace(at, 3, fmt::format("{}", std::stod(claimed.substr(at, 3)) * 1.01));
        ASSERT_EQ(compare(base(claimed), "reference").exit_code(), 0) << claimed;
        const Comparison comparison = compare(told_as(base(run), base(claimed)), "reference");
        const std::string text = to_text(comparison);
        EXPECT_EQ(comparison.exit_code(), 1) << text;
        ASSERT_TRUE(comparison.mean_field);
        EXPECT_FALSE(comparison.mean_field->passed());
        EXPECT_NE(text.find("reference   FAIL"), std::string::npos) << text;
        EXPECT_EQ(to_json(comparison).at("reference").at("passed"), false);
    }
}

} // namespace
} // namespace tinymf::host
