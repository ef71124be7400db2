// SPDX-License-Identifier: Apache-2.0
// How a session pauses a run to give inputs and to take checkpoints, and goes on from one.
#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "device/session.hpp"
#include "experiment/parameter_bytes.hpp"
#include "unit/pausing_device.hpp"

namespace tinymf::host {
namespace {

using firmware::RunState;
using stream::EndReason;
using stream::Kind;
using test::Bytes;
using test::checkpoint_of_step;
using test::Command;
using test::outcome_of;
using test::PausingDevice;
using test::ScriptedDevice;

std::vector<std::uint64_t> steps_of(const ScriptedDevice& device) {
    std::vector<std::uint64_t> steps;
    for (const Command& command : device.of(Kind::step)) {
        steps.push_back(command.get(0, 4));
    }
    return steps;
}

TEST(Stops, GiveEveryInputWhereItActs) {
    PausingDevice device;
    SessionOptions options = device.options();
    options.inputs = {{0, 0.5}, {5, -1.5}, {20, 2.5}};
    EXPECT_EQ(outcome_of(device, options), "ended");
    EXPECT_EQ(steps_of(device), (std::vector<std::uint64_t>{5, 15}));
    const auto inputs = device.of(Kind::input);
    ASSERT_EQ(inputs.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        ASSERT_EQ(inputs[i].arguments.size(), 4U);
        EXPECT_EQ(std::bit_cast<float>(static_cast<std::uint32_t>(inputs[i].get(0, 4))),
                  static_cast<float>(options.inputs[i].value));
    }
    std::vector<Kind> kinds;
    for (const Command& command : device.commands) {
        if (command.kind == Kind::step || command.kind == Kind::input ||
            command.kind == Kind::start) {
            kinds.push_back(command.kind);
        }
    }
    EXPECT_EQ(kinds, (std::vector{Kind::input, Kind::step, Kind::input, Kind::step, Kind::input,
                                  Kind::start}));
}

TEST(Stops, GiveParametersAndInputsInTheScalarOfTheModel) {
    PausingDevice device;
    device.scalar = experiment::ScalarKind::float64;
    SessionOptions options = device.options();
    options.inputs = {{5, 0.1}};
    const Experiment experiment = test::scripted_experiment("scalar = \"float64\"\n");
    EXPECT_EQ(outcome_of(device, options, experiment), "ended");
    const Bytes configured = device.of(Kind::configure).at(0).arguments;
    EXPECT_EQ(Bytes(configured.begin() + 7, configured.end()),
              parameter_bytes(experiment.parameters));
    const auto inputs = device.of(Kind::input);
    ASSERT_EQ(inputs.size(), 1U);
    ASSERT_EQ(inputs[0].arguments.size(), 8U);
    EXPECT_EQ(std::bit_cast<double>(inputs[0].get(0, 8)), 0.1);
}

TEST(Stops, AreAtTheirStepOrTheLinkFails) {
    PausingDevice device;
    device.on[Kind::step] = [&device](const Command& command) {
        device.acknowledge(command);
        device.at = 4;
    };
    SessionOptions options = device.options();
    options.inputs = {{5, 1.0}};
    EXPECT_EQ(outcome_of(device, options),
              "4: x.toml: the device paused at step 4, not at 5 (last step seen: 0)");
}

TEST(Stops, WaitForADeviceThatStillRuns) {
    PausingDevice device;
    int running = 3;
    device.on[Kind::query_status] = [&](const Command& command) {
        device.acknowledge(command);
        device.tell_status(running-- > 0 ? RunState::running : RunState::paused, device.at);
    };
    SessionOptions options = device.options();
    options.inputs = {{5, 1.0}};
    EXPECT_EQ(outcome_of(device, options), "ended");
    EXPECT_EQ(device.of(Kind::query_status).size(), 4U);
    EXPECT_EQ(device.of(Kind::credit).size(), 4U) << "the last one may have been lost";
    EXPECT_EQ(device.of(Kind::input).size(), 1U);
}

TEST(Stops, EndWithTheRun) {
    PausingDevice device;
    device.on[Kind::step] = [&device](const Command& command) {
        device.acknowledge(command);
        device.end(EndReason::non_finite, 2);
    };
    SessionOptions options = device.options();
    options.inputs = {{5, 1.0}};
    EXPECT_EQ(outcome_of(device, options).substr(0, 7), "failed:");
    EXPECT_TRUE(device.of(Kind::input).empty());
    EXPECT_TRUE(device.of(Kind::start).empty());
    // One that is over, but has not said so yet, is waited for and not started.
    PausingDevice finished;
    finished.on[Kind::query_status] = [&finished](const Command& command) {
        finished.acknowledge(command);
        finished.tell_status(RunState::idle, 2);
        finished.end(EndReason::stopped, 2);
    };
    options.now = finished.options().now;
    EXPECT_EQ(outcome_of(finished, options), "ended");
    EXPECT_TRUE(finished.of(Kind::input).empty());
    EXPECT_TRUE(finished.of(Kind::start).empty());
}

TEST(Stops, TakeACheckpointAndAskAgainForATornOne) {
    for (int torn = 0; torn <= 5; ++torn) {
        PausingDevice device;
        int asked = 0;
        device.on[Kind::snapshot] = [&](const Command& command) {
            device.acknowledge(command);
            const Bytes checkpoint = checkpoint_of_step(device.at);
            device.say_piece(checkpoint, 0, 32);
            if (asked++ >= torn) {
                device.say_piece(checkpoint, 32, 64);
            }
        };
        SessionOptions options = device.options();
        options.stop_at = 20;
        EXPECT_EQ(outcome_of(device, options),
                  torn < 5 ? "ended"
                           : "4: x.toml: a checkpoint does not arrive whole (last step seen: 0)");
        EXPECT_EQ(device.of(Kind::snapshot).size(),
                  static_cast<std::size_t>(std::min(torn, 4) + 1));
        EXPECT_EQ(device.of(Kind::stop).size(), torn < 5 ? 1U : 0U);
        EXPECT_EQ(device.of(Kind::credit).size(), static_cast<std::size_t>(torn) + 1);
        EXPECT_TRUE(device.of(Kind::start).empty());
    }
}

TEST(Stops, ResumeACheckpointPieceByPiece) {
    for (const std::size_t size : {960U, 1000U}) { // of 480 bytes, and a rest
        Bytes whole = checkpoint_of_step(20);
        whole.resize(size, 7); // the device looks at it, not the session
        PausingDevice device;
        Bytes sent;
        device.on[Kind::restore] = [&](const Command& command) {
            EXPECT_EQ(command.get(0, 4), sent.size());
            EXPECT_EQ(command.get(4, 4), size);
            EXPECT_LE(command.arguments.size(), 488U);
            sent.insert(sent.end(), command.arguments.begin() + 8, command.arguments.end());
            device.acknowledge(command);
            if (sent.size() == whole.size()) {
                device.at = 20;
                device.say_restored(20);
            }
        };
        SessionOptions options = device.options();
        options.checkpoint = whole;
        options.inputs = {{5, 1.0}, {20, 2.0}, {30, 3.0}};
        EXPECT_EQ(outcome_of(device, options), "ended");
        EXPECT_EQ(sent, whole);
        EXPECT_EQ(device.of(Kind::restore).size(), size == 960 ? 2U : 3U);
        EXPECT_EQ(device.of(Kind::input).size(), 2U) << "the first is in the checkpoint";
        EXPECT_EQ(steps_of(device), std::vector<std::uint64_t>{10}) << "from the restored step on";
    }
}

TEST(Stops, GoOnOnlyWhereTheCheckpointWas) {
    for (const std::uint32_t told : {19U, 0U}) {
        PausingDevice device;
        device.on[Kind::restore] = [&device, step = told](const Command& command) {
            device.acknowledge(command);
            if (step != 0) {
                device.say_restored(step);
            }
        };
        SessionOptions options = device.options();
        options.checkpoint = checkpoint_of_step(20);
        EXPECT_EQ(outcome_of(device, options), "4: x.toml: the device does not tell where the "
                                               "restored run goes on (last step seen: 0)");
        EXPECT_EQ(device.of(Kind::restore).size(), 5U);
    }
}

} // namespace
} // namespace tinymf::host
