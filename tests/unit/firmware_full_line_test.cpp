// SPDX-License-Identifier: Apache-2.0
// Nothing overtakes what the host waits for on a line that is full.
#include "app/application.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "device_bench.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using Small = network::Network<float, 8, model::CouplingKind::gaussian>;

Parameters<float> quiet_run(std::uint32_t steps) {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.steps = steps;
    parameters.state_every = 0;
    parameters.digest_every = 0;
    return parameters;
}

/// 64 bytes at a time find room on the line.
using NarrowPort = HostPort<16384, 64>;
using Narrow = DeviceBench<Small, 1152, NarrowPort>;

/// Runs until nothing more comes, taking `most` bytes a turn.
std::vector<ReceivedFrame> sip(Narrow& bench, std::size_t most) {
    std::vector<ReceivedFrame> frames;
    for (int still = 0; still < 20; ++still) {
        const bool moved = bench.device().turn();
        if (bench.drain(frames, most) || moved) {
            still = 0;
        }
    }
    return frames;
}

/// Each command makes its answer and another frame pending. With the outbox full most of the time,
/// either waits for the other's room; a further command must wait for both.
TEST(FullLine, EveryAnswerIsWholeBeforeTheNextCommand) {
    auto parameters = quiet_run(50);
    parameters.stimulus = model::StimulusKind::live;
    experiment::Engine<Small> engine;
    ASSERT_FALSE(checkpoint::configure(engine, parameters));
    const auto bytes = checkpoint::take(engine, 64);
    for (const std::size_t most : {std::size_t{3}, std::size_t{17}, std::size_t{64}}) {
        Narrow bench;
        (void)sip(bench, 64);
        std::vector<Kind> expected;
        const auto expect = [&expected](std::initializer_list<Kind> list) {
            expected.insert(expected.end(), list);
        };
        for (std::uint32_t session = 1; session <= 40; ++session) {
            bench.use_session(session);
            bench.configure(1, parameters);
            expect({Kind::ack, Kind::configuration});
            bench.command(Kind::input, 2, [](stream::ByteWriter& payload) { payload.put(0.5F); });
            expect({Kind::ack, Kind::input_taken});
            bench.command(Kind::query_status, 3);
            expect({Kind::ack, Kind::status});
            bench.restore(
                4, {.first = 0, .total = static_cast<std::uint32_t>(bytes.size()), .bytes = bytes});
            expect({Kind::ack, Kind::restored});
            bench.command(Kind::query_status, 5);
            expect({Kind::ack, Kind::status});
            if (session % 8 == 0) {
                bench.command(Kind::run_selftest, 6);
                expect({Kind::ack, Kind::selftest});
                bench.command(Kind::query_status, 7);
                expect({Kind::ack, Kind::status});
            }
        }
        EXPECT_EQ(kinds(sip(bench, most)), expected) << most << " bytes a turn";
        EXPECT_TRUE(bench.counters().clean());
    }
}

/// A run under questions that keep its line full, with an input among them every 100 steps.
std::vector<ReceivedFrame> questioned_run(Narrow& bench, const Parameters<float>& parameters) {
    (void)sip(bench, 64);
    bench.configure(1, parameters, {.delivery = stream::Delivery::realtime});
    (void)sip(bench, 64);
    bench.command(Kind::start, 2);
    std::vector<ReceivedFrame> frames;
    std::uint32_t number = 2;
    std::uint32_t inputs = 0;
    while (!find(frames, Kind::end)) {
        (void)bench.device().turn();
        if (bench.device().engine().step_index() / 100 > inputs) {
            ++inputs;
            for (int question = 0; question < 20; ++question) {
                bench.command(Kind::query_status, ++number);
            }
            bench.command(Kind::input, ++number, [inputs](stream::ByteWriter& payload) {
                payload.put(static_cast<float>(inputs) / 16.0F);
            });
        }
        bench.drain(frames, 9);
    }
    return frames;
}

/// What INPUT_TAKEN says is what a second run needs to repeat the first, whenever it could be said.
TEST(FullLine, AnInputActsFromTheStepThatIsTold) {
    for (const std::uint32_t state_every : {0U, 1U}) {
        auto parameters = quiet_run(3000);
        parameters.stimulus = model::StimulusKind::live;
        parameters.state_every = state_every;
        Narrow bench;
        const auto frames = questioned_run(bench, parameters);
        experiment::Engine<Small> engine;
        ASSERT_FALSE(checkpoint::configure(engine, parameters));
        std::uint32_t taken = 0;
        for (const ReceivedFrame& frame : frames) {
            if (frame.kind == Kind::input_taken) {
                stream::ByteReader payload(frame.payload);
                checkpoint::run_to(engine, payload.get<std::uint32_t>());
                const auto value = payload.get_bytes(4);
                stream::ByteReader input(value);
                ASSERT_FALSE(engine.hold_input(input));
                ++taken;
            }
        }
        checkpoint::run_to(engine, parameters.steps);
        EXPECT_EQ(bench.device().engine().digest(), engine.digest());
        EXPECT_GT(taken, 10U);
        std::printf("%u inputs on a full line, states every %u\n", taken, state_every);
    }
}

} // namespace
} // namespace tinymf::firmware
