// SPDX-License-Identifier: Apache-2.0
// A run and the capture that it leaves.
#include "device/recorded_run.hpp"

#include <string>

#include <gtest/gtest.h>

#include "capture/capture_reader.hpp"
#include "device/emulated_board.hpp"
#include "recording/recording.hpp"
#include "unit/capture_files.hpp"
#include "unit/scripted_device.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::Command;
using test::in_haste;
using test::scripted_experiment;
using test::ScriptedDevice;

TEST(RecordedRun, LeavesACaptureThatSaysWhereItCameFrom) {
    const test::TestFolder folder;
    const Experiment experiment = scripted_experiment();
    for (const auto delivery : {stream::Delivery::lossless, stream::Delivery::realtime}) {
        EmulatedBoard board;
        SessionOptions options;
        options.delivery = delivery;
        const ResumedRun resumed{.capture = "before.tmf", .step = 0, .inputs = {}};
        const RecordedRun run = record_run(experiment, board, options, "somewhere",
                                           folder / "run.tmf", RunProgress::hidden, resumed);
        EXPECT_EQ(run.board, "host");
        EXPECT_EQ(run.end.reason, stream::EndReason::completed);
        EXPECT_EQ(run.end.step, 50U);
        EXPECT_FALSE(run.failure);
        const CaptureMetadata expected{
            .experiment = experiment.text,
            .source = "somewhere",
            .delivery = delivery == stream::Delivery::lossless ? "lossless" : "realtime",
            .host_tool = host_tool_facts(),
            .resumed = resumed};
        CaptureReader reader(folder / "run.tmf");
        EXPECT_EQ(reader.metadata(), expected);
        const std::uint64_t header = reader.offset();
        const CaptureSurvey found = survey(reader);
        EXPECT_TRUE(found.intact() && found.complete());
        EXPECT_EQ(run.bytes, found.bytes - header);
        EXPECT_EQ(judge_capture(folder / "run.tmf").delivery, delivery);
    }
}

TEST(RecordedRun, TellsTheTickAsTheClockOfTheBoardMadeIt) {
    const test::TestFolder folder;
    for (const std::uint32_t asked : {0U, 2500U}) {
        EmulatedBoard board;
        SessionOptions options;
        options.tick_period_us = asked;
        const RecordedRun run = record_run(scripted_experiment(), board, options, "somewhere",
                                           folder / "run.tmf", RunProgress::hidden);
        EXPECT_EQ(run.tick.asked_us, asked);
        EXPECT_EQ(run.tick.counted, (CountedTick{1000 * asked, asked == 0 ? 0U : 1'000'000'000U}));
    }
}

TEST(RecordedRun, ThatFailedSaysWhy) {
    const test::TestFolder folder;
    EmulatedBoard board;
    const Experiment growing =
        parse_experiment("schema = 1\n[model]\nactivation = \"linear\"\ngain = 100.0\ndt = 1.0\n"
                         "steps = 60\n[network]\nneurons = 16\n",
                         "x.toml");
    const RecordedRun run =
        record_run(growing, board, {}, "emulation", folder / "run.tmf", RunProgress::hidden);
    ASSERT_TRUE(run.failure);
    EXPECT_NE(run.failure->find("became NaN or infinite"), std::string::npos);
    EXPECT_EQ(run.end.reason, stream::EndReason::non_finite);
    EXPECT_FALSE(CaptureReader(folder / "run.tmf").metadata().resumed);
}

/// While the line is silent, everything that came stands in the file.
TEST(RecordedRun, IsInTheFileWhenTheLineFallsSilent) {
    const test::TestFolder folder;
    const auto path = folder / "run.tmf";
    ScriptedDevice device;
    device.on[Kind::start] = [&device](const Command& command) {
        device.acknowledge(command);
        device.say_digest(7);
    };
    bool flushed = false;
    device.on[Kind::query_status] = [&](const Command& command) {
        CaptureReader reader(path);
        while (const auto frame = reader.next()) {
            flushed =
                flushed || frame->frame.header.kind == static_cast<std::uint8_t>(Kind::digest);
        }
        device.acknowledge(command);
        device.end();
    };
    SessionOptions options = in_haste();
    options.answer_limit = std::chrono::milliseconds{150}; // silence is noticed after 100 ms
    const RecordedRun run =
        record_run(scripted_experiment(), device, options, "a script", path, RunProgress::hidden);
    EXPECT_TRUE(flushed);
    EXPECT_EQ(run.board, "board");
}

} // namespace
} // namespace tinymf::host
