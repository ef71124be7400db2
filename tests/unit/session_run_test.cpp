// SPDX-License-Identifier: Apache-2.0
// How a session follows a run: its steps and its silence, and how it ends.
#include "device/session.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "port/fault_record.hpp"
#include "unit/scripted_device.hpp"

namespace tinymf::host {
namespace {

using firmware::FaultCause;
using firmware::RunState;
using stream::EndReason;
using stream::Kind;
using test::Bytes;
using test::Command;
using test::Fields;
using test::in_haste;
using test::outcome_of;
using test::scripted_experiment;
using test::ScriptedDevice;

/// What a device says once it was started.
void after_start(ScriptedDevice& device, const std::function<void()>& run) {
    device.on[Kind::start] = [&device, run](const Command& command) {
        device.acknowledge(command);
        run();
    };
}

TEST(FollowedRun, TellsTheStepOfEveryFrameThatHasOne) {
    ScriptedDevice device;
    after_start(device, [&device] {
        device.say(Kind::state, Fields().put(std::uint32_t{3}).put(std::uint64_t{0}).bytes());
        device.say(
            Kind::observe,
            Fields().put(std::uint8_t{1}).put(std::uint32_t{4}).put(std::uint64_t{0}).bytes());
        device.say_digest(6);
        device.say(Kind::row, Fields()
                                  .put(std::uint8_t{1})
                                  .put(std::uint8_t{2}) // population
                                  .put(std::uint32_t{9})
                                  .put(std::uint32_t{0})
                                  .bytes());
        device.say(Kind::timing, Bytes(20, 1));
        device.end();
    });
    const Experiment experiment = scripted_experiment();
    Session session(experiment, device, in_haste(), [](std::span<const std::uint8_t>) {});
    std::vector<std::uint32_t> steps;
    session.on_step([&steps](std::uint32_t step) { steps.push_back(step); });
    int silences = 0;
    session.on_silence([&silences] { ++silences; });
    static_cast<void>(session.run());
    EXPECT_EQ(silences, 0) << "every frame was there at once";
    EXPECT_EQ(steps, (std::vector<std::uint32_t>{3, 4, 6, 2 * 51 + 9}));
}

TEST(FollowedRun, RecordsFromTheIntroductionOn) {
    ScriptedDevice device;
    const Experiment experiment = scripted_experiment();
    Bytes record;
    Session session(experiment, device, in_haste(), [&record](std::span<const std::uint8_t> bytes) {
        record.insert(record.end(), bytes.begin(), bytes.end());
    });
    static_cast<void>(session.run());
    std::vector<std::uint8_t> kinds;
    stream::FrameDecoder decoder;
    decoder.feed(record,
                 [&kinds](const stream::FrameView& frame) { kinds.push_back(frame.header.kind); });
    EXPECT_EQ(kinds, (std::vector<std::uint8_t>{0x01, 0x02, 0x20, 0x20, 0x20, 0x1F}));
}

/// Silence: the caller may flush, the credit is given once more, and the device is asked.
TEST(FollowedRun, AsksADeviceThatFellSilent) {
    ScriptedDevice device;
    after_start(device, [] {});
    int asked = 0;
    device.on[Kind::query_status] = [&](const Command& command) {
        device.acknowledge(command);
        device.tell_status(RunState::running, 3);
        if (++asked == 2) {
            device.end();
        }
    };
    const Experiment experiment = scripted_experiment();
    Session session(experiment, device, in_haste(), [](std::span<const std::uint8_t>) {});
    int silences = 0;
    session.on_silence([&silences] { ++silences; });
    EXPECT_EQ(session.run().reason, EndReason::completed);
    EXPECT_EQ(asked, 2);
    EXPECT_GE(silences, 1);
    EXPECT_EQ(device.of(Kind::credit).size(), 3U);
}

TEST(FollowedRun, TellsWhatEndedTheLine) {
    ScriptedDevice device;
    after_start(device, [&device] {
        device.say_digest(17);
        device.gone = true;
    });
    EXPECT_EQ(outcome_of(device), "4: x.toml: the line was closed (last step seen: 17)");
    ScriptedDevice unanswered; // though the run is over
    after_start(unanswered, [] {});
    unanswered.on[Kind::query_status] = [&unanswered](const Command&) {
        unanswered.end();
        unanswered.gone = true;
    };
    EXPECT_EQ(outcome_of(unanswered), "4: x.toml: the line was closed (last step seen: 0)");
    EXPECT_EQ(unanswered.of(Kind::query_status).size(), 1U);
    ScriptedDevice silent;
    after_start(silent, [] {});
    silent.on[Kind::query_status] = [](const Command&) {};
    EXPECT_EQ(outcome_of(silent), "4: x.toml: the device has fallen silent (last step seen: 0)");
    ScriptedDevice restarted;
    after_start(restarted, [&restarted] {
        restarted.say_digest(9);
        restarted.say_hello();
    });
    EXPECT_EQ(outcome_of(restarted),
              "4: x.toml: the device restarted in the middle of the run (last step seen: 9)");
    ScriptedDevice faulted;
    after_start(faulted, [&faulted] { faulted.end(EndReason::fault); });
    EXPECT_EQ(outcome_of(faulted),
              "4: x.toml: the board stopped the run with a fault (last step seen: 0)");
}

Bytes fault(FaultCause cause, std::uint32_t step, std::uint32_t index) {
    return Fields().put(static_cast<std::uint8_t>(cause)).put(step).put(index).bytes();
}

std::string failed_with(FaultCause cause, std::uint32_t index, std::uint32_t step = 17) {
    ScriptedDevice device;
    after_start(device, [&] {
        device.say(Kind::fault, fault(cause, step, index));
        device.end(EndReason::non_finite, step);
    });
    return outcome_of(device);
}

TEST(FailedRun, SaysWhichNumberFailedAndWhatToLower) {
    EXPECT_EQ(
        failed_with(FaultCause::not_finite, 3),
        "failed: x.toml: the state of neuron 3, replica 0, became NaN or infinite at step 17; "
        "lower model.dt or model.gain");
    EXPECT_EQ(failed_with(FaultCause::estimate_not_finite, 1U << 24U | 2U),
              "failed: x.toml: the estimate Cx, lag 2, became NaN or infinite at step 17; lower "
              "model.gain, model.dt or stream.observe_block");
    EXPECT_EQ(failed_with(FaultCause::row_not_finite, 1U << 24U | 2U),
              "failed: x.toml: the row of Cphi, column 2, became NaN or infinite at step 17; lower "
              "model.dt, model.gain or model.steps");
}

std::string stationary_failure(const std::string& model, std::uint32_t step, FaultCause cause) {
    const Experiment experiment =
        parse_experiment("schema = 1\n[model]\nkind = \"mean_field\"\nsteps = 50\n" + model +
                             "[mean_field]\nmethod = \"stationary\"\n",
                         "x.toml");
    ScriptedDevice device;
    device.model = experiment::ModelKind::mean_field;
    device.law = static_cast<std::uint8_t>(mean_field::Method::stationary);
    device.neurons = 0;
    after_start(device, [&] {
        device.say(Kind::fault, fault(cause, step, 0));
        device.end(EndReason::non_finite, step);
    });
    return outcome_of(device, in_haste(), experiment);
}

/// A stationary run whose very first row is no number has no stationary state.
TEST(FailedRun, WithoutAStationaryStateSaysSo) {
    EXPECT_EQ(
        stationary_failure("", 0, FaultCause::row_not_finite),
        "failed: x.toml: there is no stationary state, the variance grows without bound; lower "
        "model.gain");
    EXPECT_EQ(stationary_failure("activation = \"pade\"\n", 0, FaultCause::row_not_finite),
              "failed: x.toml: there is no stationary state, or its variance is too large for the "
              "series that stands for this Pade activation; lower model.gain or model.noise");
    EXPECT_EQ(stationary_failure("", 1, FaultCause::row_not_finite),
              "failed: x.toml: the row of Cx, column 0, became NaN or infinite at step 1; lower "
              "model.dt, model.gain or model.steps");
    EXPECT_EQ(stationary_failure("", 0, FaultCause::not_finite).find("stationary"),
              std::string::npos);
    EXPECT_EQ(failed_with(FaultCause::row_not_finite, 0, 0),
              "failed: x.toml: the row of Cx, column 0, became NaN or infinite at step 0; lower "
              "model.dt, model.gain or model.steps")
        << "of a network";
}

TEST(FailedRun, ByADeadlineNamesTheTick) {
    ScriptedDevice device;
    after_start(device, [&device] {
        Fields ticks;
        for (const std::uint32_t number : {1000U, 33U, 1U, 5U, 34U, 34U}) {
            ticks.put(number);
        }
        device.say(Kind::ticks, ticks.bytes());
        device.end(EndReason::missed_deadline, 33);
    });
    const Experiment experiment = scripted_experiment();
    Session session(experiment, device, in_haste(), [](std::span<const std::uint8_t>) {});
    const RunEnd end = session.run();
    ASSERT_TRUE(end.ticks);
    EXPECT_EQ(end.ticks->first_missed, 34U);
    EXPECT_EQ(session.failure(),
              "x.toml: tick 34 passed without a step, which ended the run after step 33; a "
              "longer --tick-ms fits, --deadline late goes on");
    ScriptedDevice without_ticks; // the frame that names it was lost
    after_start(without_ticks, [&] { without_ticks.end(EndReason::missed_deadline, 33); });
    EXPECT_EQ(outcome_of(without_ticks),
              "failed: x.toml: a tick passed without a step, which ended the run after step 33; a "
              "longer --tick-ms fits, --deadline late goes on");
    ScriptedDevice stopped;
    after_start(stopped, [&stopped] { stopped.end(EndReason::stopped, 33); });
    EXPECT_EQ(outcome_of(stopped), "ended");
    ScriptedDevice never;
    EXPECT_FALSE(
        Session(experiment, never, in_haste(), [](std::span<const std::uint8_t>) {}).failure());
}

} // namespace
} // namespace tinymf::host
