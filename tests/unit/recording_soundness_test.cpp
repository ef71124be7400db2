// SPDX-License-Identifier: Apache-2.0
// Each clause of what makes a capture sound, broken by the least amount, with right checksums and
// unbroken sequence numbers.
#include "recording/soundness.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base_captures.hpp"
#include "forged_capture.hpp"
#include "recording/recording.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;

/// Offsets of fields in payloads, as stream/message.hpp lays them out.
constexpr std::size_t end_reason = 0;
constexpr std::size_t end_step = 1;
constexpr std::size_t end_drops = 21;

class SoundnessTest : public testing::Test {
protected:
    /// The base run, recorded once.
    static ForgedCapture base(std::string_view experiment, const SessionOptions& options = {}) {
        static const test::TestFolder folder;
        static int number = 0;
        const auto path = folder / fmt::format("base{}.tmf", ++number);
        test::record_base({.name = "", .experiment = experiment, .options = options}, path);
        return ForgedCapture(path);
    }

    /// The judgement on a forged capture, the same by both readers.
    Judgement judge(const ForgedCapture& capture) const {
        const auto path = folder_ / "forged.tmf";
        capture.write(path);
        const Judgement judgement = judge_capture(path).judgement;
        const Judgement whole = read_recording(path).judgement;
        EXPECT_EQ(judgement.unsound, whole.unsound);
        EXPECT_EQ(judgement.failures, whole.failures);
        return judgement;
    }

    /// Renumbers, and expects exactly one finding, which names the place.
    void expect_unsound(ForgedCapture capture, const std::string& place) const {
        capture.renumber();
        const Judgement judgement = judge(capture);
        ASSERT_FALSE(judgement.sound()) << "expected: " << place;
        EXPECT_NE(judgement.unsound.front().find(place), std::string::npos)
            << judgement.unsound.front() << "\nexpected: " << place;
        EXPECT_EQ(judgement.verdict(), Verdict::unsound);
    }

    void expect_sound(ForgedCapture capture) const {
        capture.renumber();
        const Judgement judgement = judge(capture);
        EXPECT_TRUE(judgement.sound()) << judgement.unsound.front();
        EXPECT_TRUE(judgement.failures.empty());
    }

    test::TestFolder folder_;
};

ForgedFrame forged(Kind kind, std::size_t size) {
    ForgedFrame frame{.kind = static_cast<std::uint8_t>(kind), .payload = {}};
    frame.payload.resize(size);
    return frame;
}

TEST_F(SoundnessTest, UntouchedRunsAreSound) {
    for (const auto experiment :
         {test::two_replicas, test::observing, test::two_populations, test::closure, test::lags}) {
        expect_sound(base(experiment));
    }
    SessionOptions fed;
    fed.inputs = {{0, 0.5}, {20, -1.0}, {59, 2.0}};
    fed.snapshot_every = 25;
    expect_sound(base(test::live, fed));
    SessionOptions stopped;
    stopped.stop_at = 33;
    expect_sound(base(test::live, stopped));
    SessionOptions ticking;
    ticking.tick_period_us = 1000;
    expect_sound(base(test::two_replicas, ticking));
    SessionOptions realtime;
    realtime.delivery = stream::Delivery::realtime;
    expect_sound(base(test::two_replicas, realtime));
}

TEST_F(SoundnessTest, EveryMissingDataFrameIsNoticed) {
    for (const auto experiment :
         {test::two_replicas, test::observing, test::two_populations, test::closure, test::lags}) {
        const ForgedCapture whole = base(experiment);
        std::size_t tried = 0;
        for (std::size_t i = 0; i < whole.frames.size(); ++i) {
            const ForgedFrame& frame = whole.frames[i];
            if (frame.is(Kind::state) || frame.is(Kind::observe) || frame.is(Kind::row) ||
                frame.is(Kind::digest)) {
                ForgedCapture without = whole;
                without.erase(i);
                const bool last = i == whole.find(Kind::digest, -1);
                expect_unsound(without, last ? "is missing" : "was due");
                ++tried;
            }
        }
        EXPECT_GE(tried, 10U);
    }
}

TEST_F(SoundnessTest, TheLastDigestIsOwedAlthoughNothingFollows) {
    ForgedCapture capture = base(test::two_replicas);
    capture.erase(capture.find(Kind::digest, -1));
    expect_unsound(capture, "END at step 40, but DIGEST of step 40 is missing");
}

TEST_F(SoundnessTest, EveryRepeatedDataFrameIsNoticed) {
    for (const auto experiment : {test::two_replicas, test::observing, test::two_populations}) {
        const ForgedCapture whole = base(experiment);
        for (std::size_t i = 0; i < whole.frames.size(); ++i) {
            const ForgedFrame& frame = whole.frames[i];
            if (frame.is(Kind::state) || frame.is(Kind::observe) || frame.is(Kind::row) ||
                frame.is(Kind::digest)) {
                ForgedCapture twice = whole;
                twice.insert(i, frame);
                expect_unsound(twice, "was due");
            }
        }
    }
}

TEST_F(SoundnessTest, TheSecondReplicaComesAfterTheFirst) {
    ForgedCapture capture = base(test::two_replicas);
    // Three chunks of 126, 126 and 4 neurons a replica.
    std::swap(capture.frames[capture.find(Kind::state, 2)],
              capture.frames[capture.find(Kind::state, 3)]);
    expect_unsound(capture, "STATE of step 0, replica 1, elements 0 to 125 where STATE of step 0, "
                            "replica 0, elements 252 to 255 was due");
}

TEST_F(SoundnessTest, AChunkOfOneValueLessIsNoticed) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::state, -1)
        .payload.resize(capture.frame(Kind::state, -1).payload.size() - 4);
    expect_unsound(capture, "STATE of step 40, replica 1, elements 252 to 254 where");
}

TEST_F(SoundnessTest, ALaterPopulationOwesItsRowsToo) {
    ForgedCapture capture = base(test::two_populations);
    // The mean of row 15, the last that is told, of population 1.
    capture.erase(capture.find(Kind::row, -1));
    expect_unsound(capture, "where ROW of step 31, mean, elements 0 to 0 was due");
}

TEST_F(SoundnessTest, TheModeOfTheFloatingPointUnitIsThatOfTheHost) {
    for (const unsigned bit : {1U, 2U, 3U}) {
        ForgedCapture capture = base(test::lags);
        ForgedFrame& hello = capture.frame(Kind::hello);
        const std::size_t mode = hello.payload.size() - 10;
        hello.put(mode, 4, hello.get(mode, 4) | (1U << bit));
        expect_unsound(capture, "HELLO: floating-point mode");
    }
}

TEST_F(SoundnessTest, AnotherProtocolIsNotRead) {
    ForgedCapture capture = base(test::lags);
    capture.frame(Kind::hello).put(0, 2, 2);
    expect_unsound(capture, "HELLO: protocol 2");
    capture.frame(Kind::hello).put(0, 4, 0x0001'0001);
    expect_unsound(capture, "features 0x1");
}

TEST_F(SoundnessTest, EveryFrameHasTheKnownSchema) {
    const ForgedCapture whole = base(test::two_replicas);
    for (std::size_t i = 0; i < whole.frames.size(); ++i) {
        ForgedCapture capture = whole;
        capture.frames[i].schema = stream::schema_id + 1;
        expect_unsound(capture, "has schema 2");
    }
}

TEST_F(SoundnessTest, TheTextIsTheExperimentThatRan) {
    ForgedCapture capture = base(test::two_replicas);
    std::string& text = capture.metadata.experiment;
    const std::size_t at = text.find("gain");
    ASSERT_NE(at, std::string::npos);
    text.replace(text.find("1.5", at), 3, "1.6");
    expect_unsound(capture, "not the one the device ran");
    capture.metadata.experiment = "schema = 1\n[model]\nno_such_key = 1\n";
    expect_unsound(capture, "no_such_key");
}

TEST_F(SoundnessTest, EndNamesTheDropsThatGapsAnnounced) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).put(end_drops, 4, 1);
    expect_unsound(capture, "END counts 1 dropped frames, GAPs announced 0");
}

TEST_F(SoundnessTest, ACompletedRunReachesItsLastStep) {
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

TEST_F(SoundnessTest, ARunDoesNotEndBeyondItsLastStep) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::end).put(end_step, 4, 41);
    capture.frame(Kind::end).put(end_reason, 1, 1);
    expect_unsound(capture, "the run goes from step 0 to 40");
}

TEST_F(SoundnessTest, EndReasonsAgreeWithTheRest) {
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

TEST_F(SoundnessTest, ThereIsOneEnd) {
    ForgedCapture capture = base(test::lags);
    capture.erase(capture.find(Kind::end));
    expect_unsound(capture, "there is no END frame");
    ForgedCapture twice = base(test::lags);
    twice.frames.push_back(twice.frame(Kind::end));
    expect_unsound(twice, "1 frames after END");
}

TEST_F(SoundnessTest, AFaultInsideIsNoPartOfACompletedRun) {
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

TEST_F(SoundnessTest, NothingSpeaksOfAStepBeyondTheEnd) {
    SessionOptions fed;
    fed.inputs = {{20, -1.0}, {59, 2.0}};
    ForgedCapture capture = base(test::live, fed);
    capture.frame(Kind::input_taken, 1).put(0, 4, 61);
    expect_unsound(capture, "INPUT_TAKEN of step 61 in a run that ended at step 60");
    ForgedCapture asked = base(test::live, fed);
    ForgedFrame status = forged(Kind::status, 34);
    status.put(9, 4, 61);
    asked.frames.push_back(status);
    expect_unsound(asked, "STATUS of step 61 in a run that ended at step 60");
}

TEST_F(SoundnessTest, OnlyALiveRunTakesInputsAndOnlyAllowedOnes) {
    SessionOptions fed;
    fed.inputs = {{20, -1.0}};
    ForgedCapture capture = base(test::live, fed);
    capture.frame(Kind::input_taken).put(4, 4, 0x4974'2410); // 1000001
    expect_unsound(capture, "INPUT_TAKEN of 1000001 at step 20");
    ForgedCapture deaf = base(test::two_replicas);
    deaf.insert(deaf.find(Kind::end), forged(Kind::input_taken, 8));
    expect_unsound(deaf, "INPUT_TAKEN of 0 at step 0");
}

TEST_F(SoundnessTest, TimesComeForEachPhaseOrForNone) {
    const ForgedCapture whole = base(test::lags);
    ASSERT_EQ(whole.count(Kind::timing), 6U);
    ForgedCapture none = whole;
    for (int i = 0; i < 6; ++i) {
        none.erase(none.find(Kind::timing));
    }
    expect_sound(none);
    for (int i = 0; i < 6; ++i) {
        ForgedCapture fewer = whole;
        fewer.erase(fewer.find(Kind::timing, i));
        expect_unsound(fewer, "TIMING of");
        ForgedCapture twice = whole;
        twice.insert(twice.find(Kind::timing, i), twice.frame(Kind::timing, i));
        expect_unsound(twice, "TIMING of");
    }
}

TEST_F(SoundnessTest, TicksComeOnceAndExactlyWithATick) {
    SessionOptions options;
    options.tick_period_us = 1000;
    const ForgedCapture ticking = base(test::two_replicas, options);
    ForgedCapture none = ticking;
    none.erase(none.find(Kind::ticks));
    expect_unsound(none, "TICKS of a run with a tick are missing");
    ForgedCapture twice = ticking;
    twice.insert(twice.find(Kind::ticks), twice.frame(Kind::ticks));
    expect_unsound(twice, "TICKS came twice");
    ForgedCapture untimed = base(test::two_replicas);
    untimed.insert(untimed.find(Kind::end), ticking.frames[ticking.find(Kind::ticks)]);
    expect_unsound(untimed, "TICKS of a run without a tick");
}

TEST_F(SoundnessTest, ACheckpointIsWhole) {
    SessionOptions options;
    options.snapshot_every = 20;
    std::string large(test::two_replicas);
    ForgedCapture whole = base(large, options);
    const std::size_t pieces = whole.count(Kind::checkpoint);
    ASSERT_GE(pieces, 4U);
    for (std::size_t i = 0; i < pieces; ++i) {
        ForgedCapture torn = whole;
        torn.erase(torn.find(Kind::checkpoint, static_cast<int>(i)));
        expect_unsound(torn, "CHECKPOINT");
        ForgedCapture changed = whole;
        changed.frame(Kind::checkpoint, static_cast<int>(i)).payload.back() ^= 1U;
        expect_unsound(changed, "CHECKPOINT");
    }
}

TEST_F(SoundnessTest, ACheckpointMayRepeat) {
    SessionOptions options;
    options.snapshot_every = 25;
    ForgedCapture capture = base(test::live, options);
    // The header with the fields, and the closing digest.
    const std::size_t first = capture.find(Kind::checkpoint);
    const ForgedFrame fields = capture.frames[first];
    const ForgedFrame closing = capture.frames[first + 1];
    ASSERT_EQ(fields.get(4, 4) + 8, fields.payload.size() - 8 + closing.payload.size());
    capture.insert(first, closing);
    capture.insert(first, fields);
    expect_sound(capture);
}

TEST_F(SoundnessTest, AGapStandsForTheFramesThatItAnnounces) {
    SessionOptions realtime;
    realtime.delivery = stream::Delivery::realtime;
    const ForgedCapture whole = base(test::two_replicas, realtime);
    for (const std::size_t first : {0U, 3U, 6U}) {
        for (const std::uint32_t count : {1U, 2U, 5U}) {
            expect_sound(with_gap(whole, first, count));
        }
    }
    ForgedCapture one_more = with_gap(whole, 3, 2);
    one_more.frame(Kind::gap).put(4, 4, 3);
    expect_unsound(one_more, "was due");
    ForgedCapture later = with_gap(whole, 3, 2);
    later.frame(Kind::gap).put(0, 4, 1);
    expect_unsound(later, "GAP of 2 frames from step 1 where STATE of step 0");
    ForgedCapture nothing = whole;
    ForgedFrame empty = forged(Kind::gap, 8);
    nothing.insert(nothing.find(Kind::state), empty);
    expect_unsound(nothing, "GAP of 0 frames");
    ForgedCapture uncounted = with_gap(whole, 3, 2);
    uncounted.frame(Kind::end).put(end_drops, 4, 0);
    expect_unsound(uncounted, "END counts 0 dropped frames, GAPs announced 2");
}

TEST_F(SoundnessTest, ALosslessRunHasNoGaps) {
    expect_unsound(with_gap(base(test::two_replicas), 3, 2), "in a lossless run");
}

TEST_F(SoundnessTest, WhatCameBeforeTheConfigurationIsNobodysRun) {
    ForgedCapture capture = base(test::two_replicas);
    const ForgedCapture whole = capture;
    const std::size_t at = capture.find(Kind::configuration);
    capture.insert(at, whole.frames[whole.find(Kind::end)]);
    capture.insert(at, whole.frames[whole.find(Kind::state, -1)]);
    ForgedFrame boot = forged(Kind::fault, 9 + 64);
    capture.insert(capture.find(Kind::hello) + 1, boot);
    expect_sound(capture);
}

TEST_F(SoundnessTest, AnIntroductionInTheRunRepeatsTheFirst) {
    const ForgedCapture whole = base(test::two_replicas);
    ForgedCapture again = whole;
    again.insert(again.find(Kind::end), again.frame(Kind::hello));
    expect_sound(again);
    ForgedCapture reset = whole;
    ForgedFrame hello = reset.frame(Kind::hello);
    const std::size_t boots = hello.payload.size() - 14;
    hello.put(boots, 4, hello.get(boots, 4) + 1);
    reset.insert(reset.find(Kind::end), hello);
    expect_unsound(reset, "the device was reset in the middle of the run");
}

TEST_F(SoundnessTest, ThereIsOneConfiguration) {
    ForgedCapture capture = base(test::lags);
    capture.insert(capture.find(Kind::end), capture.frame(Kind::configuration));
    expect_unsound(capture, "there is a second CONFIGURATION");
}

TEST_F(SoundnessTest, ARunStoppedBeforeStartOwesNothing) {
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

TEST_F(SoundnessTest, ARestoredRunOwesWhatComesFromItsStepOn) {
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

TEST_F(SoundnessTest, ARunThatBecameInfiniteIsSoundAndFailed) {
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

TEST_F(SoundnessTest, AStepThatIsNotFiniteOwesItsFaultAlone) {
    ForgedCapture capture = base(test::growing);
    ForgedFrame digest = capture.frame(Kind::digest, -1);
    digest.put(0, 4, capture.frame(Kind::end).get(end_step, 4));
    capture.insert(capture.find(Kind::fault), digest);
    expect_unsound(capture, "DIGEST of step");
}

TEST_F(SoundnessTest, ASaturatedRunIsSoundAndFailed) {
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

TEST_F(SoundnessTest, AMissedDeadlineThatWasToStopTheRunFailsIt) {
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

TEST_F(SoundnessTest, EveryFieldThatCannotBeIsNamedByItsByte) {
    ForgedCapture capture = base(test::two_replicas);
    capture.frame(Kind::digest).payload.push_back(0);
    expect_unsound(capture, "a frame of kind 0x13 with content that does not belong to it");
    ForgedCapture replica = base(test::two_replicas);
    replica.frame(Kind::state, -1).put(4, 1, 2);
    expect_unsound(replica, "a frame of kind 0x10 with content that does not belong to it");
    ForgedCapture infinite = base(test::two_replicas);
    infinite.frame(Kind::state, -1).put(7, 4, 0x7F80'0000);
    expect_unsound(infinite, "a frame of kind 0x10 with content that does not belong to it");
}

} // namespace
} // namespace tinymf::host
