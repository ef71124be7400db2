// SPDX-License-Identifier: Apache-2.0
// Each clause of what makes a capture sound, broken by the least amount, with right checksums and
// unbroken sequence numbers. Of how a run ends: recording_endings_test.cpp.
#include "recording/soundness.hpp"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/judged_captures.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;

class SoundnessTest : public JudgedCaptures {};

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
    // A size is no parameter of the run, but the device's profile has one.
    ForgedCapture larger = base(test::two_replicas);
    std::string& size = larger.metadata.experiment;
    size.replace(size.find("256"), 3, "128");
    expect_unsound(larger, "not the one the device ran");
    capture.metadata.experiment = "schema = 1\n[model]\nno_such_key = 1\n";
    expect_unsound(capture, "no_such_key");
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
    uncounted.frame(Kind::end).put(21, 4, 0); // dropped frames
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
    ForgedCapture late = whole;
    const ForgedFrame first = late.frame(Kind::hello);
    while (late.count(Kind::hello) > 0) {
        late.erase(late.find(Kind::hello));
    }
    late.insert(late.find(Kind::end), first);
    expect_unsound(late, "the device had not introduced itself before the run");
    ForgedCapture never = whole;
    never.erase(never.find(Kind::hello));
    expect_unsound(never, "the device had not introduced itself before the run");
}

TEST_F(SoundnessTest, ThereIsOneConfiguration) {
    ForgedCapture capture = base(test::lags);
    capture.insert(capture.find(Kind::end), capture.frame(Kind::configuration));
    expect_unsound(capture, "there is a second CONFIGURATION");
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

/// Of frames of every kind that a run can send, a byte too few.
TEST_F(SoundnessTest, EveryFrameThatIsCutIsNamedByItsKind) {
    SessionOptions fed;
    fed.inputs = {{20, -1.0}};
    fed.snapshot_every = 25;
    fed.tick_period_us = 1000;
    std::vector<ForgedCapture> runs{base(test::live, fed), base(test::two_populations),
                                    base(test::observing), base(test::growing)};
    SessionOptions realtime;
    realtime.delivery = stream::Delivery::realtime;
    runs.push_back(with_gap(base(test::two_replicas, realtime), 3, 2));
    std::set<std::uint8_t> tried;
    for (const ForgedCapture& whole : runs) {
        for (std::size_t i = 0; i < whole.frames.size(); ++i) {
            const ForgedFrame& frame = whole.frames[i];
            // Nobody reads answers, nor tables, nor what a STATUS says behind its step.
            const bool unread = frame.is(Kind::ack) || frame.is(Kind::nak) ||
                                frame.is(Kind::table) || frame.is(Kind::status);
            // The last piece of a checkpoint may be of any length.
            if (unread || frame.payload.empty() || !tried.insert(frame.kind).second) {
                continue;
            }
            ForgedCapture cut = whole;
            frame.is(Kind::checkpoint) ? cut.frames[i].payload.resize(8)
                                       : cut.frames[i].payload.pop_back();
            cut.renumber();
            cut.write(folder_ / "cut.tmf");
            const Judgement judgement = judge_capture(folder_ / "cut.tmf").judgement;
            const std::string words = fmt::format(
                "a frame of kind 0x{:02x} with content that does not belong to it", frame.kind);
            bool named = false;
            for (const std::string& finding : judgement.unsound) {
                named = named || finding.find(words) != std::string::npos;
            }
            EXPECT_TRUE(named) << words;
        }
    }
    EXPECT_EQ(tried.size(), 14U);
}

TEST_F(SoundnessTest, AnswersAndUnknownFramesSayNothingOfTheRun) {
    ForgedCapture capture = base(test::two_replicas);
    ForgedFrame status = forged(Kind::status, 12);
    capture.insert(capture.find(Kind::end), forged(static_cast<Kind>(0x16), 5));
    capture.insert(capture.find(Kind::end), forged(static_cast<Kind>(0x3F), 3));
    expect_sound(capture);
    capture.insert(capture.find(Kind::end), status);
    expect_unsound(capture, "kind 0x1a with content that does not belong to it");
    ForgedCapture saturated = base(test::two_populations);
    saturated.insert(saturated.find(Kind::end), forged(Kind::saturation, 12));
    expect_unsound(saturated, "kind 0x1e with content that does not belong to it");
}

} // namespace
} // namespace tinymf::host
