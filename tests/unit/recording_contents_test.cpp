// SPDX-License-Identifier: Apache-2.0
// A recording holds what the frames of its capture hold, number by number: each is taken from the
// bytes of the frames here, by the layouts of stream/frame_kinds.hpp.
#include "recording/recording.hpp"

#include <algorithm>
#include <bit>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "base_captures.hpp"
#include "forged_capture.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;

class Contents : public testing::Test {
protected:
    ForgedCapture base(std::string_view experiment, const SessionOptions& options = {}) const {
        const auto path = folder_ / "base.tmf";
        test::record_base({.name = "", .experiment = experiment, .options = options}, path);
        return ForgedCapture(path);
    }
    Recording recorded(ForgedCapture capture) const {
        capture.renumber();
        const auto path = folder_ / "run.tmf";
        capture.write(path);
        return read_recording(path);
    }

    test::TestFolder folder_;
};

/// Values of a data frame, of four or eight bytes each, behind its head.
std::vector<double> values_of(const ForgedFrame& frame, std::size_t head, std::size_t width) {
    std::vector<double> values;
    for (std::size_t at = head; at < frame.payload.size(); at += width) {
        values.push_back(width == 4 ? static_cast<double>(std::bit_cast<float>(
                                          static_cast<std::uint32_t>(frame.get(at, 4))))
                                    : std::bit_cast<double>(frame.get(at, 8)));
    }
    return values;
}

/// The element `first` and those after it in a channel's vector at a step are `values`.
void expect_part(const Recording& recording, std::uint8_t channel, std::uint64_t step,
                 std::size_t first, const std::vector<double>& values) {
    const auto& steps = recording.steps_of(channel);
    const auto found = std::ranges::find(steps, step);
    ASSERT_NE(found, steps.end());
    const auto vector =
        recording.vector_of(channel, static_cast<std::size_t>(found - steps.begin()));
    ASSERT_LE(first + values.size(), vector.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(vector[first + i], values[i]) << "channel " << int{channel} << " step " << step;
    }
}

TEST_F(Contents, StatesOfEveryReplica) {
    const ForgedCapture capture = base(test::two_replicas);
    const Recording recording = recorded(capture);
    ASSERT_EQ(recording.replicas.size(), 2U);
    EXPECT_EQ(recording.channels(), 2 + 13);
    for (const ForgedFrame& frame : capture.frames) {
        if (frame.is(Kind::state)) {
            const auto replica = static_cast<std::uint8_t>(frame.get(4, 1));
            EXPECT_TRUE(recording.is_state(replica));
            expect_part(recording, replica, frame.get(0, 4), frame.get(5, 2),
                        values_of(frame, 7, 4));
        }
    }
    for (const StateTrace& trace : recording.replicas) {
        EXPECT_EQ(trace.steps, (std::vector<std::uint32_t>{0, 20, 40}));
        EXPECT_EQ(trace.x.rows(), 3);
        EXPECT_EQ(trace.x.cols(), 256);
    }
    EXPECT_FALSE(recording.is_state(2));
    EXPECT_EQ(recording.partial_states, 0U);
    EXPECT_EQ(recording.fragments.size(), 15U);
}

TEST_F(Contents, EstimatesOfEveryArray) {
    const ForgedCapture capture = base(test::observing);
    const Recording recording = recorded(capture);
    std::size_t seen = 0;
    for (const ForgedFrame& frame : capture.frames) {
        if (frame.is(Kind::observe)) {
            const auto array = static_cast<std::uint8_t>(frame.get(0, 1));
            expect_part(recording, static_cast<std::uint8_t>(2 + array), frame.get(1, 4),
                        frame.get(5, 4), values_of(frame, 9, 4));
            EXPECT_EQ(&recording.observed_of(static_cast<observe::ObservedArray>(array)),
                      &recording.trace_of(static_cast<std::uint8_t>(2 + array)));
            ++seen;
        }
    }
    EXPECT_GE(seen, 39U);
    EXPECT_TRUE(recording.steps_of(0).empty()) << "no states";
}

TEST_F(Contents, RowsOfEveryArrayAndPopulation) {
    for (const auto& [experiment, width, points] :
         {std::tuple{test::two_populations, std::size_t{4}, 16U},
          std::tuple{test::closure, std::size_t{8}, 31U},
          std::tuple{test::lags, std::size_t{4}, 13U}}) {
        const ForgedCapture capture = base(experiment);
        const Recording recording = recorded(capture);
        EXPECT_EQ(recording.channels(), 6);
        EXPECT_FALSE(recording.is_state(0));
        EXPECT_FALSE(recording.of_network());
        std::size_t numbers = 0;
        for (const ForgedFrame& frame : capture.frames) {
            if (frame.is(Kind::row)) {
                const std::vector<double> values = values_of(frame, 10, width);
                expect_part(recording, static_cast<std::uint8_t>(frame.get(0, 1)),
                            frame.get(1, 1) * points + frame.get(2, 4), frame.get(6, 4), values);
                numbers += values.size();
            }
        }
        std::size_t held = 0;
        for (const VectorTrace& trace : recording.arrays) {
            held += trace.values().size();
        }
        EXPECT_EQ(held, numbers);
        EXPECT_EQ(recording.partial_states, 0U);
    }
}

TEST_F(Contents, DigestsWithThoseOfEndAndOfARestoredStep) {
    ForgedCapture capture = base(test::two_replicas);
    ForgedFrame restored{.kind = static_cast<std::uint8_t>(Kind::restored),
                         .payload = capture.frame(Kind::digest, 0).payload};
    capture.insert(capture.find(Kind::state), restored);
    const Recording recording = recorded(capture);
    EXPECT_EQ(recording.resumed_at, 0U);
    std::vector<const ForgedFrame*> frames{&restored};
    for (const ForgedFrame& frame : capture.frames) {
        if (frame.is(Kind::digest)) {
            frames.push_back(&frame);
        }
    }
    ASSERT_EQ(recording.digests.size(), frames.size() + 1);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        EXPECT_EQ(recording.digests[i].step, frames[i]->get(0, 4));
        EXPECT_EQ(recording.digests[i].states_digest, frames[i]->get(4, 8));
        EXPECT_EQ(recording.digests[i].couplings_digest, frames[i]->get(12, 8));
    }
    const ForgedFrame& end = capture.frame(Kind::end);
    EXPECT_EQ(recording.digests.back().step, end.get(1, 4));
    EXPECT_EQ(recording.digests.back().states_digest, end.get(5, 8));
    EXPECT_EQ(recording.digests.back().couplings_digest, end.get(13, 8));
    ASSERT_TRUE(recording.end);
    EXPECT_EQ(recording.end->step, 40U);
    EXPECT_EQ(recording.end->reason, stream::EndReason::completed);
}

TEST_F(Contents, WhatWasConfigured) {
    SessionOptions options;
    options.tick_period_us = 1000;
    options.deadline = stream::DeadlinePolicy::stop;
    options.delivery = stream::Delivery::realtime;
    const ForgedCapture capture = base(test::two_replicas, options);
    const Recording recording = recorded(capture);
    EXPECT_TRUE(recording.configured);
    EXPECT_EQ(recording.delivery, stream::Delivery::realtime);
    EXPECT_EQ(recording.deadline, stream::DeadlinePolicy::stop);
    EXPECT_EQ(recording.tick.asked_us, 1000U);
    EXPECT_EQ(recording.tick.counted, (CountedTick{1'000'000, 1'000'000'000}));
    EXPECT_EQ(recording.profile.neurons, 256);
    EXPECT_EQ(recording.profile.scalar, experiment::ScalarKind::float32);
    EXPECT_EQ(recording.parameters.steps, 40U);
    EXPECT_EQ(recording.parameters.gain, 1.5);
    EXPECT_EQ(recording.parameters.state_every, 20U);
    const ForgedFrame configuration = capture.frames[capture.find(Kind::configuration)];
    EXPECT_EQ(recording.parameter_bytes,
              std::vector<std::uint8_t>(configuration.payload.begin() + 11,
                                        configuration.payload.end() - 8));
    EXPECT_EQ(recording.metadata, capture.metadata);
    EXPECT_EQ(recording.file, folder_ / "run.tmf");
    EXPECT_EQ(recording.survey.counters.frames, capture.frames.size());
    EXPECT_EQ(recording.device.board, "host");
}

TEST_F(Contents, TimesInTheUnitsOfTheExperimentFile) {
    const Recording narrow = recorded(base(test::two_replicas));
    EXPECT_NE(narrow.parameters.dt, 0.05) << "as float32";
    EXPECT_EQ(narrow.written_dt, 0.05);
    EXPECT_EQ(narrow.time_of(40), 2.0);
    EXPECT_EQ(narrow.last_step(), 40U);
    const Recording wide = recorded(base(test::closure));
    EXPECT_EQ(wide.written_dt, 0.1);
    EXPECT_EQ(wide.time_of(30), 30 * 0.1);
    EXPECT_EQ(wide.last_step(), 30U);
    EXPECT_EQ(recorded(base(test::two_populations)).last_step(), 31U) << "2 x 16 rows";
}

TEST_F(Contents, InputsCheckpointsTimesAndTicks) {
    SessionOptions options;
    options.inputs = {{0, 0.5}, {20, -1.0}, {59, 2.0}};
    options.snapshot_every = 25;
    options.tick_period_us = 1000;
    const ForgedCapture capture = base(test::live, options);
    const Recording recording = recorded(capture);
    EXPECT_EQ(recording.live_inputs, options.inputs);
    ASSERT_EQ(recording.checkpoints.size(), 2U);
    EXPECT_EQ(recording.checkpoints[0].step(), 25U);
    EXPECT_EQ(recording.checkpoints[1].step(), 50U);
    EXPECT_NE(recording.checkpoints[0], recording.checkpoints[1]);
    // The last one, whole: all pieces behind their eight bytes of place.
    std::vector<std::uint8_t> bytes;
    for (const int piece : {-2, -1}) {
        const ForgedFrame& frame = capture.frames[capture.find(Kind::checkpoint, piece)];
        bytes.insert(bytes.end(), frame.payload.begin() + 8, frame.payload.end());
    }
    EXPECT_EQ(recording.last_checkpoint, bytes);
    ASSERT_EQ(recording.times.size(), 6U);
    for (int phase = 0; phase < 6; ++phase) {
        const ForgedFrame& frame = capture.frames[capture.find(Kind::timing, phase)];
        EXPECT_EQ(recording.times[static_cast<std::size_t>(phase)].samples, frame.get(1, 4));
    }
    ASSERT_TRUE(recording.ticks);
    EXPECT_EQ(recording.ticks->last_tick, capture.frames[capture.find(Kind::ticks)].get(4, 4));
    EXPECT_FALSE(recording.fault);
    EXPECT_FALSE(recording.saturation);
    EXPECT_FALSE(recording.resumed_at);
    EXPECT_TRUE(recording.gaps.empty());
}

TEST_F(Contents, FaultAndSaturation) {
    const ForgedCapture capture = base(test::growing);
    const Recording recording = recorded(capture);
    const ForgedFrame& fault = capture.frames[capture.find(Kind::fault)];
    ASSERT_TRUE(recording.fault);
    EXPECT_EQ(recording.fault->step, fault.get(1, 4));
    EXPECT_EQ(recording.fault->index, fault.get(5, 4));
    ForgedCapture saturated = base(test::two_populations);
    ForgedFrame saturation{.kind = static_cast<std::uint8_t>(Kind::saturation), .payload = {}};
    saturation.payload.resize(12);
    saturation.put(0, 8, 3);
    saturation.put(8, 4, 7);
    saturated.insert(saturated.find(Kind::end), saturation);
    EXPECT_EQ(recorded(saturated).saturation, (stream::SaturationFrame{3, 7}));
}

TEST_F(Contents, OfAStateWithAGapItsPieces) {
    SessionOptions realtime;
    realtime.delivery = stream::Delivery::realtime;
    const ForgedCapture whole = base(test::two_replicas, realtime);
    // The middle one of the three frames of step 0, replica 1.
    const Recording recording = recorded(with_gap(whole, 4, 1));
    EXPECT_EQ(recording.partial_states, 1U);
    EXPECT_EQ(recording.replicas[0].steps, (std::vector<std::uint32_t>{0, 20, 40}));
    EXPECT_EQ(recording.replicas[1].steps, (std::vector<std::uint32_t>{20, 40}));
    ASSERT_EQ(recording.fragments[1].size(), 2U);
    EXPECT_EQ(recording.fragments[1][0].first, 0U);
    EXPECT_EQ(recording.fragments[1][1].first, 252U);
    EXPECT_EQ(recording.fragments[1][1].values,
              values_of(whole.frames[whole.find(Kind::state, 5)], 7, 4));
    ASSERT_EQ(recording.gaps.size(), 1U);
    EXPECT_EQ(recording.gaps[0].first_step, 0U);
    EXPECT_EQ(recording.gaps[0].dropped_frames, 1U);
    EXPECT_TRUE(recording.judgement.sound());
}

TEST_F(Contents, InputsThatAResumedRunTookOverComeFirst) {
    SessionOptions options;
    options.inputs = {{20, -1.0}, {59, 2.0}};
    ForgedCapture capture = base(test::live, options);
    const std::vector<LiveInput> earlier{{3, 0.25}, {19, 0.5}, {20, 0.75}, {40, 1.0}};
    capture.metadata.resumed = ResumedRun{.capture = "earlier.tmf", .step = 20, .inputs = earlier};
    // From its first own input on, its own count.
    EXPECT_EQ(recorded(capture).live_inputs,
              (std::vector<LiveInput>{{3, 0.25}, {19, 0.5}, {20, -1.0}, {59, 2.0}}));
    std::erase_if(capture.frames, [](const ForgedFrame& f) { return f.is(Kind::input_taken); });
    EXPECT_EQ(recorded(capture).live_inputs, earlier);
}

/// `verify` keeps nothing that grows with the run.
TEST_F(Contents, OfAJudgementAloneAreNoStatesAndNoDigests) {
    static_cast<void>(base(test::two_replicas));
    const Recording judged = judge_capture(folder_ / "base.tmf");
    EXPECT_TRUE(judged.judgement.sound());
    for (const StateTrace& trace : judged.replicas) {
        EXPECT_TRUE(trace.steps.empty());
        EXPECT_EQ(trace.x.rows(), 0);
    }
    EXPECT_EQ(judged.digests.size(), 1U) << "that of END";
    static_cast<void>(base(test::closure));
    EXPECT_TRUE(judge_capture(folder_ / "base.tmf").arrays[0].empty());
}

TEST_F(Contents, AFrameThatBelongsElsewhereIsPassedOver) {
    const ForgedCapture network = base(test::two_replicas);
    const ForgedCapture rows = base(test::two_populations);
    ForgedCapture with_row = network;
    with_row.insert(with_row.find(Kind::end), rows.frames[rows.find(Kind::row)]);
    ForgedCapture with_state = rows;
    with_state.insert(with_state.find(Kind::end), network.frames[network.find(Kind::state)]);
    ForgedCapture with_estimate = rows;
    const ForgedCapture observing = base(test::observing);
    with_estimate.insert(with_estimate.find(Kind::end),
                         observing.frames[observing.find(Kind::observe)]);
    ForgedCapture third_population = rows;
    third_population.frame(Kind::row, -1).put(1, 1, 2);
    ForgedCapture sixteenth_row = rows;
    sixteenth_row.frame(Kind::row, -1).put(2, 4, 16);
    for (const ForgedCapture& forged :
         {with_row, with_state, with_estimate, third_population, sixteenth_row}) {
        const Recording recording = recorded(forged);
        ASSERT_FALSE(recording.judgement.sound());
        EXPECT_NE(recording.judgement.unsound.front().find("does not belong to it"),
                  std::string::npos)
            << recording.judgement.unsound.front();
    }
}

} // namespace
} // namespace tinymf::host
