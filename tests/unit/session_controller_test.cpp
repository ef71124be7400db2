// SPDX-License-Identifier: Apache-2.0
// A loop closed around the emulated board, and the twin that takes the same inputs again.
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compare/host_twin.hpp"
#include "diagnostics/host_error.hpp"
#include "emulation/emulated_board.hpp"
#include "live_input/controller.hpp"
#include "recording/recording.hpp"
#include "session/recorded_run.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view live_run = "schema = 1\n"
                                      "[model]\nsteps = 200\ngain = 3.0\n"
                                      "[stimulus]\nkind = \"live\"\n"
                                      "[network]\nneurons = 16\n"
                                      "[stream]\nstate_every = 1\ndigest_every = 7\n";

class ClosedLoop : public ::testing::Test {
protected:
    ~ClosedLoop() override { std::filesystem::remove_all(folder_); }

    Recording run(const SessionOptions& options, const std::vector<std::string>& overrides = {}) {
        EmulatedBoard board;
        const std::filesystem::path capture = folder_ / "run.tmf";
        static_cast<void>(record_run(parse_experiment(live_run, "live.toml", overrides), board,
                                     options, "emulation", capture));
        return read_recording(capture);
    }

private:
    std::filesystem::path folder_ = [] {
        const auto folder = std::filesystem::temp_directory_path() / "tinymf-controller-";
        std::string name = folder.string() + std::string(6, 'X'); // mkdtemp's place
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        return std::filesystem::path(name);
    }();
};

double push_back_on_first(std::uint32_t /*step*/, std::span<const double> x) {
    return -0.5 * x[0];
}

TEST_F(ClosedLoop, TheAnswerToAStateActsFromTheNextStepOn) {
    for (const char* replicas : {"network.replicas=1", "network.replicas=2"}) {
        const Recording recording = run({.controller = push_back_on_first}, {replicas});
        const StateTrace& trace = recording.replicas.front();
        // The last step but one is answered too, but then the run is over.
        ASSERT_EQ(recording.live_inputs.size(), 199U);
        for (std::uint32_t step = 0; step < 199; ++step) {
            const LiveInput& input = recording.live_inputs[step];
            EXPECT_EQ(input.step, step + 1);
            EXPECT_EQ(input.value, -0.5 * trace.x(step, 0));
        }
        EXPECT_TRUE(compare_with_host_twin(recording).passed());
        EXPECT_EQ(recording.survey.ledger.lost(), 0U);
    }
}

TEST_F(ClosedLoop, ChangesTheRun) {
    const Recording open = run({});
    const Recording closed = run({.controller = push_back_on_first});
    EXPECT_NE(open.end->digest, closed.end->digest);
}

TEST_F(ClosedLoop, ReplaysARealtimeRunToo) {
    const Recording recording = run({.delivery = stream::Delivery::realtime,
                                     .tick_period_us = 1000,
                                     .controller = push_back_on_first});
    EXPECT_GT(recording.live_inputs.size(), 100U);
    EXPECT_TRUE(compare_with_host_twin(recording).passed());
}

TEST_F(ClosedLoop, AnInputOutOfRangeEndsTheSession) {
    EXPECT_THROW(static_cast<void>(run(
                     {.controller = [](std::uint32_t, std::span<const double>) { return 1e7; }})),
                 HostError);
}

TEST(Controller, IsAskedInLinesAndAnswersInNumbers) {
    Controller controller("while read step x rest; do echo \"$x\"; done");
    const std::vector<double> state{0.5, -1.25};
    EXPECT_EQ(controller.respond(3, state), 0.5);
    EXPECT_EQ(controller.respond(4, std::vector<double>{-1e-3}), -1e-3);
}

TEST(Controller, SaysWhenItsProgramFails) {
    const std::vector<double> state{0.5};
    Controller ended("exit 0");
    EXPECT_THROW(static_cast<void>(ended.respond(0, state)), HostError);
    Controller words("while read line; do echo no; done");
    EXPECT_THROW(static_cast<void>(words.respond(0, state)), HostError);
}

} // namespace
} // namespace tinymf::host
