// SPDX-License-Identifier: Apache-2.0
// What notices a fault and what is told of it after the reset.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "device_bench.hpp"
#include "families/freestanding/watchdog.hpp"
#include "port/boot_facts.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

constexpr auto computing = static_cast<std::uint32_t>(observe::WorkPhase::mat_vec);
constexpr auto sleeping = static_cast<std::uint32_t>(observe::WorkPhase::idle);
constexpr auto commanded = static_cast<std::uint32_t>(observe::WorkPhase::receive);

/// Counts until the watchdog bites, looked at every 10 counts; 0 when it never does.
std::uint32_t counts_until_bite(Progress& progress, std::uint32_t rounds_every) {
    Watchdog watchdog;
    constexpr std::uint32_t start = 0xFFFFFF00U; // the counter runs over on the way
    for (std::uint32_t passed = 0; passed <= 5000; passed += 10) {
        if (rounds_every != 0 && passed % rounds_every == 0) {
            progress.rounds = progress.rounds + 1;
        }
        if (watchdog.bites(progress, start + passed)) {
            return passed;
        }
    }
    return 0;
}

TEST(Watchdog, BitesAStepThatLastsTooLong) {
    Progress progress{.tick = 0, .phase = computing, .rounds = 7, .patience = 1000};
    // The first look sees a round that it did not know.
    EXPECT_EQ(counts_until_bite(progress, 0), 1000U);
}

TEST(Watchdog, LeavesALoopAloneThatComesRound) {
    Progress progress{.tick = 0, .phase = computing, .rounds = 0, .patience = 1000};
    EXPECT_EQ(counts_until_bite(progress, 990), 0U);
    EXPECT_EQ(counts_until_bite(progress, 1010), 1000U);
}

TEST(Watchdog, LetsSleepAndCommandsLast) {
    for (const std::uint32_t phase : {sleeping, commanded}) {
        Progress progress{.tick = 0, .phase = phase, .rounds = 0, .patience = 1000};
        EXPECT_EQ(counts_until_bite(progress, 0), 0U);
    }
    Progress patient{.tick = 0, .phase = computing, .rounds = 0, .patience = 0};
    EXPECT_EQ(counts_until_bite(patient, 0), 0U);
}

TEST(Fault, TheLoopFeedsAndMarksItsPlace) {
    Bench bench;
    (void)bench.settle();
    const std::uint32_t rounds = bench.port().progress.rounds;
    for (int turn = 0; turn < 5; ++turn) {
        (void)bench.device().turn();
    }
    EXPECT_EQ(bench.port().progress.rounds, rounds + 5);
    EXPECT_GT(bench.port().progress.patience, 0U);
}

std::uint8_t reset_cause_in(const ReceivedFrame& hello) {
    stream::ByteReader payload(hello.payload);
    (void)payload.get_bytes(4);
    for (int text = 0; text < 3; ++text) {
        (void)payload.get_text();
    }
    (void)payload.get<std::uint32_t>();
    (void)payload.get_text();
    return payload.get<std::uint8_t>();
}

/// The record in the FAULT frame; nothing when there is no such frame.
std::optional<FaultRecord> record_in(const std::vector<ReceivedFrame>& frames) {
    const auto fault = find(frames, Kind::fault);
    constexpr std::size_t before_record = 9;
    if (!fault || fault->payload.size() != before_record + sizeof(FaultRecord)) {
        return {};
    }
    std::array<std::uint8_t, sizeof(FaultRecord)> bytes{};
    std::copy(fault->payload.begin() + before_record, fault->payload.end(), bytes.begin());
    return std::bit_cast<FaultRecord>(bytes);
}

TEST(Fault, IsToldAfterTheResetAndOnceMoreWhenAsked) {
    Bench bench;
    const auto first = bench.settle();
    EXPECT_EQ(reset_cause_in(first.front()), static_cast<std::uint8_t>(ResetCause::power_on));
    EXPECT_FALSE(record_in(first));

    auto parameters = Parameters<float>();
    parameters.steps = 50;
    bench.configure(1, parameters, {.delivery = stream::Delivery::realtime});
    bench.command(Kind::step, 2,
                  [](stream::ByteWriter& payload) { payload.put(std::uint32_t{9}); });
    (void)bench.settle();
    EXPECT_THROW(bench.port().fatal(FaultCause::bus_fault, 0xABCD), HostReset);
    bench.reset();

    const auto frames = bench.settle();
    EXPECT_EQ(reset_cause_in(frames.front()), static_cast<std::uint8_t>(ResetCause::software));
    const auto record = record_in(frames);
    ASSERT_TRUE(record);
    EXPECT_TRUE(is_sound(*record));
    EXPECT_EQ(record->cause, FaultCause::bus_fault);
    EXPECT_EQ(record->detail, 0xABCDU);
    EXPECT_EQ(record->tick, 8U); // the ninth step was the last to begin

    bench.use_session(0);
    bench.command(Kind::identify, 1);
    EXPECT_TRUE(record_in(bench.settle()));

    bench.reset();
    EXPECT_FALSE(record_in(bench.settle())) << "a record is told by the boot after it only";
}

} // namespace
} // namespace tinymf::firmware
