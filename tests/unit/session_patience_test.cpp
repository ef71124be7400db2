// SPDX-License-Identifier: Apache-2.0
// How long a session waits for a device: for an answer, for news before it asks, for progress of
// the run before it gives up. By the device's own clock, to the millisecond.
#include "device/session.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "experiment/parameter_bytes.hpp"
#include "unit/timed_device.hpp"

namespace tinymf::host {
namespace {

using namespace std::chrono_literals;
using firmware::RunState;
using std::chrono::milliseconds;
using stream::Kind;
using test::Bytes;
using test::Command;
using test::Fields;
using test::TimedDevice;

using Act = std::function<void()>;

/// Its run goes on only as far as it says so; it answers every question, up to the hundredth.
struct RunningDevice : TimedDevice {
    RunningDevice() {
        on[Kind::query_status] = [this](const Command& command) {
            questions.push_back(time());
            acknowledge(command);
            tell_status(RunState::running, status_at(questions.size()));
            if (questions.size() == 100) {
                end();
            }
        };
    }

    /// The outcome of a session whose device does this at START, when its clock begins.
    std::string outcome(const Act& run, const SessionOptions& options,
                        const std::string& more = "") {
        on[Kind::start] = [this, run](const Command& command) {
            begin_clock();
            acknowledge(command);
            run();
        };
        return test::outcome_of(*this, options, test::scripted_experiment(more));
    }
    std::string outcome(const Act& run) { return outcome(run, options()); }

    /// The first frame at once, the others one interval after another, and END behind them.
    std::string outcome_of_saying(milliseconds interval, const std::vector<Act>& frames) {
        return outcome([this, interval, &frames] {
            milliseconds at = 0ms;
            for (const Act& say : frames) {
                later(at, say);
                at += interval;
            }
            later(at, [this] { end(); });
        });
    }

    Act digest(std::uint32_t step) {
        return frame(Kind::digest, Fields().put(step).put(std::uint64_t{0}).put(std::uint64_t{0}));
    }
    Act state(std::uint32_t step, std::uint8_t replica, std::uint16_t first) {
        return frame(Kind::state, Fields().put(step).put(replica).put(first).put(0.0F));
    }
    Act observe(std::uint32_t step, std::uint8_t array, std::uint32_t first) {
        return frame(Kind::observe, Fields().put(array).put(step).put(first).put(0.0F));
    }
    Act row(std::uint32_t step, std::uint8_t array, std::uint32_t first) {
        constexpr std::uint8_t population = 0;
        return frame(Kind::row, Fields().put(array).put(population).put(step).put(first).put(0.0F));
    }
    Act frame(Kind kind, const Fields& fields) {
        return [this, kind, bytes = fields.bytes()] { say(kind, bytes); };
    }

    std::vector<milliseconds> questions; ///< when it was asked how it does
    /// The step that it tells at the n-th question, from 1.
    std::function<std::uint32_t(std::size_t)> status_at = [](std::size_t) { return 0U; };
};

std::string stalled_at(std::uint32_t step) {
    return "4: x.toml: the device answers, but its run does not go on (last step seen: " +
           std::to_string(step) + ")";
}

/// Whatever else the device says meanwhile.
TEST(Patience, WithAnAnswerIsOneLimitForEachOfFiveAttempts) {
    for (const bool talks : {false, true}) {
        TimedDevice device;
        std::vector<milliseconds> attempts;
        device.on[Kind::configure] = [&](const Command&) {
            if (attempts.empty()) {
                device.begin_clock();
            }
            attempts.push_back(device.time());
            for (milliseconds at = 25ms; talks && at <= 100ms; at += 25ms) {
                device.later(at, [&device] { device.say(Kind::gap, Bytes(8)); });
            }
        };
        EXPECT_EQ(test::outcome_of(device, device.options()),
                  "4: x.toml: the device has fallen silent");
        EXPECT_EQ(attempts, (std::vector<milliseconds>{0ms, 100ms, 200ms, 300ms, 400ms}));
        EXPECT_EQ(device.time(), 500ms);
    }
}

/// What follows an answer at once may take as long as an answer.
TEST(Patience, LastsForWhatFollowsAnAnswer) {
    RunningDevice busy;
    bool configured = false;
    busy.on[Kind::configure] = [&](const Command& command) {
        configured ? busy.acknowledge(command) : busy.refuse(command, 3);
        configured = true;
    };
    busy.on[Kind::query_status] = [&](const Command& command) {
        busy.acknowledge(command);
        busy.later(99ms, [&busy] { busy.tell_status(RunState::running, 0); });
    };
    EXPECT_EQ(test::outcome_of(busy, busy.options()), "ended");
    EXPECT_EQ(busy.of(Kind::query_status).size(), 1U);
}

/// Silence is noticed every tenth of a second, so that a record gets to safety.
TEST(Patience, NoticesSilenceEveryTenthOfASecond) {
    RunningDevice device;
    SessionOptions options = device.options();
    options.answer_limit = 10s;
    device.on[Kind::start] = [&device](const Command& command) {
        device.acknowledge(command);
        device.later(350ms, device.digest(7));
        device.later(460ms, [&device] { device.end(); });
    };
    const Experiment experiment = test::scripted_experiment();
    Session session(experiment, device, options, [](std::span<const std::uint8_t>) {});
    std::vector<milliseconds> silences;
    device.begin_clock();
    session.on_silence([&] { silences.push_back(device.time()); });
    static_cast<void>(session.run());
    EXPECT_EQ(silences, (std::vector<milliseconds>{100ms, 200ms, 300ms, 450ms}));
    EXPECT_TRUE(device.questions.empty());
}

/// Nothing new for an answer limit, and the device is asked how it does. A later step of the run is
/// new; the same one, an earlier one, another piece of it, or one beyond the run is not.
TEST(Patience, BeforeAQuestionBeginsAnewWithALaterStep) {
    RunningDevice later, last, beyond, earlier, same, piece;
    const auto first_question = [](RunningDevice& device, const Act& first, const Act& second) {
        EXPECT_EQ(device.outcome_of_saying(50ms, {first, second, second, second, second, second}),
                  "ended");
        return device.questions.at(0);
    };
    EXPECT_EQ(first_question(later, later.digest(1), later.digest(2)), 150ms);
    EXPECT_EQ(first_question(last, last.digest(1), last.digest(50)), 150ms);
    EXPECT_EQ(first_question(beyond, beyond.digest(1), beyond.digest(51)), 100ms);
    EXPECT_EQ(first_question(earlier, earlier.digest(2), earlier.digest(1)), 100ms);
    EXPECT_EQ(first_question(same, same.digest(2), same.digest(2)), 100ms);
    EXPECT_EQ(first_question(piece, piece.state(1, 0, 0), piece.state(1, 0, 8)), 100ms);
}

/// An answer is new once, however often it is said.
TEST(Patience, BeforeAQuestionDoesNotBeginAnewWithARepeatedAnswer) {
    RunningDevice device;
    EXPECT_EQ(device.outcome([&device] {
        const Command start = device.of(Kind::start).front();
        for (milliseconds at = 50ms; at <= 300ms; at += 50ms) {
            device.later(at, [&device, start] { device.acknowledge(start); });
        }
        device.later(350ms, [&device] { device.end(); });
    }),
              "ended");
    EXPECT_EQ(device.questions, (std::vector<milliseconds>{100ms, 200ms, 300ms}));
}

/// Five answer limits, of a tenth of a second at least, and a tick.
TEST(Patience, WithARunThatStandsStillEnds) {
    const auto time = [](milliseconds answer_limit, std::uint32_t tick_us) {
        RunningDevice device;
        SessionOptions options = device.options();
        options.answer_limit = answer_limit;
        options.tick_period_us = tick_us;
        EXPECT_EQ(device.outcome([] {}, options), stalled_at(0));
        return device.time();
    };
    // It is looked at every 100 ms, and given up when more than the limit has passed.
    EXPECT_EQ(time(100ms, 0), 600ms);
    EXPECT_EQ(time(20ms, 0), 600ms);
    EXPECT_EQ(time(100ms, 100'000), 700ms);
    EXPECT_EQ(time(100ms, 99'999), 600ms);
    // Every 300 ms.
    EXPECT_EQ(time(250ms, 0), 1500ms);
}

/// END is heard though it comes when the run would be given up, before the answer to the question.
TEST(Patience, WithARunHearsItsEndAtTheLastMoment) {
    RunningDevice device;
    const auto answer = device.on[Kind::query_status];
    device.on[Kind::query_status] = [&](const Command& command) {
        if (device.time() >= 600ms) {
            device.end();
        }
        answer(command);
    };
    EXPECT_EQ(device.outcome([] {}), "ended");
    EXPECT_EQ(device.time(), 600ms);
}

/// Nobody is there to be asked: it may stand still for as long as whoever writes it.
TEST(Patience, WithARecordingHasNoEnd) {
    struct SlowRecording : TimedDevice {
        [[nodiscard]] bool takes_commands() const override { return false; }
    } recording;
    recording.introduce();
    Fields configuration;
    configuration.put(std::uint32_t{7}).put(std::uint8_t{0}).put(std::uint8_t{0});
    configuration.put(std::uint8_t{0}).put(std::uint32_t{0});
    for (const std::uint8_t byte : parameter_bytes(rounded_to_float(test::scripted_experiment()))) {
        configuration.put(byte);
    }
    recording.say(Kind::configuration, configuration.bytes());
    recording.later(1h, [&recording] { recording.say_digest(50); });
    recording.later(2h, [&recording] { recording.end(); });
    EXPECT_EQ(test::outcome_of(recording, recording.options()), "ended");
    EXPECT_EQ(recording.time(), 2h);
    EXPECT_TRUE(recording.commands.empty());
}

/// The third question, at 300 ms, is answered otherwise; the device is asked every 100 ms.
TEST(Patience, WithARunBeginsAnewWithALaterStepInStatus) {
    const auto time = [](const std::function<std::uint32_t(std::size_t)>& status_at) {
        RunningDevice device;
        device.status_at = status_at;
        EXPECT_EQ(device.outcome([] {}), stalled_at(0));
        return device.time();
    };
    EXPECT_EQ(time([](std::size_t n) { return n < 3 ? 0U : 1U; }), 900ms);
    EXPECT_EQ(time([](std::size_t n) { return n < 3 ? 0U : 50U; }), 900ms) << "the last step";
    EXPECT_EQ(time([](std::size_t n) { return n < 3 ? 0U : 51U; }), 600ms) << "beyond the run";
    EXPECT_EQ(time([](std::size_t n) { return 50U + static_cast<std::uint32_t>(n); }), 600ms);
    EXPECT_EQ(time([](std::size_t n) { return n % 2 == 1 ? 2U : 1U; }), 700ms) << "to and fro";
    RunningDevice device;
    device.status_at = [](std::size_t n) { return static_cast<std::uint32_t>(n) / 3; };
    EXPECT_EQ(device.outcome([] {}), "ended") << "a step every 300 ms";
}

/// Every piece of what a step tells is progress, though the device is asked meanwhile.
TEST(Patience, WithARunBeginsAnewWithEveryNewPieceOfData) {
    RunningDevice device;
    std::vector<Act> frames;
    for (const std::uint32_t step : {0U, 1U, 50U}) {
        for (const Act& piece :
             {device.state(step, 0, 0), device.state(step, 0, 8), device.state(step, 1, 0),
              device.observe(step, 1, 0), device.observe(step, 1, 9), device.observe(step, 2, 0),
              device.row(step, 1, 0), device.row(step, 1, 9), device.row(step, 2, 0),
              device.digest(step)}) {
            frames.push_back(piece);
        }
    }
    // If one were no progress, it would be given up 600 ms after the one before.
    EXPECT_EQ(device.outcome_of_saying(400ms, frames), "ended");
    EXPECT_GT(device.questions.size(), frames.size());
}

/// Nor with what came before, or is of no step of the run.
TEST(Patience, WithARunDoesNotBeginAnewWithRepeatedData) {
    const auto time = [](const std::function<std::vector<Act>(RunningDevice&)>& frames) {
        RunningDevice device;
        EXPECT_EQ(device.outcome_of_saying(50ms, frames(device)).substr(0, 58),
                  stalled_at(0).substr(0, 58));
        return device.time();
    };
    using Frames = std::vector<Act>;
    EXPECT_EQ(time([](RunningDevice& d) { return Frames(30, d.digest(3)); }), 600ms);
    EXPECT_EQ(time([](RunningDevice& d) { return Frames(30, d.state(3, 1, 8)); }), 600ms);
    EXPECT_EQ(time([](RunningDevice& d) { return Frames(30, d.observe(3, 2, 9)); }), 600ms);
    EXPECT_EQ(time([](RunningDevice& d) { return Frames(30, d.row(3, 2, 9)); }), 600ms);
    EXPECT_EQ(time([](RunningDevice& d) {
                  Frames frames;
                  for (std::uint32_t k = 0; k < 30; ++k) {
                      frames.push_back(d.digest(k % 2 == 0 ? 4 : 3));
                  }
                  return frames;
              }),
              600ms);
    EXPECT_EQ(time([](RunningDevice& d) {
                  Frames frames;
                  for (std::uint32_t k = 0; k < 30; ++k) {
                      frames.push_back(d.digest(51 + k));
                  }
                  return frames;
              }),
              600ms);
}

/// Each question of a controller takes ten seconds; 100 ms later the device says the next state.
std::string outcome_with_slow_controller(RunningDevice& device,
                                         const std::function<std::uint32_t(std::uint32_t)>& next) {
    const auto say_state = [&device](std::uint32_t step) {
        Fields fields;
        fields.put(step).put(std::uint8_t{0}).put(std::uint16_t{0});
        for (int i = 0; i < 16; ++i) {
            fields.put(0.0F);
        }
        device.say(Kind::state, fields.bytes());
    };
    SessionOptions options = device.options();
    int asked = 0;
    options.controller = [&](std::uint32_t step, std::span<const double>) {
        device.spend(10s);
        device.later(100ms, [&device, &next, say_state, step, last = ++asked == 6] {
            last ? device.end() : say_state(next(step));
        });
        return 0.0;
    };
    return device.outcome([&say_state] { say_state(3); }, options,
                          "[stimulus]\nkind = \"live\"\n[stream]\ndigest_every = 0\n");
}

TEST(Patience, WithARunIsNotSpentByItsController) {
    RunningDevice device;
    EXPECT_EQ(outcome_with_slow_controller(device, [](std::uint32_t step) { return step + 1; }),
              "ended");
    EXPECT_GT(device.time(), 60s);
    // A state that was there before is no progress, however long the controller thinks about it.
    RunningDevice repeating;
    EXPECT_EQ(outcome_with_slow_controller(repeating, [](std::uint32_t step) { return step; }),
              stalled_at(3));
}

} // namespace
} // namespace tinymf::host
