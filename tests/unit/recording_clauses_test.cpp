// SPDX-License-Identifier: Apache-2.0
// The clauses of a sound run, one by one and at their very edge, without a capture around them.
#include "recording/soundness.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/judged_run.hpp"

namespace tinymf::host {
namespace {

using stream::EndReason;
using stream::Kind;
using Findings = std::vector<std::string>;

void in_lossless(Configuration& configuration, experiment::ProfileInfo& /*profile*/) {
    configuration.delivery = stream::Delivery::lossless;
}

TEST(Clauses, OfAWholeRunAreAllKept) {
    EXPECT_EQ(JudgedRun().whole().end().unsound(), Findings{});
    EXPECT_EQ(JudgedRun(in_lossless).whole().end().unsound(), Findings{});
    EXPECT_TRUE(JudgedRun().whole().end().judged().failures.empty());
}

/// Each clause names its first breach.
TEST(Clauses, NameTheirFirstBreach) {
    JudgedRun run;
    run.digest(1).digest(2).digest(0).digest(5).digest(10).end();
    EXPECT_EQ(run.unsound(), Findings{"DIGEST of step 1 where DIGEST of step 0 was due"});
}

TEST(Clauses, OfFramesNameTheirPlace) {
    JudgedRun run;
    const stream::FrameHeader header{.kind = 0x10, .schema = 2, .sequence = 0};
    run.soundness.take_header({.kind = 0x13, .schema = stream::schema_id, .sequence = 0}, {7, 1});
    run.soundness.take_header(header, {77, 5});
    run.soundness.take_header(header, {99, 5});
    run.soundness.take_wrong_content(header, {88, 5});
    run.whole().end();
    EXPECT_EQ(run.unsound(),
              (Findings{"byte 77: a frame of kind 0x10 has schema 2, this program knows 1",
                        "byte 88: a frame of kind 0x10 with content that does not belong to it"}));
}

TEST(Clauses, TheDeviceStaysTheSame) {
    const Findings reset{"HELLO: the device was reset in the middle of the run"};
    JudgedRun again;
    again.soundness.take_hello(again.device);
    EXPECT_EQ(again.whole().end().unsound(), Findings{});
    JudgedRun boots;
    ++boots.device.boots;
    boots.soundness.take_hello(boots.device);
    EXPECT_EQ(boots.whole().end().unsound(), reset);
    JudgedRun board;
    board.device.board = "other";
    board.soundness.take_hello(board.device);
    EXPECT_EQ(board.whole().end().unsound(), reset);
    // Before CONFIGURATION another board may have been on the line.
    Soundness early;
    early.take_hello(boots.device);
    early.take_hello(board.device);
    EXPECT_FALSE(early.configured());
    EXPECT_EQ(early.judge({}, std::nullopt).unsound.front(),
              "no run in this capture: it holds no CONFIGURATION frame");
    EXPECT_EQ(early.judge({}, std::nullopt).unsound.size(), 2U) << "and no END";
}

TEST(Clauses, TheModeAndTheProtocolAreOurs) {
    for (std::uint32_t bit = 0; bit < 32; ++bit) {
        JudgedRun run;
        run.device.float_mode = 1U << bit;
        run.soundness.take_hello(run.device);
        const Findings found = run.whole().end().unsound();
        EXPECT_EQ(found.empty(), bit != 1 && bit != 2 && bit != 3) << bit;
    }
    JudgedRun protocol;
    protocol.device.protocol = 2;
    protocol.soundness.take_hello(protocol.device);
    EXPECT_EQ(protocol.whole().end().unsound(),
              Findings{"HELLO: protocol 2 with features 0x0, this program speaks 1 without"});
    JudgedRun features;
    features.device.incompatible_features = 16;
    features.soundness.take_hello(features.device);
    EXPECT_EQ(features.whole().end().unsound(),
              Findings{"HELLO: protocol 1 with features 0x10, this program speaks 1 without"});
}

TEST(Clauses, AGapStandsForWhatWasDue) {
    EXPECT_EQ(JudgedRun().gap(0, 3).end(10, EndReason::completed, 3).unsound(), Findings{});
    EXPECT_EQ(JudgedRun().digest(0).gap(5, 1).digest(10).end(10, EndReason::completed, 1).unsound(),
              Findings{});
    EXPECT_EQ(JudgedRun().gap(0, 4).end(10, EndReason::completed, 4).unsound(),
              Findings{"GAP of 4 frames from step 0, only 3 were due to the end of the run"});
    EXPECT_EQ(JudgedRun().whole().gap(10, 1).end(10, EndReason::completed, 1).unsound(),
              Findings{"GAP of 1 frames from step 10 where no more data was due"});
    EXPECT_EQ(JudgedRun().whole().gap(10, 0).end().unsound(),
              Findings{"GAP of 0 frames from step 10 where no more data was due"});
    EXPECT_EQ(JudgedRun().gap(0, 0).whole().end().unsound(),
              Findings{"GAP of 0 frames from step 0 where DIGEST of step 0 was due"});
    EXPECT_EQ(JudgedRun(in_lossless)
                  .digest(0)
                  .gap(5, 1)
                  .digest(10)
                  .end(10, EndReason::completed, 1)
                  .unsound(),
              Findings{"GAP of 1 frames at step 5 in a lossless run"});
    // Beyond the end of a stopped run nothing is lost.
    EXPECT_EQ(JudgedRun().digest(0).gap(5, 2).end(7, EndReason::stopped, 2).unsound(),
              Findings{"GAP of step 10 in a run that ended at step 7"});
    EXPECT_EQ(JudgedRun().whole().end(10, EndReason::completed, 1).unsound(),
              Findings{"END counts 1 dropped frames, GAPs announced 0"});
}

TEST(Clauses, NothingIsDueBehindAFault) {
    const auto failed = [](JudgedRun& run) { return run.end(7, EndReason::non_finite).unsound(); };
    JudgedRun run;
    EXPECT_EQ(failed(run.digest(0).digest(5).fault(7)), Findings{});
    JudgedRun data;
    EXPECT_EQ(failed(data.digest(0).digest(5).fault(7).digest(10)).front(),
              "DIGEST of step 10 where END was due");
    JudgedRun gap;
    EXPECT_EQ(failed(gap.digest(0).digest(5).fault(7).gap(7, 1)).front(),
              "GAP of 1 frames from step 7 where END was due");
    JudgedRun twice;
    EXPECT_EQ(failed(twice.digest(0).digest(5).fault(7).fault(7)),
              Findings{"FAULT at step 7 where END was due"});
    // A fault at the step of a frame that has come, or behind one that has not.
    JudgedRun same;
    EXPECT_EQ(same.digest(0).digest(5).fault(5).end(5, EndReason::non_finite).unsound(),
              Findings{"FAULT at step 5 where DIGEST of step 10 was due"});
    JudgedRun missing;
    EXPECT_EQ(failed(missing.digest(0).fault(7)).front(),
              "FAULT at step 7 where DIGEST of step 5 was due");
    // At the step of a frame that is due, in place of it.
    JudgedRun instead;
    EXPECT_EQ(instead.digest(0).fault(5).end(5, EndReason::non_finite).unsound(), Findings{});
    JudgedRun first;
    EXPECT_EQ(first.fault(0).end(0, EndReason::non_finite).unsound(), Findings{});
}

TEST(Clauses, ARestoredRunBeginsAtItsStep) {
    JudgedRun run;
    run.soundness.take_restored({.step = 5});
    EXPECT_EQ(run.digest(5).digest(10).end().unsound(), Findings{});
    JudgedRun last;
    last.soundness.take_restored({.step = 10});
    EXPECT_EQ(last.digest(10).end().unsound(), Findings{});
    JudgedRun beyond;
    beyond.soundness.take_restored({.step = 11});
    EXPECT_EQ(beyond.whole().end().unsound(),
              (Findings{"RESTORED at step 11, the last step is 10",
                        "RESTORED of step 11 in a run that ended at step 10"}));
    JudgedRun late;
    late.digest(0);
    late.soundness.take_restored({.step = 5});
    EXPECT_EQ(late.digest(5).digest(10).end().unsound(),
              Findings{"RESTORED at step 5 behind data of the run"});
    JudgedRun before;
    before.soundness.take_restored({.step = 5});
    EXPECT_EQ(before.end(4, EndReason::stopped).unsound(),
              (Findings{"RESTORED of step 5 in a run that ended at step 4",
                        "END says stopped at step 4, but the run goes from step 5 to 10"}));
}

TEST(Clauses, AStoppedRunOwesItsStepsUnlessItNeverStarted) {
    EXPECT_EQ(JudgedRun().end(0, EndReason::stopped).unsound(), Findings{});
    EXPECT_EQ(JudgedRun().end(0, EndReason::completed).unsound().size(), 2U);
    EXPECT_EQ(JudgedRun().end(1, EndReason::stopped).unsound(),
              Findings{"END at step 1, but DIGEST of step 0 is missing"});
    EXPECT_EQ(JudgedRun().digest(0).end(4, EndReason::stopped).unsound(), Findings{});
    EXPECT_EQ(JudgedRun().digest(0).end(5, EndReason::stopped).unsound(),
              Findings{"END at step 5, but DIGEST of step 5 is missing"});
    JudgedRun restored;
    restored.soundness.take_restored({.step = 5});
    EXPECT_EQ(restored.end(5, EndReason::stopped).unsound(), Findings{});
    EXPECT_EQ(JudgedRun().whole().end(10, EndReason::stopped).unsound(), Findings{});
}

TEST(Clauses, EndAgreesWithTheRest) {
    const auto end = [](EndReason reason, std::uint32_t step = 10) {
        JudgedRun run;
        return run.whole().end(step, reason).unsound();
    };
    EXPECT_EQ(end(EndReason::non_finite),
              Findings{"END says non_finite at step 10, but there is no FAULT"});
    EXPECT_EQ(end(EndReason::fault),
              Findings{"END says fault at step 10, but no device ends a run so"});
    EXPECT_EQ(end(EndReason::missed_deadline),
              Findings{"END says missed_deadline at step 10, but no missed tick was to stop it"});
    EXPECT_EQ(end(EndReason::stopped, 11),
              Findings{"END says stopped at step 11, but the run goes from step 0 to 10"});
    EXPECT_EQ(JudgedRun().digest(0).end(4).unsound(),
              Findings{"END says completed at step 4, but the last step is 10"});
    EXPECT_EQ(JudgedRun().digest(0).fault(4).end(4, EndReason::stopped).unsound(),
              Findings{"END says stopped at step 4, but there is a FAULT at step 4"});
    EXPECT_EQ(JudgedRun().digest(0).fault(3).end(4, EndReason::non_finite).unsound(),
              Findings{"END says non_finite at step 4, but there is a FAULT at step 3"});
}

void ticking(Configuration& configuration, experiment::ProfileInfo& /*profile*/) {
    configuration.tick.asked_us = 1000;
    configuration.deadline = stream::DeadlinePolicy::stop;
}

TEST(Clauses, ADeadlineStopsWhatItWasToStop) {
    const auto end = [](std::uint32_t missed, EndReason reason, const JudgedRun::Change& change) {
        JudgedRun run(change);
        run.digest(0);
        run.soundness.take_ticks({.missed = missed, .first_missed = 4});
        return run.end(3, reason);
    };
    const JudgedRun stopped = end(1, EndReason::missed_deadline, ticking);
    EXPECT_EQ(stopped.unsound(), Findings{});
    EXPECT_EQ(stopped.judged().failures,
              Findings{"tick 4 passed without a step, which stopped the run after step 3"});
    EXPECT_EQ(end(0, EndReason::missed_deadline, ticking).unsound(),
              Findings{"END says missed_deadline at step 3, but no missed tick was to stop it"});
    EXPECT_EQ(end(1, EndReason::stopped, ticking).unsound(),
              Findings{"END says stopped at step 3, but a missed tick was to stop it"});
    const auto late = [](Configuration& configuration, experiment::ProfileInfo& /*profile*/) {
        configuration.tick.asked_us = 1000;
    };
    EXPECT_EQ(end(1, EndReason::stopped, late).unsound(), Findings{});
    EXPECT_TRUE(end(1, EndReason::stopped, late).judged().failures.empty());
    EXPECT_EQ(end(1, EndReason::missed_deadline, late).unsound(),
              Findings{"END says missed_deadline at step 3, but no missed tick was to stop it"});
}

TEST(Clauses, TicksComeOnceWithATick) {
    JudgedRun none(ticking);
    EXPECT_EQ(none.whole().end().unsound(), Findings{"TICKS of a run with a tick are missing"});
    JudgedRun twice(ticking);
    twice.soundness.take_ticks({});
    EXPECT_EQ(twice.whole().end().unsound(), Findings{});
    JudgedRun again(ticking);
    again.soundness.take_ticks({});
    again.soundness.take_ticks({});
    EXPECT_EQ(again.whole().end().unsound(), Findings{"TICKS came twice"});
    JudgedRun untimed;
    untimed.soundness.take_ticks({});
    EXPECT_EQ(untimed.whole().end().unsound(), Findings{"TICKS of a run without a tick"});
}

TEST(Clauses, TimesComeOncePerPhaseOfAStep) {
    const auto timed = [](const std::vector<std::uint8_t>& phases) {
        JudgedRun run;
        for (const std::uint8_t phase : phases) {
            run.soundness.take_timing({.phase = static_cast<observe::WorkPhase>(phase)});
        }
        return run.whole().end().unsound();
    };
    EXPECT_EQ(timed({}), Findings{});
    EXPECT_EQ(timed({2, 3, 4, 5, 6, 7}), Findings{});
    EXPECT_EQ(timed({2, 3, 4, 5, 6}), Findings{"TIMING of 5 of 6 phases"});
    EXPECT_EQ(timed({2}), Findings{"TIMING of 1 of 6 phases"});
    EXPECT_EQ(timed({2, 3, 4, 5, 6, 7, 2}),
              Findings{"TIMING of mat_vec where another phase was due"});
    EXPECT_EQ(timed({1, 2, 3, 4, 5, 6}), Findings{"TIMING of receive where another phase was due"});
    EXPECT_EQ(timed({2, 4, 3, 5, 6, 7}), Findings{"TIMING of update where another phase was due"});
}

void narrow(Configuration& /*configuration*/, experiment::ProfileInfo& profile) {
    profile.path_bits = 16;
}

TEST(Clauses, SaturationIsOfNarrowHistoriesOnceAndOfSomething) {
    const auto saturated = [](const JudgedRun::Change& change,
                              const std::vector<stream::SaturationFrame>& told) {
        JudgedRun run(change);
        for (const stream::SaturationFrame& saturation : told) {
            run.soundness.take_saturation(saturation);
        }
        return run.whole().end();
    };
    const JudgedRun run = saturated(narrow, {{3, 7}});
    EXPECT_EQ(run.unsound(), Findings{});
    EXPECT_EQ(
        run.judged().failures,
        Findings{"3 numbers of 16-bit path histories saturated, the first at step 7; lower the "
                 "gain or the noise, or store scalars"});
    EXPECT_EQ(saturated(narrow, {{3, 7}, {4, 8}}).unsound(),
              Findings{"SATURATION of 4 numbers where there can be none"});
    EXPECT_EQ(saturated(narrow, {{0, 7}}).unsound(),
              Findings{"SATURATION of 0 numbers where there can be none"});
    EXPECT_EQ(saturated([](auto&, auto& profile) { profile.path_bits = 32; }, {{3, 7}}).unsound(),
              Findings{"SATURATION of 3 numbers where there can be none"});
    EXPECT_EQ(saturated(narrow, {{3, 11}}).unsound(),
              Findings{"SATURATION of step 11 in a run that ended at step 10"});
}

CheckpointMark mark_of(std::uint32_t step) {
    CheckpointMark mark;
    mark.header.step = step;
    return mark;
}

TEST(Clauses, ACheckpointComesPieceByPiece) {
    const auto taken = [](const std::function<void(Soundness&)>& pieces) {
        JudgedRun run;
        run.whole();
        pieces(run.soundness);
        return run.end().unsound();
    };
    using S = Soundness;
    EXPECT_EQ(taken([](S& s) {
                  s.take_checkpoint(0, 100, 60, {});
                  s.take_checkpoint(60, 100, 40, mark_of(10));
                  s.take_checkpoint(0, 50, 50, mark_of(10));
              }),
              Findings{});
    EXPECT_EQ(taken([](S& s) { s.take_checkpoint(0, 100, 60, {}); }),
              Findings{"CHECKPOINT: 60 of 100 bytes came"});
    EXPECT_EQ(taken([](S& s) {
                  s.take_checkpoint(0, 100, 60, {});
                  s.take_checkpoint(61, 100, 39, mark_of(10));
              }),
              Findings{"CHECKPOINT from byte 61 of 100 where byte 60 was due"});
    EXPECT_EQ(taken([](S& s) {
                  s.take_checkpoint(0, 100, 60, {});
                  s.take_checkpoint(60, 99, 39, mark_of(10));
              }),
              Findings{"CHECKPOINT from byte 60 of 99 where byte 60 was due"});
    EXPECT_EQ(taken([](S& s) { s.take_checkpoint(0, 100, 100, {}); }),
              Findings{"CHECKPOINT: its closing digest is wrong"});
    EXPECT_EQ(taken([](S& s) { s.take_checkpoint(0, 100, 100, mark_of(11)); }),
              Findings{"CHECKPOINT of step 11 in a run that ended at step 10"});
    EXPECT_EQ(taken([](S& s) { s.take_checkpoint(10, 100, 90, mark_of(10)); }),
              Findings{"CHECKPOINT from byte 10 of 100 where byte 0 was due"});
}

TEST(Clauses, NothingSpeaksOfLaterThanTheEnd) {
    const std::string in_run = " of step 11 in a run that ended at step 10";
    JudgedRun status;
    status.whole().soundness.take_status(10);
    EXPECT_EQ(status.end().unsound(), Findings{});
    status.soundness.take_status(10);
    EXPECT_EQ(status.unsound(), Findings{}) << "END and a question may cross";
    status.soundness.take_status(11);
    EXPECT_EQ(status.unsound(), Findings{"STATUS" + in_run});
    const auto live = [](Configuration& configuration, experiment::ProfileInfo& /*profile*/) {
        configuration.parameters.stimulus = model::StimulusKind::live;
    };
    JudgedRun input(live);
    input.whole().soundness.take_input({11, 0.5});
    EXPECT_EQ(input.end().unsound(), Findings{"INPUT_TAKEN" + in_run});
    // Of equal steps the last word is named.
    JudgedRun both(live);
    both.whole().soundness.take_status(11);
    both.soundness.take_input({11, 0.5});
    both.soundness.take_status(7);
    EXPECT_EQ(both.end().unsound(), Findings{"INPUT_TAKEN" + in_run});
}

TEST(Clauses, InputsAreThoseOfALiveRunAndInRange) {
    const auto taken = [](double value, model::StimulusKind stimulus) {
        JudgedRun run([stimulus](Configuration& configuration, auto&) {
            configuration.parameters.stimulus = stimulus;
        });
        run.whole().soundness.take_input({3, value});
        return run.end().unsound();
    };
    EXPECT_EQ(taken(1e6, model::StimulusKind::live), Findings{});
    EXPECT_EQ(taken(-1e6, model::StimulusKind::live), Findings{});
    EXPECT_EQ(taken(1e6 + 1, model::StimulusKind::live),
              Findings{"INPUT_TAKEN of 1000001 at step 3: the run takes no such input"});
    EXPECT_EQ(taken(0.5, model::StimulusKind::constant),
              Findings{"INPUT_TAKEN of 0.5 at step 3: the run takes no such input"});
}

TEST(Clauses, AreJudgedWithTheFileAndItsText) {
    JudgedRun run;
    run.whole().end();
    CaptureSurvey damaged;
    damaged.counters.crc_errors = 2;
    const Judgement judgement = run.soundness.judge(damaged, "the text is of another experiment");
    EXPECT_EQ(judgement.unsound,
              (Findings{"2 frames with a wrong checksum", "there is no END frame",
                        "the text is of another experiment"}));
    JudgedRun second;
    second.soundness.take_configuration({}, {});
    EXPECT_EQ(second.whole().end().unsound(), Findings{"there is a second CONFIGURATION"});
}

} // namespace
} // namespace tinymf::host
