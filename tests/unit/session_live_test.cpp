// SPDX-License-Identifier: Apache-2.0
// Which states a controller is asked about, and when its answer goes to the device.
#include <bit>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "device/session.hpp"
#include "unit/scripted_device.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::Bytes;
using test::Command;
using test::Fields;
using test::ScriptedDevice;

constexpr std::string_view live = "[stimulus]\nkind = \"live\"\n";

/// STATE of some neurons, each with its number and a tenth of the step.
void say_state(ScriptedDevice& device, std::uint32_t step, std::uint8_t replica,
               std::uint16_t first, std::uint16_t count) {
    Fields fields;
    fields.put(step).put(replica).put(first);
    for (std::uint16_t i = first; i < first + count; ++i) {
        fields.put(static_cast<float>(i) + 0.25F * static_cast<float>(replica));
    }
    device.say(Kind::state, fields.bytes());
}

/// What a controller was asked, and what reached the device: "3:16" is a question about 16 neurons
/// at step 3, "3!" the answer to it.
struct Loop {
    std::vector<std::string> questions;
    std::vector<std::string> answers; ///< behind which frame: the number of data frames told
    std::vector<std::uint64_t> credits;
};

Loop closed(const std::function<void(ScriptedDevice&)>& run, const std::string& more = "",
            SessionOptions options = test::in_haste(), std::uint8_t replicas = 1) {
    Loop loop;
    ScriptedDevice device;
    device.replicas = replicas;
    device.on[Kind::start] = [&](const Command& command) {
        device.acknowledge(command);
        run(device);
        device.end();
    };
    options.controller = [&loop](std::uint32_t step, std::span<const double> x) {
        loop.questions.push_back(std::to_string(step) + ":" + std::to_string(x.size()));
        for (std::size_t i = 0; i < x.size(); ++i) {
            EXPECT_EQ(x[i], static_cast<double>(i)) << "the first replica's";
        }
        return static_cast<double>(step);
    };
    EXPECT_EQ(
        test::outcome_of(device, options, test::scripted_experiment(more + std::string(live))),
        "ended");
    for (const Command& command : device.commands) {
        if (command.kind == Kind::input) {
            EXPECT_EQ(command.arguments.size(), 4U);
            loop.answers.push_back(std::to_string(static_cast<int>(
                std::bit_cast<float>(static_cast<std::uint32_t>(command.get(0, 4))))));
        }
        if (command.kind == Kind::credit) {
            loop.credits.push_back(command.get(0, 4));
        }
    }
    return loop;
}

using Texts = std::vector<std::string>;
const std::string no_digests = "[stream]\ndigest_every = 0\n";

TEST(LiveLoop, AsksAboutWholeStatesBeforeTheLastStep) {
    const Loop loop = closed(
        [](ScriptedDevice& device) {
            say_state(device, 0, 0, 0, 16);
            say_state(device, 10, 0, 0, 8);
            say_state(device, 10, 0, 8, 8);
            say_state(device, 30, 0, 0, 8); // its second half was lost
            say_state(device, 40, 0, 0, 16);
            say_state(device, 49, 0, 0, 16);
            say_state(device, 50, 0, 0, 16); // no step follows
        },
        no_digests);
    EXPECT_EQ(loop.questions, (Texts{"0:16", "10:16", "40:16", "49:16"}));
    EXPECT_EQ(loop.answers, (Texts{"0", "10", "40", "49"}));
}

/// What is left of a state is not completed by another's.
TEST(LiveLoop, AsksAboutNoStateOfWhichAPieceWasLost) {
    const Loop first_lost = closed(
        [](ScriptedDevice& device) {
            say_state(device, 10, 0, 0, 16);
            say_state(device, 20, 0, 8, 8);
        },
        no_digests);
    EXPECT_EQ(first_lost.questions, Texts{"10:16"});
    EXPECT_EQ(first_lost.answers, Texts{"10"});
    const Loop middle_lost = closed(
        [](ScriptedDevice& device) {
            say_state(device, 10, 0, 0, 8);
            say_state(device, 20, 0, 8, 8);
            say_state(device, 30, 0, 0, 8);
            say_state(device, 30, 0, 8, 8);
        },
        no_digests);
    EXPECT_EQ(middle_lost.questions, Texts{"30:16"});
}

/// Every frame is waited for, so that no step overtakes its input.
TEST(LiveLoop, GivesCreditFrameByFrame) {
    const Loop loop = closed(
        [](ScriptedDevice& device) {
            say_state(device, 0, 0, 0, 16);
            device.say_digest(1);
            say_state(device, 10, 0, 0, 16);
        },
        no_digests);
    EXPECT_EQ(loop.credits, (std::vector<std::uint64_t>{1, 2, 3, 4}));
}

/// A chunk that cannot be read takes credit and says nothing.
TEST(LiveLoop, PassesOverAStateThatIsCut) {
    const Loop loop = closed(
        [](ScriptedDevice& device) {
            device.say(Kind::state, Bytes(9));
            say_state(device, 10, 0, 0, 16);
        },
        no_digests);
    EXPECT_EQ(loop.questions, Texts{"10:16"});
    EXPECT_EQ(loop.credits, (std::vector<std::uint64_t>{1, 2, 3}));
}

/// The order in which frames were told and answers came, with a device that notes both.
std::string order_of(const std::string& more, const SessionOptions& options, std::uint8_t replicas,
                     const std::vector<std::function<void(ScriptedDevice&)>>& frames) {
    ScriptedDevice device;
    device.replicas = replicas;
    std::string order;
    std::size_t next = 0;
    const auto go_on = [&] {
        if (next < frames.size()) {
            order += std::to_string(next);
            frames[next++](device);
        } else {
            device.end();
        }
    };
    device.on[Kind::start] = [&](const Command& command) {
        device.acknowledge(command);
        go_on();
    };
    bool started = false;
    device.on[Kind::credit] = [&](const Command&) {
        if (started) {
            go_on();
        }
        started = true;
    };
    device.on[Kind::input] = [&](const Command&) { order += "!"; };
    SessionOptions with_controller = options;
    with_controller.controller = [](std::uint32_t, std::span<const double>) { return 1.0; };
    EXPECT_EQ(test::outcome_of(device, with_controller,
                               test::scripted_experiment(more + std::string(live))),
              "ended");
    return order;
}

/// With the last frame of a step: the device has taken the next step by then.
TEST(LiveLoop, AnswersWithTheLastFrameOfAStep) {
    const auto state = [](std::uint32_t step, std::uint8_t replica, std::uint16_t first,
                          std::uint16_t count) {
        return [=](ScriptedDevice& device) { say_state(device, step, replica, first, count); };
    };
    const auto digest = [](std::uint32_t step) {
        return [=](ScriptedDevice& device) { device.say_digest(step); };
    };
    const SessionOptions haste = test::in_haste();
    EXPECT_EQ(order_of(no_digests, haste, 1, {state(3, 0, 0, 8), state(3, 0, 8, 8), digest(9)}),
              "01!2");
    const std::string every_three = "[stream]\ndigest_every = 3\n";
    EXPECT_EQ(order_of(every_three, haste, 1, {state(3, 0, 0, 16), digest(3)}), "01!");
    EXPECT_EQ(order_of(every_three, haste, 1, {state(4, 0, 0, 16), digest(6)}), "0!1");
    const std::string two = "replicas = 2\n" + no_digests;
    EXPECT_EQ(order_of(two, haste, 2,
                       {state(3, 0, 0, 16), state(3, 1, 0, 8), state(3, 1, 8, 8), digest(9)}),
              "012!3");
}

/// In real time it acts as soon as it arrives, and nobody gives credit.
TEST(LiveLoop, AnswersAtOnceInRealTime) {
    SessionOptions realtime = test::in_haste();
    realtime.delivery = stream::Delivery::realtime;
    const Loop loop = closed(
        [](ScriptedDevice& device) {
            say_state(device, 3, 0, 0, 16);
            say_state(device, 3, 1, 0, 16);
        },
        "replicas = 2\n[stream]\ndigest_every = 3\n", realtime, 2);
    EXPECT_EQ(loop.questions, Texts{"3:16"});
    EXPECT_EQ(loop.answers, Texts{"3"});
    EXPECT_TRUE(loop.credits.empty());
}

} // namespace
} // namespace tinymf::host
