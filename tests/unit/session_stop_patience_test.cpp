// SPDX-License-Identifier: Apache-2.0
// How long a session waits for a device at a stop: for the pause, for the checkpoint, and for the
// restored run. By the device's own clock, to the millisecond.
#include "device/session.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "unit/pausing_device.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using firmware::RunState;
using std::chrono::milliseconds;
using stream::EndReason;
using stream::Kind;
using test::Bytes;
using test::checkpoint_of_step;
using test::Command;
using test::outcome_of;
using test::PausingDevice;

using Times = std::vector<milliseconds>;

/// It pauses some time after it was told to, from when on its clock counts.
struct SlowDevice : PausingDevice {
    explicit SlowDevice(milliseconds takes) {
        on[Kind::step] = [this, takes](const Command& command) {
            acknowledge(command);
            begin_clock();
            running = true;
            later(takes, [this, steps = command.get(0, 4)] {
                at += static_cast<std::uint32_t>(steps);
                running = false;
            });
        };
        on[Kind::query_status] = [this](const Command& command) {
            questions.push_back(time());
            acknowledge(command);
            tell_status(running ? RunState::running : RunState::paused, at);
        };
    }

    [[nodiscard]] SessionOptions options_with_input_at(std::uint32_t step) const {
        SessionOptions options = this->options();
        options.inputs = {{step, 1.0}};
        return options;
    }

    bool running = false;
    Times questions; ///< when it was asked whether it has paused
};

/// At first at once, then more and more rarely, down to every 64 ms.
TEST(StopPatience, DoublesBetweenQuestionsToASilentDevice) {
    SlowDevice device(300ms);
    EXPECT_EQ(outcome_of(device, device.options_with_input_at(5)), "ended");
    EXPECT_EQ(device.questions,
              (Times{0ms, 1ms, 4ms, 11ms, 26ms, 57ms, 120ms, 184ms, 248ms, 312ms}));
}

/// Five answer limits, without a sign of progress.
TEST(StopPatience, WithADeviceThatNeverPausesEnds) {
    SlowDevice device(1h);
    EXPECT_EQ(outcome_of(device, device.options_with_input_at(5)),
              "4: x.toml: the device answers, but its run does not go on (last step seen: 0)");
    // Questions are 64 ms apart by then; there was one at 440 ms.
    EXPECT_EQ(device.time(), 504ms);
}

/// Frames are taken as they come; a device that sends them all the time is asked after each answer
/// limit.
TEST(StopPatience, LetsADeviceSendWhatItHas) {
    SlowDevice device(3s);
    const auto step = device.on[Kind::step];
    device.on[Kind::step] = [&](const Command& command) {
        step(command);
        for (std::uint32_t k = 1; k <= 300; ++k) {
            device.later(k * 10ms, [&device, k] { device.say_digest(k / 6); });
        }
    };
    EXPECT_EQ(outcome_of(device, device.options_with_input_at(5)), "ended");
    Times expected{0ms, 1ms, 4ms, 17ms};
    for (milliseconds at = 120ms; at < 3s; at += 100ms) {
        expected.push_back(at);
    }
    expected.push_back(3064ms); // 64 ms behind the last frame
    EXPECT_EQ(device.questions, expected);
}

/// Nothing behind END is waited for, or taken.
TEST(StopPatience, EndsWithTheRun) {
    for (const milliseconds after : {0ms, 20ms}) {
        SlowDevice device(1h);
        const auto step = device.on[Kind::step];
        device.on[Kind::step] = [&](const Command& command) {
            step(command);
            device.later(after, [&device] {
                device.end(EndReason::stopped, 3);
                device.say_digest(7);
            });
        };
        const Experiment experiment = test::scripted_experiment();
        Session session(experiment, device, device.options_with_input_at(5),
                        [](std::span<const std::uint8_t>) {});
        session.on_step([](std::uint32_t step_seen) { ADD_FAILURE() << step_seen; });
        EXPECT_EQ(session.run().step, 3U);
        EXPECT_EQ(device.time(), after);
        EXPECT_TRUE(device.of(Kind::start).empty());
    }
}

/// A run that is over has no checkpoint; nothing is asked of it any more.
TEST(StopPatience, EndsWithARunThatIsOverBeforeItsCheckpoint) {
    PausingDevice device;
    device.on[Kind::snapshot] = [&device](const Command& command) {
        device.acknowledge(command);
        device.begin_clock();
        device.later(40ms, [&device] { device.end(EndReason::completed, 20); });
    };
    SessionOptions options = device.options();
    options.stop_at = 20;
    EXPECT_EQ(outcome_of(device, options), "ended");
    EXPECT_EQ(device.time(), 40ms);
    EXPECT_EQ(device.commands.back().kind, Kind::snapshot);
}

/// A device that takes 80 ms for a piece of a checkpoint, the first of them one byte, and talks
/// meanwhile; and 450 ms from one checkpoint to the next and to the end.
TEST(StopPatience, LastsWhileACheckpointGrows) {
    SlowDevice device(450ms);
    std::vector<std::string> story;
    const auto step = device.on[Kind::step];
    device.on[Kind::step] = [&](const Command& command) {
        story.push_back("step");
        step(command);
    };
    device.on[Kind::snapshot] = [&](const Command& command) {
        story.push_back("snapshot");
        device.acknowledge(command);
        const Bytes checkpoint = checkpoint_of_step(device.at);
        std::size_t first = 0;
        milliseconds at = 80ms;
        for (const std::size_t end : {1U, 16U, 32U, 48U, 64U}) {
            device.later(at, [&device, &story, checkpoint, first, end] {
                device.say_piece(checkpoint, first, end);
                if (end == checkpoint.size()) {
                    story.push_back("whole");
                }
            });
            device.later(at + 30ms, [&device] { device.say(Kind::gap, Bytes(8)); });
            first = end;
            at += 80ms;
        }
    };
    device.on[Kind::credit] = [&story](const Command&) {
        if (!story.empty() && story.back() == "snapshot") {
            story.push_back("credit"); // as if the last one were lost
        }
    };
    device.on[Kind::start] = [&](const Command& command) {
        story.push_back("start");
        device.acknowledge(command);
        device.later(450ms, [&device] { device.end(); });
    };
    SessionOptions options = device.options();
    options.snapshot_every = 20;
    EXPECT_EQ(outcome_of(device, options), "ended");
    EXPECT_EQ(story, (std::vector<std::string>{"step", "snapshot", "whole", "step", "snapshot",
                                               "whole", "start"}));
}

/// The rest of a checkpoint comes when the credit is given again, and takes its time.
TEST(StopPatience, LastsForTheRestOfACheckpointWhoseCreditWasLost) {
    PausingDevice device;
    Bytes checkpoint;
    device.on[Kind::snapshot] = [&](const Command& command) {
        device.acknowledge(command);
        checkpoint = checkpoint_of_step(device.at);
        device.say_piece(checkpoint, 0, 32);
    };
    device.on[Kind::credit] = [&](const Command&) {
        if (!checkpoint.empty()) {
            device.later(99ms, [&] { device.say_piece(checkpoint, 32, 64); });
        }
    };
    SessionOptions options = device.options();
    options.stop_at = 20;
    EXPECT_EQ(outcome_of(device, options), "ended");
    EXPECT_EQ(device.of(Kind::snapshot).size(), 1U);
    EXPECT_EQ(device.of(Kind::credit).size(), 2U);
}

/// The same first piece again and again is news once: the checkpoint is asked for five times, and
/// waited for twice each time, before and behind the credit.
TEST(StopPatience, EndsWithTheBeginningOfACheckpoint) {
    PausingDevice device;
    const Bytes checkpoint = checkpoint_of_step(20);
    std::function<void()> repeat = [&] {
        device.say_piece(checkpoint, 0, 32);
        device.later(30ms, repeat);
    };
    device.on[Kind::snapshot] = [&](const Command& command) {
        device.acknowledge(command);
        if (device.of(Kind::snapshot).size() == 1) {
            device.begin_clock();
            repeat();
        }
    };
    SessionOptions options = device.options();
    options.stop_at = 20;
    EXPECT_EQ(outcome_of(device, options),
              "4: x.toml: a checkpoint does not arrive whole (last step seen: 0)");
    EXPECT_EQ(device.of(Kind::snapshot).size(), 5U);
    EXPECT_LE(device.time(), 5 * (150ms + 120ms)) << "a limit ends with the next piece";
}

/// RESTORED may take as long as an answer.
TEST(StopPatience, LastsForTheRestoredRun) {
    PausingDevice device;
    device.on[Kind::restore] = [&device](const Command& command) {
        device.acknowledge(command);
        device.later(99ms, [&device] { device.say_restored(20); });
    };
    SessionOptions options = device.options();
    options.checkpoint = checkpoint_of_step(20);
    EXPECT_EQ(outcome_of(device, options), "ended");
    EXPECT_EQ(device.of(Kind::restore).size(), 1U);
}

} // namespace
} // namespace tinymf::host
