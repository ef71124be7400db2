// SPDX-License-Identifier: Apache-2.0
// Runs whose numbers become NaN or infinite: how they end, and what the session says of them.
#include "device/session.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "device/emulated_board.hpp"
#include "session_runs.hpp"

namespace tinymf::host {
namespace {

using namespace session_runs;

// x' = 0.5 (-1 + 5 J) x grows by about 2.5 a step, x^2 by 6: the sum of squares is beyond 3.4e38
// long before x itself.
const std::vector<std::string> overflowing_estimates{
    "model.activation=linear",      "model.gain=5",           "model.dt=0.5",
    "stream.observe=[\"moments\"]", "stream.observe_every=1", "stream.observe_block=4"};

TEST(FailedRun, AFedRunThatLeavesTheFiniteNumbersEnds) {
    EmulatedBoard board;
    const Outcome outcome =
        run_on(board,
               small_experiment({live_stimulus.front(), "model.activation=linear", "model.gain=100",
                                 "model.dt=1.0"}),
               fed_with(some_inputs));
    EXPECT_EQ(outcome.end.reason, stream::EndReason::non_finite);
    EXPECT_NE(outcome.failure.value_or("").find("became NaN or infinite at step "),
              std::string::npos);
}

TEST(FailedRun, TellsWhereTheStateLeftTheFiniteNumbers) {
    EmulatedBoard board;
    const Outcome outcome = run_on(
        board, small_experiment({"model.activation=linear", "model.gain=100", "model.dt=1.0"}));
    const std::string message = outcome.failure.value_or("");
    EXPECT_NE(message.find(fmt::format("became NaN or infinite at step {}", outcome.end.step)),
              std::string::npos)
        << message;
    EXPECT_NE(message.find("state of neuron "), std::string::npos) << message;
    EXPECT_EQ(kinds_in(outcome.record).back(), stream::Kind::end);
}

TEST(FailedRun, ACompletedRunHasNotFailed) {
    EmulatedBoard board;
    EXPECT_FALSE(run_on(board, small_experiment()).failure);
}

TEST(FailedRun, TellsWhichEstimateLeftTheFiniteNumbers) {
    EmulatedBoard board;
    const Outcome outcome = run_on(board, small_experiment(overflowing_estimates));
    EXPECT_EQ(outcome.end.reason, stream::EndReason::non_finite);
    const std::string message = outcome.failure.value_or("");
    EXPECT_NE(message.find(fmt::format(" became NaN or infinite at step {}; lower model.gain, "
                                       "model.dt or stream.observe_block",
                                       outcome.end.step)),
              std::string::npos)
        << message;
    EXPECT_NE(message.find(": the estimate moments, element "), std::string::npos) << message;
    EXPECT_EQ(kinds_in(outcome.record).back(), stream::Kind::end);
}

TEST(FailedRun, ARunThatIsOverBeforeItsCheckpointEndsInOrder) {
    EmulatedBoard board;
    SessionOptions options = quick;
    options.snapshot_every = 7;
    const Outcome outcome = run_on(board, small_experiment(overflowing_estimates), options);
    EXPECT_EQ(outcome.end.reason, stream::EndReason::non_finite);
    EmulatedBoard other;
    EXPECT_EQ(run_on(other, small_experiment(overflowing_estimates)).end.step, outcome.end.step)
        << "a checkpoint on the way does not move the end";
    EXPECT_NE(last_checkpoint_in(outcome.record), Bytes{});
}

TEST(FailedRun, ACheckpointOfAStateThatIsNoneEndsTheRun) {
    constexpr std::string_view without_state = "schema = 1\n"
                                               "[model]\nkind = \"mean_field\"\n"
                                               "activation = \"relu\"\ngain = 1.6\nnoise = 1.0\n"
                                               "[mean_field]\nmethod = \"stationary\"\n";
    const Experiment experiment = parse_experiment(without_state, "none.toml");
    for (const std::uint32_t snapshot_every : {0U, 5U}) {
        EmulatedBoard board;
        SessionOptions options = quick;
        options.snapshot_every = snapshot_every;
        const Outcome outcome = run_on(board, experiment, options);
        EXPECT_EQ(outcome.end.reason, stream::EndReason::non_finite);
        EXPECT_EQ(outcome.end.step, 0U);
        EXPECT_NE(outcome.failure.value_or("").find("there is no stationary state"),
                  std::string::npos);
        EXPECT_EQ(last_checkpoint_in(outcome.record), Bytes{});
    }
}

} // namespace
} // namespace tinymf::host
