// SPDX-License-Identifier: Apache-2.0
// What is said of a recording, and with which exit code a command ends.
#include "recording/judgement.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "base_captures.hpp"
#include "capture/run_times.hpp"
#include "recording/recording.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

using firmware::FaultCause;

TEST(Judgement, HasANameAndAnExitCode) {
    EXPECT_EQ(name_of(Verdict::pass), "pass");
    EXPECT_EQ(name_of(Verdict::fail), "fail");
    EXPECT_EQ(name_of(Verdict::unsound), "unsound");
    EXPECT_EQ(exit_code_of(Verdict::pass), 0);
    EXPECT_EQ(exit_code_of(Verdict::fail), 1);
    EXPECT_EQ(exit_code_of(Verdict::unsound), 3);
}

TEST(Judgement, UnsoundComesBeforeFailed) {
    Recording recording;
    recording.file = "run.tmf";
    EXPECT_EQ(recording.judgement.verdict(), Verdict::pass);
    EXPECT_EQ(name_of(recording.judgement), "sound");
    EXPECT_EQ(judgement_line(recording), "run.tmf: sound");
    EXPECT_NO_THROW(require_passed(recording));

    recording.judgement.failures = {"it overflowed"};
    EXPECT_EQ(recording.judgement.verdict(), Verdict::fail);
    EXPECT_TRUE(recording.judgement.sound());
    EXPECT_EQ(name_of(recording.judgement), "failed");
    EXPECT_EQ(judgement_line(recording), "run.tmf: failed: it overflowed");
    recording.judgement.failures.emplace_back("it saturated");
    EXPECT_EQ(judgement_line(recording), "run.tmf: failed: it overflowed (and 1 more)");

    recording.judgement.unsound = {"a frame is missing", "END is missing", "and more"};
    EXPECT_EQ(recording.judgement.verdict(), Verdict::unsound);
    EXPECT_FALSE(recording.judgement.sound());
    EXPECT_EQ(name_of(recording.judgement), "unsound");
    EXPECT_EQ(judgement_line(recording), "run.tmf: unsound: a frame is missing (and 2 more)");
}

TEST(Judgement, WhatDidNotPassEndsACommand) {
    Recording recording;
    recording.file = "run.tmf";
    const auto refusal = [&recording]() -> std::pair<int, std::string> {
        try {
            require_passed(recording);
        } catch (const HostError& error) {
            return {error.exit_code(), error.what()};
        }
        return {0, ""};
    };
    recording.judgement.failures = {"it overflowed"};
    EXPECT_EQ(refusal(), std::pair(1, std::string("run.tmf: failed: it overflowed")));
    recording.judgement.unsound = {"cut"};
    EXPECT_EQ(refusal(), std::pair(3, std::string("run.tmf: unsound: cut")));
}

TEST(Judgement, ACaptureWithoutARunIsUnsoundAndHoldsNoRecording) {
    const test::TestFolder folder;
    test::record_base({.name = "", .experiment = test::lags}, folder / "run.tmf");
    test::ForgedCapture capture(folder / "run.tmf");
    capture.erase(capture.find(stream::Kind::configuration));
    capture.renumber();
    capture.write(folder / "run.tmf");
    const Recording judged = judge_capture(folder / "run.tmf");
    EXPECT_FALSE(judged.configured);
    ASSERT_FALSE(judged.judgement.unsound.empty());
    EXPECT_EQ(judged.judgement.unsound.front(),
              "no run in this capture: it holds no CONFIGURATION frame");
    try {
        static_cast<void>(read_recording(folder / "run.tmf"));
        FAIL() << "read";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), 3);
        EXPECT_EQ(std::string(error.what()), (folder / "run.tmf").string() +
                                                 ": no run in this capture: it holds no "
                                                 "CONFIGURATION frame");
    }
}

/// Two replicas of four neurons that ask for three lags, or a mean field of twelve steps.
bool belongs(FaultCause cause, std::uint32_t vector, std::uint32_t element,
             experiment::ModelKind kind = experiment::ModelKind::network) {
    experiment::Parameters<double> p;
    p.replicas = 2;
    p.steps = 12;
    p.observation.lags = 3;
    return belongs_to({.cause = cause, .step = 5, .index = vector << 24U | element},
                      {.kind = kind, .replicas = 2, .neurons = 4}, p);
}

TEST(RecordedFault, OfAStateNamesAReplicaAndANeuron) {
    EXPECT_TRUE(belongs(FaultCause::not_finite, 0, 0));
    EXPECT_TRUE(belongs(FaultCause::not_finite, 1, 3));
    EXPECT_FALSE(belongs(FaultCause::not_finite, 2, 3));
    EXPECT_FALSE(belongs(FaultCause::not_finite, 1, 4));
    EXPECT_FALSE(belongs(FaultCause::not_finite, 0, 0, experiment::ModelKind::mean_field));
}

TEST(RecordedFault, OfAnEstimateNamesAnArrayAndAnElement) {
    const std::vector<std::uint32_t> sizes{8, 3, 3, 3, 3, 8, 8, 10, 10, 10, 10, 1, 2};
    for (std::uint32_t array = 0; array < sizes.size(); ++array) {
        const FaultCause cause = FaultCause::estimate_not_finite;
        EXPECT_TRUE(belongs(cause, array, sizes[array] - 1)) << array;
        EXPECT_FALSE(belongs(cause, array, sizes[array])) << array;
        EXPECT_FALSE(belongs(cause, array, 0, experiment::ModelKind::mean_field));
    }
    EXPECT_FALSE(belongs(FaultCause::estimate_not_finite, 13, 0));
}

TEST(RecordedFault, OfARowNamesAnArrayAndAColumn) {
    const auto kind = experiment::ModelKind::mean_field;
    for (std::uint32_t array = 0; array < 6; ++array) {
        EXPECT_TRUE(belongs(FaultCause::row_not_finite, array, 12, kind));
        EXPECT_FALSE(belongs(FaultCause::row_not_finite, array, 13, kind));
        EXPECT_FALSE(belongs(FaultCause::row_not_finite, array, 0));
    }
    EXPECT_FALSE(belongs(FaultCause::row_not_finite, 6, 0, kind));
}

TEST(RecordedFault, OfAnotherCauseEndsNoRun) {
    for (std::uint32_t cause = 0; cause < 16; ++cause) {
        const bool told = cause == 3 || cause == 12;
        EXPECT_EQ(belongs(static_cast<FaultCause>(cause), 0, 0), told) << cause;
        EXPECT_EQ(belongs(static_cast<FaultCause>(cause), 0, 0, experiment::ModelKind::mean_field),
                  cause == 13);
    }
}

TEST(RecordedFault, IsToldInWords) {
    const auto text = [](FaultCause cause, std::uint32_t vector, std::uint32_t element) {
        return to_text(RecordedFault{.cause = cause, .step = 17, .index = vector << 24U | element});
    };
    EXPECT_EQ(text(FaultCause::not_finite, 1, 3),
              "the state of neuron 3, replica 1, became NaN or infinite at step 17");
    const std::string end = " became NaN or infinite at step 17";
    const FaultCause estimate = FaultCause::estimate_not_finite;
    EXPECT_EQ(text(estimate, 0, 2), "the estimate moments, element 2," + end);
    EXPECT_EQ(text(estimate, 1, 2), "the estimate Cx, lag 2," + end);
    EXPECT_EQ(text(estimate, 2, 2), "the estimate Cphi, lag 2," + end);
    EXPECT_EQ(text(estimate, 3, 2), "the estimate Rx, lag 2," + end);
    EXPECT_EQ(text(estimate, 4, 2), "the estimate Rphi, lag 2," + end);
    EXPECT_EQ(text(estimate, 12, 1), "the estimate settling, element 1," + end);
    EXPECT_EQ(text(estimate, 13, 1), "a number, element 1," + end);
    EXPECT_EQ(text(FaultCause::row_not_finite, 1, 7), "the row of Cphi, column 7," + end);
    EXPECT_EQ(text(FaultCause::row_not_finite, 5, 0), "the row of lyapunov, column 0," + end);
    EXPECT_EQ(text(FaultCause::row_not_finite, 6, 0), "a number, column 0," + end);
}

TEST(RunTimes, TicksAreToldInCounts) {
    stream::TicksFrame ticks{.period = 1000, .last_tick = 60, .missed = 0, .worst_late = 12};
    EXPECT_EQ(to_text(ticks), "60 ticks of 1000 counts, none missed, worst lateness 12 counts");
    nlohmann::json expected{{"period", 1000},
                            {"last", 60},
                            {"missed", 0},
                            {"worst_late", 12},
                            {"first_missed", nullptr},
                            {"last_missed", nullptr}};
    EXPECT_EQ(to_json(ticks), expected);
    ticks.missed = 1;
    ticks.first_missed = 7;
    ticks.last_missed = 9;
    EXPECT_EQ(to_text(ticks), "60 ticks of 1000 counts, 1 missed (first 7, last 9), worst lateness "
                              "12 counts");
    expected["missed"] = 1;
    expected["first_missed"] = 7;
    expected["last_missed"] = 9;
    EXPECT_EQ(to_json(ticks), expected);
}

TEST(RunTimes, PhasesAreToldInTheirUnit) {
    PhaseTimes phase{
        .phase = observe::WorkPhase::update, .samples = 4, .least = 10, .most = 40, .total = 100};
    phase.histogram[31] = 2;
    EXPECT_EQ(phase.mean(), 25.0);
    EXPECT_EQ(PhaseTimes{}.mean(), 0.0);
    EXPECT_EQ((PhaseTimes{.samples = 1, .total = 7}).mean(), 7.0);
    const PhaseTimes last{.phase = observe::WorkPhase::send};
    const nlohmann::json json =
        to_json(std::vector{phase, last}, {.name = "instructions", .per_count = 2.0});
    EXPECT_EQ(json.at("unit"), "instructions");
    EXPECT_EQ(json.at("per_count"), 2.0);
    ASSERT_EQ(json.at("phases").size(), 2U);
    const nlohmann::json& told = json.at("phases").at(0);
    EXPECT_EQ(told.at("phase"), "update");
    EXPECT_EQ(told.at("samples"), 4);
    EXPECT_EQ(told.at("least"), 20.0);
    EXPECT_EQ(told.at("mean"), 50.0);
    EXPECT_EQ(told.at("most"), 80.0);
    EXPECT_EQ(told.at("histogram").at(31), 2);
    EXPECT_EQ(json.at("phases").at(1).at("phase"), "send");
}

TEST(RunTimes, ACountIsWorthWhatItsSourceCounts) {
    const auto unit = [](const std::string& source, std::uint8_t counter) {
        CaptureMetadata metadata;
        metadata.source = source;
        DeviceIntroduction device;
        device.counter_rate = 25'000'000;
        device.counter_unit = counter;
        return time_unit(metadata, device);
    };
    EXPECT_EQ(unit("emulation", 0).name, "counts of a clock that stands still");
    EXPECT_EQ(unit("emulation", 0).per_count, 1.0);
    EXPECT_EQ(unit("qemu:image.elf --icount", 0).name, "instructions");
    EXPECT_EQ(unit("qemu:image.elf --icount", 0).per_count, 40.0); // 1e9 a second
    EXPECT_EQ(unit("qemu:image.elf", 0).name, "counts of the emulator's own time");
    EXPECT_EQ(unit("qemu:image.elf", 0).per_count, 1.0);
    EXPECT_EQ(unit("/dev/ttyACM0", 0).name, "cycles");
    EXPECT_EQ(unit("/dev/ttyACM0", 1).name, "timer ticks");
    EXPECT_EQ(unit("/dev/ttyACM0", 1).per_count, 1.0);
}

} // namespace
} // namespace tinymf::host
