// SPDX-License-Identifier: Apache-2.0
// A loop closed around the emulated board, and the twin that takes the same inputs again.
#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "compare/host_twin.hpp"
#include "device/controller.hpp"
#include "device/emulated_board.hpp"
#include "device/recorded_run.hpp"
#include "recording/recording.hpp"

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

using namespace std::chrono_literals;

constexpr auto patience = 20'000ms;

std::string failure_of(const std::string& command, std::chrono::milliseconds limit) {
    try {
        Controller controller(command, limit);
        for (std::uint32_t step = 0; step < 3; ++step) {
            static_cast<void>(controller.respond(step, std::vector<double>{0.5}));
        }
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

TEST(Controller, IsAskedInLinesAndAnswersInNumbers) {
    Controller controller("sh -c 'while read step x rest; do echo \"$x\"; done'", patience);
    const std::vector<double> state{0.5, -1.25};
    EXPECT_EQ(controller.respond(3, state), 0.5);
    EXPECT_EQ(controller.respond(4, std::vector<double>{-1e-3}), -1e-3);
}

TEST(Controller, TakesNumbersAsOtherProgramsWriteThem) {
    Controller controller(
        R"(sh -c 'for a in "0.5\r" " 0.25 " "+1"; do read x; printf "$a\n"; done; read x')",
        patience);
    const std::vector<double> state{0.0};
    EXPECT_EQ(controller.respond(0, state), 0.5);
    EXPECT_EQ(controller.respond(1, state), 0.25);
    EXPECT_EQ(controller.respond(2, state), 1.0);
}

TEST(Controller, SaysHowItsProgramFails) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"true", "controller 'true': ended with status 0 without an answer"},
        {"sh -c 'read x; exit 3'",
         "controller 'sh -c 'read x; exit 3'': ended with status 3 without an answer"},
        {"sh -c 'read x; kill -9 $$'",
         "controller 'sh -c 'read x; kill -9 $$'': was ended by signal 9 without an answer"},
        {"yes no", "controller 'yes no': answered 'no' to step 0, which is no number"},
        {"yes nan", "controller 'yes nan': answered 'nan' to step 0, which is no number"},
        {R"(sh -c 'printf "\033[2J\n"; read x')",
         R"(controller 'sh -c 'printf \"\\033[2J\\n\"; read x'': answered '\x1b[2J' to step 0, )"
         "which is no number"},
        {"no-such-program x",
         "controller 'no-such-program x': cannot be started: No such file or directory"},
        {"cat | cat", "--controller 'cat | cat': | means something to a shell only, and no shell "
                      "runs it; quote it, or write sh -c '...'"},
    };
    for (const auto& [command, message] : cases) {
        EXPECT_EQ(failure_of(command, patience), message);
    }
}

TEST(Controller, IsNotWaitedForForEver) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(
        failure_of("sleep 1000", 100ms),
        "controller 'sleep 1000': has not answered step 0 within 100 ms; does it keep its output "
        "in a buffer?");
    EXPECT_EQ(failure_of("sh -c 'printf 0.5; sleep 1000'", 300ms),
              "controller 'sh -c 'printf 0.5; sleep 1000'': has not answered step 0 within 300 ms, "
              "and never ended its line; does it keep its output in a buffer?");
    EXPECT_NE(failure_of("sh -c \"yes | tr -d '\\n'\"", patience)
                  .find("answers step 0 with a line of more than 4096 bytes: 'yyyy"),
              std::string::npos);
    EXPECT_NE(failure_of("sh -c 'trap \"\" TERM; while :; do sleep 1; done'", 100ms).find("within"),
              std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

TEST(Controller, AsksAboutItsOutputBufferAfterASecondOfSilence) {
    ::testing::internal::CaptureStderr();
    static_cast<void>(failure_of("sleep 1000", 1200ms));
    EXPECT_NE(::testing::internal::GetCapturedStderr().find(
                  "note: controller 'sleep 1000' has been silent for a second; does it keep its "
                  "output in a buffer?"),
              std::string::npos);
    ::testing::internal::CaptureStderr();
    Controller prompt("sh -c 'read x; echo 1; read x'", patience);
    EXPECT_EQ(prompt.respond(0, std::vector<double>{0.0}), 1.0);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Controller, ThatReadsNothingDoesNotHoldUpARun) {
    const std::vector<double> large(1000, 0.123456789012345);
    Controller deaf("yes 0.5", 300ms);
    try {
        for (std::uint32_t step = 0; step < 100'000; ++step) {
            EXPECT_EQ(deaf.respond(step, large), 0.5);
        }
        ADD_FAILURE() << "its input holds everything";
    } catch (const HostError& error) {
        EXPECT_STREQ(error.what(), "controller 'yes 0.5': has read no state for 300 ms");
    }
}

} // namespace
} // namespace tinymf::host
