// SPDX-License-Identifier: Apache-2.0
// A line that moves a given number of bytes a tick, and a host that goes away for a while: what is
// lost, what is announced, and what the numbers are, under both policies.
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "capture/stream_ledger.hpp"
#include "device_bench.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

constexpr std::uint32_t period_us = 1000;
constexpr std::uint32_t steps = 600;
constexpr std::uint32_t never = 0xFFFFFFFFU;

/// Time moves only when the test says so; a line's buffer of half a kilobyte.
class LinePort : public HostPort<4096, 512> {
public:
    LinePort() : HostPort(HostTime::manual) {}
};

Parameters<float> noisy_run() {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.steps = steps;
    parameters.state_every = 1;
    parameters.digest_every = 10;
    return parameters;
}

/// Ticks from `begin` to `end` in which the host takes nothing.
struct Absence {
    std::uint32_t begin = never;
    std::uint32_t end = never;
};

struct Outcome {
    host::StreamLedger ledger;
    stream::FrameCounters counters;
    std::map<Kind, std::uint32_t> frames;
    std::uint32_t ticks = 0; ///< until the END was read
    std::uint32_t missed = 0;
    std::uint32_t dropped = 0;
    std::uint32_t last_step = 0;
    std::uint64_t digest = 0;
};

/// The host's side of a run: takes frames in, and grants credit for them.
class Reader {
public:
    void take(const ReceivedFrame& frame) {
        const stream::FrameHeader header{static_cast<std::uint8_t>(frame.kind), stream::schema_id,
                                         frame.sequence};
        outcome.ledger.observe({header, frame.payload});
        ++outcome.frames[frame.kind];
        stream::ByteReader payload(frame.payload);
        if (frame.kind == Kind::ticks) {
            (void)payload.get_bytes(8);
            outcome.missed = payload.get<std::uint32_t>();
        } else if (frame.kind == Kind::end) {
            (void)payload.get<std::uint8_t>();
            outcome.last_step = payload.get<std::uint32_t>();
            outcome.digest = payload.get<std::uint64_t>();
            (void)payload.get<std::uint64_t>();
            outcome.dropped = payload.get<std::uint32_t>();
            ended = true;
        }
    }

    [[nodiscard]] std::uint32_t credit() const {
        std::uint32_t data = 0;
        for (const Kind kind : {Kind::state, Kind::digest, Kind::timing, Kind::ticks}) {
            const auto found = outcome.frames.find(kind);
            data += found == outcome.frames.end() ? 0 : found->second;
        }
        constexpr std::uint32_t window = 8;
        return data + window;
    }

    Outcome outcome;
    bool ended = false;
};

Outcome run_over(std::size_t bytes_a_tick, stream::Delivery delivery, Absence absence = {}) {
    DeviceBench<Model, 2048, LinePort> bench;
    (void)bench.settle();
    bench.configure(1, noisy_run(), {.delivery = delivery, .period_us = period_us});
    (void)bench.settle();
    bench.command(Kind::start, 2);
    Reader reader;
    for (std::uint32_t tick = 0; !reader.ended && tick < 200000; ++tick) {
        for (int pass = 0; pass < 8; ++pass) {
            bench.device().pass();
        }
        bench.port().advance(std::uint64_t{period_us} * 1000);
        std::vector<ReceivedFrame> frames;
        const bool away = tick >= absence.begin && tick < absence.end;
        if (!away && bench.drain(frames, bytes_a_tick)) {
            for (const ReceivedFrame& frame : frames) {
                reader.take(frame);
            }
            if (delivery == stream::Delivery::lossless && !frames.empty()) {
                bench.credit(reader.credit());
            }
        } else if (!away && tick == 0) {
            bench.credit(reader.credit());
        }
        reader.outcome.ticks = tick;
    }
    EXPECT_TRUE(reader.ended);
    reader.outcome.counters = bench.counters();
    return reader.outcome;
}

/// What must hold however slow the line is.
void expect_closed_books(const Outcome& run) {
    EXPECT_TRUE(run.ledger.closes());
    EXPECT_TRUE(run.counters.clean()) << "a frame came in part";
    EXPECT_EQ(run.ledger.lost(), run.ledger.announced());
    EXPECT_EQ(run.ledger.lost(), run.dropped);
    EXPECT_EQ(run.last_step, steps);
    EXPECT_EQ(run.frames.at(Kind::timing), observe::step_phases);
}

void print(const char* policy, std::size_t speed, Outcome run) {
    std::printf("%s, %zu bytes a tick: %u states of %u, %u frames dropped in %llu gaps, %u ticks "
                "missed\n",
                policy, speed, run.frames[Kind::state], steps + 1, run.dropped,
                static_cast<unsigned long long>(run.ledger.gaps()), run.missed);
}

// A state takes 115 bytes on the line and every tenth step a digest 32, so that a tick makes 118.
constexpr std::size_t fast_enough = 118;
constexpr std::array<std::size_t, 5> speeds{10, 60, 100, 140, 1000};

TEST(SlowLink, RealtimeLosesWholeFramesAndAnnouncesEachLoss) {
    const std::uint64_t digest = run_over(1000, stream::Delivery::realtime).digest;
    for (const std::size_t speed : speeds) {
        const Outcome run = run_over(speed, stream::Delivery::realtime);
        print("realtime", speed, run);
        expect_closed_books(run);
        EXPECT_EQ(run.digest, digest);
        EXPECT_EQ(run.missed, 0U) << "the tick waited for the line";
        EXPECT_EQ(run.dropped > 0, speed < fast_enough) << "at " << speed;
        const std::uint32_t data = steps + 1 + steps / 10 + 1;
        EXPECT_EQ(run.frames.at(Kind::state) + run.frames.at(Kind::digest) + run.dropped, data);
    }
}

TEST(SlowLink, LosslessLosesNothingAndWaits) {
    const std::uint64_t digest = run_over(1000, stream::Delivery::realtime).digest;
    for (const std::size_t speed : speeds) {
        const Outcome run = run_over(speed, stream::Delivery::lossless);
        print("lossless", speed, run);
        expect_closed_books(run);
        EXPECT_EQ(run.digest, digest);
        EXPECT_EQ(run.dropped, 0U);
        EXPECT_EQ(run.frames.at(Kind::state), steps + 1);
        EXPECT_EQ(run.frames.at(Kind::digest), steps / 10 + 1);
        EXPECT_EQ(run.missed > 0, speed < fast_enough) << "at " << speed;
    }
}

TEST(SlowLink, AHostThatGoesAwayMissesOnlyWhatIsAnnounced) {
    constexpr Absence absence{.begin = 100, .end = 400};
    const Outcome realtime = run_over(1000, stream::Delivery::realtime, absence);
    print("realtime, host away for 300 ticks", 1000, realtime);
    expect_closed_books(realtime);
    EXPECT_EQ(realtime.missed, 0U);
    EXPECT_GT(realtime.dropped, 270U);

    const Outcome lossless = run_over(1000, stream::Delivery::lossless, absence);
    print("lossless, host away for 300 ticks", 1000, lossless);
    expect_closed_books(lossless);
    EXPECT_EQ(lossless.dropped, 0U);
    EXPECT_GT(lossless.missed, 270U);
    EXPECT_EQ(lossless.digest, realtime.digest);
}

} // namespace
} // namespace tinymf::firmware
