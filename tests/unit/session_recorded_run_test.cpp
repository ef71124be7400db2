// SPDX-License-Identifier: Apache-2.0
// A run and the capture that it leaves.
#include "device/recorded_run.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

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

/// The last bytes reach the file, or the run is known to have lost them.
TEST(RecordedRun, ThatDoesNotFitSaysSo) {
    const test::TestFolder folder;
    struct FileLimit {
        explicit FileLimit(rlim_t bytes) {
            getrlimit(RLIMIT_FSIZE, &before);
            const rlimit limit{.rlim_cur = bytes, .rlim_max = before.rlim_max};
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        ~FileLimit() {
            setrlimit(RLIMIT_FSIZE, &before);
            std::signal(SIGXFSZ, handler);
        }
        rlimit before{};
        void (*handler)(int) = std::signal(SIGXFSZ, SIG_IGN);
    };
    EmulatedBoard board;
    const Experiment told = scripted_experiment("[stream]\nstate_every = 1\n"); // 4 kB of states
    std::string message;
    try {
        const FileLimit limit(4096);
        static_cast<void>(
            record_run(told, board, {}, "emulation", folder / "run.tmf", RunProgress::hidden));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_link_failed);
        message = error.what();
    }
    EXPECT_NE(message.find("run.tmf"), std::string::npos) << "bytes were lost without a word";
}

/// What a run writes to a terminal that stands for standard error.
std::string on_terminal(RunProgress visibility) {
    const test::TestFolder folder;
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    EXPECT_EQ(grantpt(terminal), 0);
    EXPECT_EQ(unlockpt(terminal), 0);
    const int screen = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    const int before = dup(STDERR_FILENO);
    dup2(screen, STDERR_FILENO);
    EmulatedBoard board;
    static_cast<void>(
        record_run(scripted_experiment(), board, {}, "emulation", folder / "run.tmf", visibility));
    dup2(before, STDERR_FILENO);
    close(before);
    std::array<char, 4096> text{};
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    const ssize_t count = read(terminal, text.data(), text.size());
    close(screen);
    close(terminal);
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

TEST(RecordedRun, ShowsHowFarItHasComeWhereItIsAskedTo) {
    EXPECT_EQ(on_terminal(RunProgress::hidden), "");
    const std::string shown = on_terminal(RunProgress::shown);
    EXPECT_NE(shown.find("x ["), std::string::npos) << shown;
    EXPECT_NE(shown.find(" of 50)"), std::string::npos) << shown;
}

} // namespace
} // namespace tinymf::host
