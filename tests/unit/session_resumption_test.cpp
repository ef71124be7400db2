// SPDX-License-Identifier: Apache-2.0
#include "device/resumption.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "capture_files.hpp"
#include "compare/bit_comparison.hpp"
#include "compare/host_twin.hpp"
#include "device/emulated_board.hpp"
#include "device/recorded_run.hpp"
#include "recording/recorded_mean_field.hpp"
#include "recording/recording.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view fed_network = "schema = 1\n"
                                         "[model]\nsteps = 200\ngain = 2.0\n"
                                         "[network]\nneurons = 16\n"
                                         "[stimulus]\nkind = \"live\"\n"
                                         "[stream]\nstate_every = 10\ndigest_every = 50\n";

constexpr std::string_view populations = "schema = 1\n"
                                         "[model]\nkind = \"mean_field\"\ngain = 1.2\n"
                                         "noise = 0.5\ndt = 0.1\nreciprocity = 0.5\n"
                                         "[mean_field]\nmethod = \"forward\"\npoints = 16\n"
                                         "trajectories = 32\nstorage = \"fixed16\"\n"
                                         "populations = 3\n";

const std::vector<LiveInput> inputs{{0, 0.5}, {60, -1.0}, {100, 0.25}, {150, 2.0}};

/// Emulated runs with their captures in one folder.
class Resumption : public testing::Test {
protected:
    RunEnd run(std::string_view text, const std::string& capture, SessionOptions options) {
        const Experiment experiment = parse_experiment(text, "run.toml");
        EmulatedBoard board;
        return record_run(experiment, board, options, "emulation", folder_ / capture).end;
    }

    RunEnd resume(const std::string& earlier, const std::string& capture, SessionOptions options,
                  const std::vector<std::string>& overrides = {}) {
        const auto resumption = resume_from(folder_ / earlier, overrides);
        options.checkpoint = resumption.checkpoint;
        EmulatedBoard board;
        return record_run(resumption.experiment, board, options, "emulation", folder_ / capture,
                          RunProgress::shown, resumption.origin)
            .end;
    }

    [[nodiscard]] Recording recording(const std::string& capture) const {
        return read_recording(folder_ / capture);
    }

    /// Exit code and message of a resumption that is refused.
    std::pair<int, std::string> refusal(const std::string& capture,
                                        const std::vector<std::string>& overrides = {}) {
        try {
            static_cast<void>(resume_from(folder_ / capture, overrides));
        } catch (const HostError& error) {
            return {error.exit_code(), error.what()};
        }
        return {0, ""};
    }

    test::TestFolder folder_;
};

TEST_F(Resumption, AFedRunGoesOnWithAllItsInputs) {
    const RunEnd whole = run(fed_network, "whole.tmf", {.inputs = inputs});
    const RunEnd first = run(fed_network, "first.tmf", {.inputs = inputs, .stop_at = 100});
    EXPECT_EQ(first.reason, stream::EndReason::stopped);
    EXPECT_EQ(first.step, 100U);
    const RunEnd second = resume("first.tmf", "second.tmf", {.inputs = inputs});
    EXPECT_EQ(second.digest, whole.digest);

    const Recording resumed = recording("second.tmf");
    EXPECT_EQ(resumed.resumed_at, 100U);
    EXPECT_EQ(resumed.live_inputs, inputs) << "those before the checkpoint too";
    EXPECT_EQ(resumed.replicas.front().steps.front(), 100U);
    const BitComparison twin = compare_with_host_twin(resumed);
    EXPECT_TRUE(twin.passed());
    EXPECT_EQ(twin.steps_checked, 201U);
    EXPECT_TRUE(compare_recordings(resumed, recording("whole.tmf")).passed());
    EXPECT_TRUE(compare_recordings(recording("first.tmf"), recording("whole.tmf")).passed());
    const BitComparison stopped = compare_with_host_twin(recording("first.tmf"));
    EXPECT_TRUE(stopped.passed());
    EXPECT_EQ(stopped.checkpoints_checked, 1U);
}

TEST_F(Resumption, WithoutTheFileTheLastInputIsHeld) {
    static_cast<void>(run(fed_network, "first.tmf", {.inputs = inputs, .stop_at = 100}));
    static_cast<void>(resume("first.tmf", "second.tmf", {}));
    const Recording resumed = recording("second.tmf");
    EXPECT_EQ(resumed.live_inputs, (std::vector<LiveInput>{{0, 0.5}, {60, -1.0}, {100, 0.25}}));
    EXPECT_TRUE(compare_with_host_twin(resumed).passed());
}

TEST_F(Resumption, ARunThatBrokeOffGoesOnFromItsLastWholeCheckpoint) {
    const RunEnd whole = run(fed_network, "whole.tmf", {.inputs = inputs, .snapshot_every = 30});
    EXPECT_EQ(recording("whole.tmf").checkpoints.size(), 6U);
    const auto size = std::filesystem::file_size(folder_ / "whole.tmf");
    int resumed = 0;
    // What comes before the run is more than half of so short a file.
    for (std::uintmax_t cut = size - 7; cut > 3 * size / 4; cut -= size / 46) {
        std::filesystem::copy_file(folder_ / "whole.tmf", folder_ / "cut.tmf",
                                   std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(folder_ / "cut.tmf", cut);
        if (recording("cut.tmf").last_checkpoint.empty()) {
            continue;
        }
        EXPECT_EQ(resume("cut.tmf", "rest.tmf", {.inputs = inputs}).digest, whole.digest);
        ++resumed;
    }
    EXPECT_GE(resumed, 5);
}

TEST_F(Resumption, AMeanFieldGoesOnInALaterPopulation) {
    const RunEnd whole = run(populations, "whole.tmf", {});
    static_cast<void>(run(populations, "first.tmf", {.stop_at = 29}));
    EXPECT_EQ(resume("first.tmf", "second.tmf", {}).digest, whole.digest);
    const Recording resumed = recording("second.tmf");
    EXPECT_TRUE(compare_with_host_twin(resumed).passed());
    EXPECT_TRUE(compare_recordings(resumed, recording("whole.tmf")).passed());
    const RecordedPopulations told = recorded_populations(resumed);
    EXPECT_EQ(told.times.size(), 16U);
    EXPECT_EQ(told.populations.size(), 1U) << "the third; of the second only a part is there";
}

TEST_F(Resumption, OnlyHowTheRunReportsMayChange) {
    const RunEnd whole = run(fed_network, "whole.tmf", {});
    static_cast<void>(run(fed_network, "first.tmf", {.stop_at = 100}));
    EXPECT_EQ(resume("first.tmf", "second.tmf", {}, {"stream.state_every=1"}).digest, whole.digest);
    EXPECT_EQ(recording("second.tmf").replicas.front().steps.size(), 101U);
    const auto [code, message] = refusal("first.tmf", {"model.gain=1.0"});
    EXPECT_EQ(code, exit_bad_input);
    EXPECT_NE(message.find("--set may change stream.* only"), std::string::npos) << message;
    EXPECT_EQ(refusal("whole.tmf").first, exit_bad_input) << "it holds no checkpoint";
}

/// The board refuses what this program would have noticed, too.
TEST_F(Resumption, ABoardRefusesTheCheckpointOfAnotherRun) {
    static_cast<void>(run(fed_network, "first.tmf", {.stop_at = 100}));
    const auto resumption = resume_from(folder_ / "first.tmf", {});
    const Experiment other =
        parse_experiment(fed_network, "run.toml", std::vector<std::string>{"model.seed=2"});
    EmulatedBoard board;
    try {
        static_cast<void>(record_run(other, board, {.checkpoint = resumption.checkpoint},
                                     "emulation", folder_ / "second.tmf"));
        ADD_FAILURE() << "a foreign checkpoint was taken";
    } catch (const HostError& error) {
        EXPECT_NE(std::string(error.what()).find("bad snapshot"), std::string::npos)
            << error.what();
    }
}

} // namespace
} // namespace tinymf::host
