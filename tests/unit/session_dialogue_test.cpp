// SPDX-License-Identifier: Apache-2.0
// What a session says to a device, command by command, and what it makes of the answers.
#include "device/session.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "experiment/parameter_bytes.hpp"
#include "port/boot_facts.hpp"
#include "unit/scripted_device.hpp"

namespace tinymf::host {
namespace {

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

std::vector<Kind> kinds_of(const std::vector<Command>& commands) {
    std::vector<Kind> kinds;
    for (const Command& command : commands) {
        kinds.push_back(command.kind);
    }
    return kinds;
}

TEST(Dialogue, IdentifiesConfiguresGivesCreditAndStarts) {
    ScriptedDevice device;
    SessionOptions options = in_haste();
    options.deadline = stream::DeadlinePolicy::stop;
    options.tick_period_us = 0x0403'0201;
    const Experiment experiment = scripted_experiment();
    Session session(experiment, device, options, [](std::span<const std::uint8_t>) {});
    const RunEnd end = session.run();
    EXPECT_EQ(end.reason, EndReason::completed);
    EXPECT_EQ(end.step, 50U);
    EXPECT_EQ(end.digest, 3U);
    EXPECT_EQ(end.couplings_digest, 4U);
    EXPECT_EQ(end.dropped_frames, 5U);
    EXPECT_FALSE(end.ticks);
    EXPECT_FALSE(session.failure());
    EXPECT_EQ(session.device().board, "board");
    EXPECT_EQ(kinds_of(device.commands),
              (std::vector{Kind::identify, Kind::configure, Kind::credit, Kind::start}));
    for (const Command& command : device.commands) {
        EXPECT_EQ(command.session, 7U);
    }
    EXPECT_EQ(device.commands[0].number, 1U);
    EXPECT_EQ(device.commands[1].number, 2U);
    EXPECT_EQ(device.commands[2].number, 0U) << "credit is no command to be answered";
    EXPECT_EQ(device.commands[3].number, 3U);
    const Command& configure = device.commands[1];
    EXPECT_EQ(configure.get(0, 1), 0U); // profile
    EXPECT_EQ(configure.get(1, 1), 0U); // lossless
    EXPECT_EQ(configure.get(2, 1), 1U); // stop
    EXPECT_EQ(configure.get(3, 4), 0x0403'0201U);
    EXPECT_EQ(Bytes(configure.arguments.begin() + 7, configure.arguments.end()),
              parameter_bytes(rounded_to_float(experiment)));
    EXPECT_EQ(device.commands[2].get(0, 4), 64U);
}

TEST(Dialogue, AsksAgainUntilTheIntroductionIsWhole) {
    for (int lost = 0; lost <= 5; ++lost) {
        ScriptedDevice device;
        int asked = 0;
        device.on[Kind::identify] = [&](const Command& command) {
            device.say_hello();
            if (asked++ >= lost) {
                device.say_profile();
            }
            device.acknowledge(command);
        };
        EXPECT_EQ(outcome_of(device), lost < 5
                                          ? "ended"
                                          : "4: x.toml: the device answers, but its introduction "
                                            "does not arrive whole");
        EXPECT_EQ(device.of(Kind::identify).size(),
                  static_cast<std::size_t>(std::min(lost, 4) + 1));
    }
    // A damaged PROFILE makes the whole introduction be asked for again.
    ScriptedDevice device;
    bool damaged = false;
    device.on[Kind::identify] = [&](const Command& command) {
        device.introduce();
        if (!damaged) {
            device.say(Kind::profile, Bytes{0, 1, 2});
            damaged = true;
        }
        device.acknowledge(command);
    };
    EXPECT_EQ(outcome_of(device), "ended");
    EXPECT_EQ(device.of(Kind::identify).size(), 2U);
}

/// What is left of one introduction is not completed by the next.
TEST(Dialogue, TakesAnIntroductionFromOneAnswer) {
    ScriptedDevice device;
    int asked = 0;
    device.on[Kind::identify] = [&](const Command& command) {
        ++asked;
        if (asked != 2) {
            device.say_hello();
        }
        if (asked != 1) {
            device.say_profile();
        }
        device.acknowledge(command);
    };
    EXPECT_EQ(outcome_of(device), "ended");
    EXPECT_EQ(asked, 3);
}

/// Noise with a right checksum is passed over.
TEST(Dialogue, PassesOverFramesThatAreCut) {
    ScriptedDevice device;
    device.on[Kind::identify] = [&](const Command& command) {
        device.introduce();
        device.say(Kind::hello, Bytes{9, 9, 9});
        device.say(Kind::ack, Bytes{1, 2});
        for (const std::uint32_t number : {command.number, command.number + 1}) {
            device.say(Kind::nak,
                       Fields().put(command.session).put(number).put(std::uint8_t{5}).bytes());
        }
        device.acknowledge(command);
    };
    EXPECT_EQ(outcome_of(device), "ended");
    EXPECT_EQ(device.of(Kind::identify).size(), 1U);
}

TEST(Dialogue, RefusesAnotherProtocol) {
    ScriptedDevice device;
    device.protocol = 2;
    EXPECT_EQ(outcome_of(device), "3: board speaks protocol 2 with features 0x0, this program 1 "
                                  "without; flash firmware of this version");
    ScriptedDevice features;
    features.features = 0x10;
    EXPECT_EQ(outcome_of(features), "3: board speaks protocol 1 with features 0x10, this program 1 "
                                    "without; flash firmware of this version");
}

TEST(Dialogue, RefusesAnotherArithmeticByItsModes) {
    const std::string head = "3: x.toml: the floating-point mode of board would change results: ";
    const auto outcome = [](std::uint32_t mode) {
        ScriptedDevice device;
        device.float_mode = mode;
        const std::string text = outcome_of(device);
        EXPECT_TRUE(text == "ended" || device.of(Kind::configure).empty());
        return text;
    };
    using namespace firmware::float_mode;
    EXPECT_EQ(outcome(0), "ended");
    EXPECT_EQ(outcome(flush_to_zero), head + "subnormal numbers become zero");
    EXPECT_EQ(outcome(default_nan), head + "NaNs lose their payload");
    EXPECT_EQ(outcome(other_rounding), head + "rounding is not to nearest");
    EXPECT_EQ(outcome(flush_to_zero | default_nan | other_rounding),
              head + "subnormal numbers become zero, NaNs lose their payload, rounding is not to "
                     "nearest");
}

/// Five times, each with the same number, so that a device knows a repetition.
TEST(Dialogue, RepeatsACommandWithoutAnAnswer) {
    for (int lost = 0; lost <= 5; ++lost) {
        ScriptedDevice device;
        int asked = 0;
        device.on[Kind::configure] = [&](const Command& command) {
            if (asked++ >= lost) {
                device.acknowledge(command);
            }
        };
        EXPECT_EQ(outcome_of(device),
                  lost < 5 ? "ended" : "4: x.toml: the device has fallen silent");
        const auto sent = device.of(Kind::configure);
        EXPECT_EQ(sent.size(), static_cast<std::size_t>(std::min(lost, 4) + 1));
        for (const Command& command : sent) {
            EXPECT_EQ(command.number, 2U);
        }
    }
    ScriptedDevice mute;
    mute.on[Kind::identify] = [](const Command&) {};
    EXPECT_EQ(outcome_of(mute), "4: x.toml: no answer: is the firmware running?");
}

TEST(Dialogue, WaitsForTheAnswerToItsOwnCommand) {
    ScriptedDevice device;
    device.on[Kind::configure] = [&](const Command& command) {
        Command other = command;
        other.session = 8;
        device.acknowledge(other);
        other = command;
        other.number = 1;
        device.acknowledge(other);
    };
    EXPECT_EQ(outcome_of(device), "4: x.toml: the device has fallen silent");
}

TEST(Dialogue, PassesRefusalsOnInWords) {
    const auto outcome = [](std::uint8_t code, std::uint8_t field) {
        ScriptedDevice device;
        device.on[Kind::configure] = [&](const Command& command) {
            device.refuse(command, code, field, 0.5F, 2.0F);
        };
        return outcome_of(device);
    };
    const auto gain = static_cast<std::uint8_t>(experiment::Field::gain);
    EXPECT_EQ(outcome(5, gain), "2: x.toml: model.gain: refused by board: out of range; must be "
                                "between 0.5 and 2");
    EXPECT_EQ(outcome(7, gain), "2: x.toml: model.gain: refused by board: impossible combination");
    EXPECT_EQ(outcome(7, 0), "4: x.toml: command refused by board: impossible combination");
    EXPECT_EQ(outcome(8, 35), "2: x.toml: stream.observe_window: refused by board: bad snapshot");
    EXPECT_EQ(outcome(8, 36), "4: x.toml: command refused by board: bad snapshot");
    EXPECT_EQ(outcome(9, 0), "4: x.toml: command refused by board: unknown reason");
    EXPECT_EQ(outcome(1, 0), "4: x.toml: command refused by board: malformed");
}

/// By the name of that session, whose last command STATUS tells.
TEST(Dialogue, StopsTheSessionThatAnotherHostLeft) {
    ScriptedDevice device;
    bool busy = true;
    device.on[Kind::configure] = [&](const Command& command) {
        busy ? device.refuse(command, 3) : device.acknowledge(command);
    };
    device.on[Kind::query_status] = [&](const Command& command) {
        device.acknowledge(command);
        device.say(Kind::status, Fields()
                                     .put(std::uint32_t{99})
                                     .put(std::uint32_t{41})
                                     .put(std::uint8_t{2})
                                     .put(std::array<std::uint32_t, 6>{})
                                     .bytes());
    };
    device.on[Kind::stop] = [&](const Command& command) {
        busy = false;
        device.acknowledge(command);
    };
    EXPECT_EQ(outcome_of(device), "ended");
    const auto stops = device.of(Kind::stop);
    ASSERT_EQ(stops.size(), 1U);
    EXPECT_EQ(stops[0].session, 99U);
    EXPECT_EQ(stops[0].number, 42U);
    const auto configured = device.of(Kind::configure);
    ASSERT_EQ(configured.size(), 2U);
    EXPECT_EQ(configured[0].arguments, configured[1].arguments);
}

/// Frames that an earlier session left on the line, whatever its experiment was: they neither
/// configure this one nor end its run.
TEST(Dialogue, PassesOverWhatAnEarlierSessionLeft) {
    const auto earlier = [](ScriptedDevice& device) {
        device.say(Kind::configuration, Bytes(40, 3));
        device.say_digest(50);
        device.end(EndReason::non_finite, 50);
    };
    ScriptedDevice device;
    device.on[Kind::identify] = [&](const Command& command) {
        earlier(device);
        device.introduce();
        earlier(device);
        device.acknowledge(command);
    };
    EXPECT_EQ(outcome_of(device), "ended");
    EXPECT_EQ(kinds_of(device.commands),
              (std::vector{Kind::identify, Kind::configure, Kind::credit, Kind::start}));
    EXPECT_EQ(device.of(Kind::credit).front().get(0, 4), 64U);
}

TEST(Dialogue, AsksForTheStatusFiveTimes) {
    ScriptedDevice device;
    device.on[Kind::configure] = [&](const Command& command) { device.refuse(command, 3); };
    device.on[Kind::query_status] = [&](const Command& command) { device.acknowledge(command); };
    EXPECT_EQ(outcome_of(device), "4: x.toml: the device does not tell its status");
    EXPECT_EQ(device.of(Kind::query_status).size(), 5U);
    // One that is cut says nothing.
    ScriptedDevice torn;
    torn.on[Kind::configure] = [&](const Command& command) { torn.refuse(command, 3); };
    torn.on[Kind::query_status] = [&](const Command& command) {
        torn.acknowledge(command);
        torn.say(Kind::status, Bytes(12));
    };
    EXPECT_EQ(outcome_of(torn), "4: x.toml: the device does not tell its status");
}

/// The credit that a device has after so many data frames.
std::vector<std::uint64_t> credits_after(const std::function<void(ScriptedDevice&)>& run,
                                         const SessionOptions& options = in_haste()) {
    ScriptedDevice device;
    device.on[Kind::start] = [&](const Command& command) {
        device.acknowledge(command);
        run(device);
        device.end();
    };
    EXPECT_EQ(outcome_of(device, options), "ended");
    std::vector<std::uint64_t> credits;
    for (const Command& command : device.of(Kind::credit)) {
        credits.push_back(command.get(0, 4));
    }
    return credits;
}

TEST(Credit, IsRenewedWhenHalfOfItIsUsed) {
    const auto digests = [](int count) {
        return [count](ScriptedDevice& device) {
            for (int k = 1; k <= count; ++k) {
                device.say_digest(static_cast<std::uint32_t>(k % 50));
            }
        };
    };
    using Credits = std::vector<std::uint64_t>;
    EXPECT_EQ(credits_after(digests(31)), (Credits{64}));
    EXPECT_EQ(credits_after(digests(32)), (Credits{64, 96}));
    EXPECT_EQ(credits_after(digests(63)), (Credits{64, 96}));
    EXPECT_EQ(credits_after(digests(64)), (Credits{64, 96, 128}));
    SessionOptions realtime = in_haste();
    realtime.delivery = stream::Delivery::realtime;
    EXPECT_TRUE(credits_after(digests(64), realtime).empty());
}

TEST(Credit, IsTakenByDataByUnknownKindsAndByWhatWasLost) {
    using Credits = std::vector<std::uint64_t>;
    const auto after = [](std::uint32_t lost, Kind kind, const Bytes& payload) {
        return credits_after([=](ScriptedDevice& device) {
            device.skip(lost);
            device.say(kind, payload);
        });
    };
    // 31 lost and one that came.
    for (const Kind data : {Kind::state, Kind::observe, Kind::row, Kind::digest, Kind::timing,
                            Kind::ticks, Kind::saturation, Kind::checkpoint, Kind::fault,
                            static_cast<Kind>(0x16), static_cast<Kind>(0x3F)}) {
        EXPECT_EQ(after(31, data, Bytes(12)), (Credits{64, 96})) << static_cast<int>(data);
        EXPECT_EQ(after(30, data, Bytes(12)), (Credits{64})) << static_cast<int>(data);
    }
    for (const Kind other :
         {Kind::gap, Kind::input_taken, Kind::selftest, Kind::restored, Kind::table}) {
        EXPECT_EQ(after(31, other, Bytes(12)), (Credits{64})) << static_cast<int>(other);
    }
    // More than a million frames are not lost at once: the device counts from elsewhere.
    EXPECT_EQ(after((1U << 20U) - 1U, Kind::digest, Bytes(20)), (Credits{64, (1U << 20U) + 64}));
    EXPECT_EQ(after(1U << 20U, Kind::digest, Bytes(20)), (Credits{64}));
}

/// However many frames a device has sent before, or was not heard to send.
TEST(Credit, BeginsBehindTheConfiguration) {
    ScriptedDevice device;
    device.skip(1000);
    device.on[Kind::configure] = [&device](const Command& command) {
        device.skip(100);
        device.acknowledge(command);
    };
    EXPECT_EQ(outcome_of(device), "ended");
    ASSERT_EQ(device.of(Kind::credit).size(), 1U);
    EXPECT_EQ(device.of(Kind::credit).front().get(0, 4), 64U);
}

/// END behind it, the credit is of no use.
TEST(Credit, IsNotGivenToARunThatIsOver) {
    const auto credits = credits_after([](ScriptedDevice& device) {
        device.skip(40);
        device.end();
    });
    EXPECT_EQ(credits, (std::vector<std::uint64_t>{64}));
}

} // namespace
} // namespace tinymf::host
