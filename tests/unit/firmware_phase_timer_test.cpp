// SPDX-License-Identifier: Apache-2.0
#include "app/phase_timer.hpp"

#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

/// A board whose counter goes on by itself with each reading, and as told.
struct CountingPort {
    static constexpr std::uint32_t cycles_per_second = 1000000;
    static constexpr std::uint32_t least_period = 1;
    static constexpr CounterUnit counter_unit = CounterUnit::core_cycles;
    Progress progress{};
    std::uint32_t now = 0;
    std::uint32_t cost_of_reading = 0;

    BootFacts init() { return {}; }
    std::uint32_t cycles() { return now += cost_of_reading; }
    Wake wait(std::uint32_t /*period*/, std::uint32_t /*tick*/) { return {}; }
    std::size_t write(std::span<const std::uint8_t> bytes) { return bytes.size(); }
    std::size_t read(std::span<std::uint8_t> /*bytes*/) { return 0; }
    void fatal(FaultCause /*cause*/, std::uint32_t /*detail*/) {}
};

struct Told {
    std::uint32_t count;
    std::uint32_t least;
    std::uint32_t most;
    std::uint64_t total;
    std::vector<std::uint32_t> histogram;
};

Told told(const PhaseStatistics& statistics) {
    const stream::TimingFrame frame = statistics.frame();
    return {.count = frame.samples,
            .least = frame.least,
            .most = frame.most,
            .total = frame.total,
            .histogram = {statistics.histogram.begin(), statistics.histogram.end()}};
}

TEST(PhaseStatistics, SampleOfEverySizeFallsIntoTheBinOfItsSignificantBits) {
    for (unsigned bits = 0; bits <= 32; ++bits) {
        const std::uint32_t most = bits == 0 ? 0 : 0xFFFFFFFFU >> (32 - bits);
        const std::uint32_t least = bits == 0 ? 0 : most - (most >> 1U);
        for (const std::uint32_t sample : {least, most}) {
            PhaseStatistics statistics;
            statistics.add(sample);
            const Told said = told(statistics);
            EXPECT_EQ(said.histogram[bits < 32 ? bits : 31], 1U) << sample;
            EXPECT_EQ(std::accumulate(said.histogram.begin(), said.histogram.end(), 0U), 1U);
        }
    }
}

TEST(PhaseStatistics, KeepsExtremesCountAndTotal) {
    EXPECT_EQ(told(PhaseStatistics{}).least, 0U) << "without samples there is no least";
    PhaseStatistics statistics;
    for (const std::uint32_t sample : {40U, 7U, 4000000000U, 4000000000U}) {
        statistics.add(sample);
    }
    const Told said = told(statistics);
    EXPECT_EQ(said.count, 4U);
    EXPECT_EQ(said.least, 7U);
    EXPECT_EQ(said.most, 4000000000U);
    EXPECT_EQ(said.total, 8000000047U);
}

TEST(PhaseStatistics, ABinStaysAtItsTop) {
    PhaseStatistics statistics;
    statistics.histogram[1] = 0xFFFFFFFEU;
    statistics.add(1);
    EXPECT_EQ(statistics.histogram[1], 0xFFFFFFFFU);
    statistics.add(1);
    EXPECT_EQ(statistics.histogram[1], 0xFFFFFFFFU);
}

std::vector<std::uint64_t> totals(const PhaseTimer<CountingPort>& timer) {
    std::vector<std::uint64_t> result;
    for (const PhaseStatistics& statistics : timer.statistics()) {
        result.push_back(statistics.total);
    }
    return result;
}

TEST(PhaseTimer, GivesEachPhaseTheTimeSpentInIt) {
    CountingPort port;
    PhaseTimer timer(port);
    timer.clear();
    timer.begin_step();
    const auto spend = [&](WorkPhase phase, std::uint32_t counts) {
        timer.enter(phase);
        EXPECT_EQ(port.progress.phase, static_cast<std::uint32_t>(phase));
        port.now += counts;
    };
    spend(WorkPhase::mat_vec, 100);
    spend(WorkPhase::activation, 20);
    spend(WorkPhase::mat_vec, 1);
    spend(WorkPhase::update, 3);
    spend(WorkPhase::observe, 5);
    spend(WorkPhase::pack, 7);
    spend(WorkPhase::send, 11);
    spend(WorkPhase::idle, 1000); // between steps
    timer.enter(WorkPhase::receive);
    timer.end_step();
    // In the order of the phases of a step: mat_vec, activation, update, observe, pack, send.
    EXPECT_EQ(totals(timer), (std::vector<std::uint64_t>{101, 20, 3, 5, 7, 11}));
    for (const PhaseStatistics& statistics : timer.statistics()) {
        EXPECT_EQ(told(statistics).count, 1U);
    }
    timer.end_step();
    EXPECT_EQ(told(timer.statistics().front()).count, 1U) << "no step was open";
}

TEST(PhaseTimer, TimeBeforeTheFirstStepIsNoSample) {
    CountingPort port;
    PhaseTimer timer(port);
    timer.clear();
    timer.enter(WorkPhase::send);
    port.now += 500;
    timer.enter(WorkPhase::idle);
    timer.begin_step();
    EXPECT_EQ(told(timer.statistics().back()).count, 0U);
    timer.enter(WorkPhase::send);
    port.now += 30;
    timer.enter(WorkPhase::idle);
    timer.begin_step(); // ends the step before
    EXPECT_EQ(told(timer.statistics().back()).count, 1U);
    EXPECT_EQ(told(timer.statistics().back()).total, 30U);
    timer.clear();
    EXPECT_EQ(told(timer.statistics().back()).count, 0U) << "a new run";
}

TEST(PhaseTimer, SubtractsWhatAnEmptyPhaseMeasures) {
    CountingPort port;
    port.cost_of_reading = 9;
    PhaseTimer timer(port);
    timer.clear();
    timer.begin_step();
    for (int entry = 0; entry < 10; ++entry) {
        timer.enter(WorkPhase::mat_vec);
        port.now += 50;
        timer.enter(WorkPhase::update);
    }
    timer.enter(WorkPhase::idle);
    timer.end_step();
    // A reading costs 9 counts, 64 trials and the reading that ends them 65 times 9; so ten entries
    // are taken to cost 10 * 65 * 9/64 = 91.4 counts, one more than their ten readings do.
    const std::uint64_t mat_vec = 10 * (50 + 9) - 91;
    EXPECT_EQ(totals(timer)[0], mat_vec);
    EXPECT_EQ(totals(timer)[2], 0U) << "less than nothing is nothing";
}

TEST(PhaseTimer, TheCounterMayWrap) {
    CountingPort port;
    port.now = 0xFFFFFFF0U;
    PhaseTimer timer(port);
    timer.clear();
    timer.begin_step();
    timer.enter(WorkPhase::mat_vec);
    port.now += 0x20U;
    timer.enter(WorkPhase::idle);
    timer.end_step();
    EXPECT_EQ(totals(timer)[0], 0x20U);
}

TEST(PhaseMarker, MarksThePhaseAndTellsNoTimes) {
    CountingPort port;
    PhaseMarker marker(port);
    marker.clear();
    marker.begin_step();
    marker.enter(WorkPhase::observe);
    marker.end_step();
    EXPECT_EQ(port.progress.phase, static_cast<std::uint32_t>(WorkPhase::observe));
    EXPECT_TRUE(marker.statistics().empty());
}

} // namespace
} // namespace tinymf::firmware
