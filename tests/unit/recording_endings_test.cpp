// SPDX-License-Identifier: Apache-2.0
// How runs end, and what contradicts it: END, faults, saturation, missed deadlines, and runs that
// were stopped or resumed.
#include "recording/soundness.hpp"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/judged_captures.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;

class RunEndings : public JudgedCaptures {};

/// Offsets of fields in payloads, as stream/frame_kinds.hpp lays them out.
constexpr std::size_t end_reason = 0;
constexpr std::size_t end_step = 1;
constexpr std::size_t end_drops = 21;

TEST_F(RunEndings, EndNamesTheDropsThatGapsAnnounced) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).put(end_drops, 4, 1);
    expect_unsound(capture, "END counts 1 dropped frames, GAPs announced 0");
}

TEST_F(RunEndings, ACompletedRunReachesItsLastStep) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).put(end_step, 4, 39);
    expect_unsound(capture, "step 40 in a run that ended at step 39");
    ForgedCapture shorter = base(test::lags);
    SessionOptions options;
    options.stop_at = 33;
    ForgedCapture stopped = base(test::live, options);
    stopped.frame(Kind::end).put(end_reason, 1, 0);
    expect_unsound(stopped, "END says completed at step 33, but the last step is 60");
}

TEST_F(RunEndings, ARunDoesNotEndBeyondItsLastStep) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).put(end_step, 4, 41);
    capture.frame(Kind::end).put(end_reason, 1, 1);
    expect_unsound(capture, "the run goes from step 0 to 40");
}

TEST_F(RunEndings, EndReasonsAgreeWithTheRest) {
    const std::map<int, std::string> contradictions{{2, "there is no FAULT"},
                                                    {3, "no device ends a run so"},
                                                    {4, "no missed tick was to stop it"}};
    for (const auto& [reason, what] : contradictions) {
        ForgedCapture capture = base(test::two_replicas);
        capture.frame(Kind::end).put(end_reason, 1, static_cast<std::uint64_t>(reason));
        expect_unsound(capture, what);
    }
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).put(end_reason, 1, 5);
    expect_unsound(capture, "kind 0x1f with content that does not belong to it");
}

TEST_F(RunEndings, ThereIsOneEnd) {
    ForgedCapture capture = base(test::lags);
    capture.erase(capture.find(Kind::end));
    expect_unsound(capture, "there is no END frame");
    ForgedCapture twice = base(test::lags);
    twice.frames.push_back(twice.frame(Kind::end));
    expect_unsound(twice, "1 frames after END");
}

TEST_F(RunEndings, AFaultInsideIsNoPartOfACompletedRun) {
    ForgedCapture capture = base(test::two_replicas);
    ForgedFrame fault = forged(Kind::fault, 9);
    fault.put(0, 1, 3);
    fault.put(1, 4, 20);
    capture.insert(capture.find(Kind::end), fault);
    expect_unsound(capture, "FAULT at step 20 where no more data was due");
    // At the run's very end it contradicts END alone.
    fault.put(1, 4, 40);
    ForgedCapture last = base(test::two_replicas);
    last.insert(last.find(Kind::end), fault);
    expect_unsound(last, "FAULT at step 40");
}

TEST_F(RunEndings, NothingSpeaksOfAStepBeyondTheEnd) {
    SessionOptions fed;
    fed.inputs = {{20, -1.0}, {59, 2.0}};
    ForgedCapture capture = base(test::live, fed);
    capture.frame(Kind::input_taken, 1).put(0, 4, 61);
    expect_unsound(capture, "INPUT_TAKEN of step 61 in a run that ended at step 60");
    ForgedCapture asked = base(test::live, fed);
    ForgedFrame status = forged(Kind::status, 33);
    status.put(9, 4, 61);
    asked.frames.push_back(status);
    expect_unsound(asked, "STATUS of step 61 in a run that ended at step 60");
}

TEST_F(RunEndings, ARunStoppedBeforeStartOwesNothing) {
    ForgedCapture capture = base(test::two_replicas);
    std::erase_if(capture.frames, [](const ForgedFrame& frame) {
        return frame.is(Kind::state) || frame.is(Kind::digest) || frame.is(Kind::timing);
    });
    capture.frame(Kind::end).put(end_reason, 1, 1);
    capture.frame(Kind::end).put(end_step, 4, 0);
    expect_sound(capture);
    // One that has said something owes the rest of its first step.
    ForgedCapture begun = base(test::two_replicas);
    capture.insert(capture.find(Kind::end), begun.frame(Kind::state, 0));
    expect_unsound(capture, "elements 126 to 251 is missing");
}

TEST_F(RunEndings, ARestoredRunOwesWhatComesFromItsStepOn) {
    SessionOptions options;
    options.stop_at = 33;
    ForgedCapture capture = base(test::live, options);
    ForgedFrame restored = forged(Kind::restored, 20);
    restored.put(0, 4, 20);
    std::erase_if(capture.frames, [](const ForgedFrame& frame) {
        return (frame.is(Kind::state) || frame.is(Kind::digest)) && frame.get(0, 4) < 20;
    });
    capture.insert(capture.find(Kind::state), restored);
    expect_sound(capture);
    std::swap(capture.frames[capture.find(Kind::restored)],
              capture.frames[capture.find(Kind::state)]);
    expect_unsound(capture, "was due");
}

TEST_F(RunEndings, ARunThatBecameInfiniteIsSoundAndFailed) {
    const ForgedCapture whole = base(test::growing);
    const Judgement judgement = judge(whole);
    ASSERT_TRUE(judgement.sound()) << judgement.unsound.front();
    ASSERT_EQ(judgement.failures.size(), 1U);
    EXPECT_NE(judgement.failures[0].find("became NaN or infinite at step"), std::string::npos);
    EXPECT_NE(judgement.failures[0].find("the state of neuron"), std::string::npos);
    EXPECT_EQ(judgement.verdict(), Verdict::fail);

    ForgedCapture without = whole;
    without.erase(without.find(Kind::fault));
    expect_unsound(without, "there is no FAULT");
    ForgedCapture elsewhere = whole;
    ForgedFrame& fault = elsewhere.frame(Kind::fault);
    fault.put(1, 4, fault.get(1, 4) - 1);
    expect_unsound(elsewhere, "but there is a FAULT at step");
    ForgedCapture nobody = whole;
    nobody.frame(Kind::fault).put(5, 4, 16);
    expect_unsound(nobody, "kind 0x17 with content that does not belong to it");
    ForgedCapture other_cause = whole;
    other_cause.frame(Kind::fault).put(0, 1, 13);
    expect_unsound(other_cause, "kind 0x17 with content that does not belong to it");
}

TEST_F(RunEndings, AStepThatIsNotFiniteOwesItsFaultAlone) {
    ForgedCapture capture = base(test::growing);
    ForgedFrame digest = capture.frame(Kind::digest, -1);
    digest.put(0, 4, capture.frame(Kind::end).get(end_step, 4));
    capture.insert(capture.find(Kind::fault), digest);
    expect_unsound(capture, "DIGEST of step");
}

TEST_F(RunEndings, ASaturatedRunIsSoundAndFailed) {
    ForgedCapture capture = base(test::two_populations);
    ForgedFrame saturation = forged(Kind::saturation, 12);
    saturation.put(0, 8, 1);
    saturation.put(8, 4, 7);
    capture.insert(capture.find(Kind::end), saturation);
    capture.renumber();
    const Judgement judgement = judge(capture);
    ASSERT_TRUE(judgement.sound()) << judgement.unsound.front();
    ASSERT_EQ(judgement.failures.size(), 1U);
    EXPECT_NE(judgement.failures[0].find("1 numbers of 16-bit path histories saturated, the first "
                                         "at step 7"),
              std::string::npos);
    capture.insert(capture.find(Kind::end), saturation);
    expect_unsound(capture, "SATURATION");
    ForgedCapture unable = base(test::two_replicas);
    unable.insert(unable.find(Kind::end), saturation);
    expect_unsound(unable, "SATURATION of 1 numbers where there can be none");
}

TEST_F(RunEndings, AMissedDeadlineThatWasToStopTheRunFailsIt) {
    SessionOptions options;
    options.tick_period_us = 1000;
    options.deadline = stream::DeadlinePolicy::stop;
    options.stop_at = 33;
    ForgedCapture capture = base(test::live, options);
    capture.frame(Kind::end).put(end_reason, 1, 4);
    expect_unsound(capture, "no missed tick was to stop it");
    ForgedFrame& ticks = capture.frame(Kind::ticks);
    ticks.put(8, 4, 1);   // missed
    ticks.put(16, 4, 34); // first
    ticks.put(20, 4, 34); // last
    capture.renumber();
    const Judgement judgement = judge(capture);
    ASSERT_TRUE(judgement.sound()) << judgement.unsound.front();
    ASSERT_EQ(judgement.failures.size(), 1U);
    EXPECT_EQ(judgement.failures[0],
              "tick 34 passed without a step, which stopped the run after step 33");
    ForgedCapture gone_on = capture;
    gone_on.frame(Kind::end).put(end_reason, 1, 1);
    expect_unsound(gone_on, "END says stopped at step 33, but a missed tick was to stop it");
    // Under the policy `late` a miss is said and fails nothing.
    capture.frame(Kind::configuration).put(6, 1, 0);
    expect_unsound(capture, "no missed tick was to stop it");
}

/// A device that is asked to introduce itself again tells of the last boot's fault again, behind
/// HELLO and nowhere else.
TEST_F(RunEndings, TheFaultOfTheLastBootFollowsHello) {
    const ForgedFrame boot = forged(Kind::fault, 9 + 64);
    ForgedCapture again = base(test::two_replicas);
    again.insert(again.find(Kind::end), boot);
    ForgedCapture elsewhere = again;
    again.insert(again.find(Kind::fault), again.frame(Kind::hello));
    expect_sound(again);
    expect_unsound(elsewhere, "kind 0x17 with content that does not belong to it");
    elsewhere.erase(elsewhere.find(Kind::fault));
    elsewhere.insert(elsewhere.find(Kind::end), elsewhere.frame(Kind::hello));
    elsewhere.insert(elsewhere.find(Kind::end), elsewhere.frame(Kind::profile));
    elsewhere.insert(elsewhere.find(Kind::end), boot);
    expect_unsound(elsewhere, "content that does not belong to it");
}

} // namespace
} // namespace tinymf::host
