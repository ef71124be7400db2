// SPDX-License-Identifier: Apache-2.0
#include "port/host_port.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

using tinymf::firmware::BootFacts;
using tinymf::firmware::FaultCause;
using tinymf::firmware::HostPort;
using tinymf::firmware::HostReset;
using tinymf::firmware::HostTime;
using tinymf::firmware::HostWait;
using tinymf::firmware::ResetCause;

namespace {

std::vector<std::uint8_t> counting_bytes(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    std::ranges::generate(bytes, [n = 0]() mutable { return static_cast<std::uint8_t>(n++); });
    return bytes;
}

} // namespace

TEST(HostPort, MovesBytesInOrderAndStopsAtTheBound) {
    HostPort<64, 16> port;
    port.init();
    const auto bytes = counting_bytes(100);

    EXPECT_EQ(port.send(bytes), 64U);
    std::array<std::uint8_t, 100> seen{};
    EXPECT_EQ(port.read(seen), 64U);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.begin() + 64, seen.begin()));
    EXPECT_EQ(port.read(seen), 0U);

    EXPECT_EQ(port.write(bytes), 16U);
    EXPECT_EQ(port.write(bytes), 0U);
    EXPECT_EQ(port.receive(seen), 16U);
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.begin() + 16, seen.begin()));
}

TEST(HostPort, LeapingTimeMeetsEveryDeadlineThatNoCostDelays) {
    HostPort<> port{HostTime::leaping};
    port.init();
    for (std::uint32_t tick = 0; tick < 1000; ++tick) {
        const auto wake = port.wait(500, tick);
        ASSERT_EQ(wake.tick, tick + 1);
        ASSERT_EQ(wake.late, 0U);
    }
    EXPECT_EQ(port.cycles(), 500'000U);
}

TEST(HostPort, CostBeyondThePeriodShowsAsSkippedTickAndLateness) {
    HostPort<> port{HostTime::leaping};
    port.init();
    EXPECT_EQ(port.wait(500, 0).tick, 1U);
    port.advance(1200);
    const auto wake = port.wait(500, 1);
    EXPECT_EQ(wake.tick, 3U);
    EXPECT_EQ(wake.late, 200U);
}

TEST(HostPort, AnotherPeriodRestartsTheTicks) {
    HostPort<> port{HostTime::leaping};
    port.init();
    EXPECT_EQ(port.wait(500, 0).tick, 1U);
    EXPECT_EQ(port.wait(700, 0).tick, 1U);
    EXPECT_EQ(port.cycles(), 1200U);
}

TEST(HostPort, ManualTimeWaitsForNothingWhenSteppedByOneThread) {
    HostPort<> port{HostTime::manual};
    port.init();
    EXPECT_EQ(port.wait(500, 0).tick, 0U);
    port.advance(500);
    EXPECT_EQ(port.wait(500, 0).tick, 1U);
}

TEST(HostPort, ArrivedBytesEndAWaitBeforeItsTick) {
    HostPort<> port{HostTime::leaping};
    port.init();
    port.send(counting_bytes(1));
    EXPECT_EQ(port.wait(500, 0).tick, 0U);
    EXPECT_EQ(port.cycles(), 0U);
}

TEST(HostPort, FaultLeavesARecordForTheNextStartOnly) {
    HostPort<> port;
    EXPECT_EQ(port.init().reset_cause, ResetCause::power_on);
    port.progress.tick = 41;
    port.progress.phase = 3;
    EXPECT_THROW(port.fatal(FaultCause::not_finite, 7), HostReset);

    const BootFacts facts = port.init();
    EXPECT_EQ(facts.reset_cause, ResetCause::software);
    EXPECT_EQ(facts.boots, 2U);
    EXPECT_TRUE(is_sound(*facts.last_fault));
    EXPECT_EQ(facts.last_fault->cause, FaultCause::not_finite);
    EXPECT_EQ(facts.last_fault->detail, 7U);
    EXPECT_EQ(facts.last_fault->tick, 41U);
    EXPECT_EQ(facts.last_fault->phase, 3U);

    EXPECT_EQ(port.init().last_fault->cause, FaultCause::none);
}

TEST(HostPort, RestartLeavesNoRecord) {
    HostPort<> port;
    port.init();
    EXPECT_THROW(port.fatal(FaultCause::restart, 0), HostReset);
    EXPECT_EQ(port.init().last_fault->cause, FaultCause::none);
}

TEST(HostPort, EchoesAMebibyteToADeviceThatSleepsInItsOwnThread) {
    HostPort<256, 512> port{HostTime::manual, HostWait::blocks};
    std::thread device{[&port] {
        try {
            port.init();
            std::array<std::uint8_t, 100> bytes{};
            for (;;) {
                port.wait(0, 0);
                const std::size_t count = port.read(bytes);
                for (std::size_t sent = 0; sent < count;) {
                    sent += port.write(std::span{bytes}.subspan(sent, count - sent));
                    if (sent < count) {
                        port.wait(0, 0);
                    }
                }
            }
        } catch (const HostReset&) {
        }
    }};

    const auto sent = counting_bytes(1U << 20);
    std::vector<std::uint8_t> echoed(sent.size());
    std::size_t offered = 0;
    std::size_t received = 0;
    while (received < sent.size()) {
        offered += port.send(std::span{sent}.subspan(offered));
        if (!port.wait_for_output(std::chrono::seconds{10})) {
            break;
        }
        received += port.receive(std::span{echoed}.subspan(received));
    }
    port.stop();
    device.join();
    EXPECT_EQ(received, sent.size());
    EXPECT_EQ(echoed, sent);
}

TEST(HostPort, WallTimeTicksComeInTheirOrderAndNotEarly) {
    HostPort<> port{HostTime::wall, HostWait::blocks};
    port.init();
    const auto begin = std::chrono::steady_clock::now();
    std::uint32_t tick = 0;
    while (tick < 10) {
        const auto wake = port.wait(1'000'000, tick);
        ASSERT_GT(wake.tick, tick);
        tick = wake.tick;
    }
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{10});
}
