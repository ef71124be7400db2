// SPDX-License-Identifier: Apache-2.0
#include "app/application.hpp"

#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "device_bench.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::firmware {
namespace {

Parameters<float> short_run() {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.steps = 20;
    parameters.state_every = 5;
    parameters.digest_every = 10;
    return parameters;
}

std::uint64_t digest_of_direct_run(const Parameters<float>& parameters) {
    auto engine = std::make_unique<experiment::Engine<Model>>();
    EXPECT_FALSE(checkpoint::configure(*engine, parameters));
    while (!engine->finished()) {
        engine->step();
    }
    return engine->digest();
}

/// The first bytes of a checkpoint of a run at step 0.
CheckpointPiece first_piece(const Parameters<float>& parameters) {
    experiment::Engine<Model> engine;
    EXPECT_FALSE(checkpoint::configure(engine, parameters));
    const auto all = checkpoint::take(engine, 64);
    return {.total = static_cast<std::uint32_t>(all.size()),
            .bytes = {all.begin(), all.begin() + 60}};
}

std::uint64_t digest_in(const ReceivedFrame& end) {
    stream::ByteReader payload(end.payload);
    (void)payload.get<std::uint8_t>();
    (void)payload.get<std::uint32_t>();
    return payload.get<std::uint64_t>();
}

TEST(Application, IntroducesItself) {
    Bench bench;
    const auto frames = bench.settle();
    ASSERT_EQ(frames.size(), 2 + data_fields.size());
    EXPECT_EQ(frames[0].kind, Kind::hello);
    EXPECT_EQ(frames[1].kind, Kind::profile);
    for (std::size_t i = 0; i < frames.size(); ++i) {
        EXPECT_EQ(frames[i].sequence, i);
    }
    EXPECT_EQ(frames[1].payload.size(), 1U + 19U);
}

TEST(Application, RunsLosslesslyAsFarAsCreditGoes) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, short_run());
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::ack, Kind::configuration}));
    bench.command(Kind::start, 2);
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::ack}));
    bench.credit(3);
    // Step 0: state, digest. Step 5: state, then the credit is used up.
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::state, Kind::digest, Kind::state}));
    EXPECT_EQ(bench.device().engine().step_index(), 10U);
    bench.credit(2);
    EXPECT_TRUE(bench.settle().empty()) << "an older total must not take credit away or add any";
    bench.credit(100);
    const auto rest = bench.settle();
    std::vector expected{Kind::state, Kind::digest, Kind::state, Kind::state, Kind::digest};
    expected.insert(expected.end(), observe::step_phases, Kind::timing);
    expected.push_back(Kind::end);
    EXPECT_EQ(kinds(rest), expected);
    EXPECT_EQ(digest_in(rest.back()), digest_of_direct_run(short_run()));
    EXPECT_EQ(bench.device().state(), RunState::ended);
}

TEST(Application, RealtimeDropsWholeFramesAndSaysSo) {
    Bench bench;
    (void)bench.settle();
    auto parameters = short_run();
    parameters.steps = 20000;
    parameters.state_every = 1;
    bench.configure(1, parameters, {.delivery = stream::Delivery::realtime});
    (void)bench.settle();
    bench.command(Kind::start, 2);
    bench.settle_unread();
    const auto frames = bench.settle();
    ASSERT_EQ(frames.back().kind, Kind::end);
    EXPECT_EQ(digest_in(frames.back()), digest_of_direct_run(parameters));
    EXPECT_TRUE(bench.counters().clean());

    std::uint32_t announced = 0;
    std::uint32_t missing = 0;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        if (i > 0) {
            missing += frames[i].sequence - frames[i - 1].sequence - 1;
        }
        if (frames[i].kind == Kind::gap) {
            stream::ByteReader payload(frames[i].payload);
            (void)payload.get<std::uint32_t>();
            announced += payload.get<std::uint32_t>();
        }
    }
    EXPECT_GT(missing, 1000U);
    EXPECT_EQ(missing, announced);
    stream::ByteReader end(frames.back().payload);
    (void)end.get_bytes(1 + 4 + 8 + 8);
    EXPECT_EQ(end.get<std::uint32_t>(), announced);
}

TEST(Application, StepsPausesAndStopsWithoutChangingNumbers) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, short_run());
    bench.credit(1000);
    (void)bench.settle();
    const auto step = [](std::uint32_t steps) {
        return [steps](stream::ByteWriter& payload) { payload.put(steps); };
    };
    bench.command(Kind::step, 2, step(7));
    (void)bench.settle();
    EXPECT_EQ(bench.device().engine().step_index(), 7U);
    EXPECT_EQ(bench.device().state(), RunState::paused);
    bench.command(Kind::step, 3, step(6));
    (void)bench.settle();
    EXPECT_EQ(bench.device().engine().step_index(), 13U);
    bench.command(Kind::start, 4);
    const auto frames = bench.settle();
    ASSERT_EQ(frames.back().kind, Kind::end);
    EXPECT_EQ(digest_in(frames.back()), digest_of_direct_run(short_run()));

    bench.use_session(8);
    bench.configure(1, short_run());
    bench.credit(1000);
    bench.command(Kind::step, 2, step(3));
    (void)bench.settle();
    bench.command(Kind::stop, 3);
    const auto stopped = bench.settle();
    ASSERT_EQ(stopped.back().kind, Kind::end);
    EXPECT_EQ(static_cast<stream::EndReason>(stopped.back().payload[0]),
              stream::EndReason::stopped);
}

TEST(Application, ARepeatedCommandHasNoSecondEffect) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, short_run());
    (void)bench.settle();
    const auto three = [](stream::ByteWriter& payload) { payload.put(std::uint32_t{3}); };
    bench.credit(1000);
    bench.command(Kind::step, 2, three);
    (void)bench.settle();
    bench.command(Kind::step, 2, three);
    EXPECT_EQ(kinds(bench.settle()), (std::vector{Kind::ack}));
    EXPECT_EQ(bench.device().engine().step_index(), 3U);
    bench.command(Kind::step, 1, three);
    EXPECT_EQ(answer_in(bench.settle()).code, RefusalCode::stale);
    bench.use_session(9);
    bench.command(Kind::step, 5, three);
    EXPECT_EQ(answer_in(bench.settle()).code, RefusalCode::stale);
    EXPECT_EQ(bench.device().engine().step_index(), 3U);
}

TEST(Application, RefusesWithFieldAndRange) {
    Bench bench;
    (void)bench.settle();
    auto parameters = short_run();
    parameters.reciprocity = 1.5F;
    bench.configure(1, parameters);
    const auto frames = bench.settle();
    const auto nak = find(frames, Kind::nak);
    ASSERT_TRUE(nak.has_value());
    stream::ByteReader payload(nak->payload);
    EXPECT_EQ(payload.get<std::uint32_t>(), 7U);
    EXPECT_EQ(payload.get<std::uint32_t>(), 1U);
    EXPECT_EQ(static_cast<RefusalCode>(payload.get<std::uint8_t>()), RefusalCode::out_of_range);
    EXPECT_EQ(static_cast<Field>(payload.get<std::uint8_t>()), Field::reciprocity);
    EXPECT_EQ(payload.get<float>(), -1.0F);
    EXPECT_EQ(payload.get<float>(), 1.0F);
    EXPECT_TRUE(payload.finished());
    EXPECT_EQ(bench.device().state(), RunState::idle);
}

TEST(Application, LiveInputIsEchoedAtTheStepItActsOn) {
    Bench bench;
    (void)bench.settle();
    auto parameters = short_run();
    parameters.stimulus = model::StimulusKind::live;
    bench.configure(1, parameters);
    bench.credit(1000);
    const auto steps = [](stream::ByteWriter& payload) { payload.put(std::uint32_t{4}); };
    bench.command(Kind::step, 2, steps);
    (void)bench.settle();
    bench.command(Kind::input, 3, [](stream::ByteWriter& payload) { payload.put(0.25F); });
    const auto frames = bench.settle();
    const auto taken = find(frames, Kind::input_taken);
    ASSERT_TRUE(taken.has_value());
    stream::ByteReader payload(taken->payload);
    EXPECT_EQ(payload.get<std::uint32_t>(), 4U);
    EXPECT_EQ(payload.get<float>(), 0.25F);

    Bench without;
    (void)without.settle();
    without.configure(1, short_run());
    (void)without.settle();
    without.command(Kind::input, 2, [](stream::ByteWriter& payload) { payload.put(0.25F); });
    EXPECT_EQ(answer_in(without.settle()),
              (experiment::Refusal{RefusalCode::bad_combination, Field::stimulus_kind}));
}

TEST(Application, EveryCommandInEveryStateFollowsTheTable) {
    const auto reach = [](Bench& bench, RunState state) {
        (void)bench.settle();
        if (state == RunState::idle) {
            return;
        }
        auto parameters = short_run();
        parameters.steps = 1000000;
        parameters.state_every = 1;
        bench.configure(1, parameters);
        (void)bench.settle();
        if (state == RunState::configured) {
            return;
        }
        if (state == RunState::restoring) {
            bench.restore(2, first_piece(parameters));
            (void)bench.settle();
            return;
        }
        bench.command(Kind::start, 2);
        (void)bench.settle(); // without credit the run waits in its first step
        if (state == RunState::paused) {
            bench.command(Kind::pause, 3);
        } else if (state == RunState::ended) {
            bench.command(Kind::stop, 3);
        }
        (void)bench.settle();
    };
    for (const CommandRule& rule : command_rules) {
        for (std::size_t s = 0; s < run_states; ++s) {
            Bench bench;
            reach(bench, static_cast<RunState>(s));
            ASSERT_EQ(bench.device().state(), static_cast<RunState>(s));
            const std::uint64_t before = s == 0 ? 0 : bench.device().engine().digest();
            // An empty payload: allowed commands may find it malformed, but not out of place.
            if (s == 0) {
                bench.use_session(0);
            }
            bench.command(rule.command, 10);
            const bool in_place = answer_in(bench.settle()).code != RefusalCode::wrong_state;
            EXPECT_EQ(in_place, is_allowed(rule, static_cast<RunState>(s)))
                << "command " << static_cast<int>(rule.command) << " in state " << s;
            if (!in_place && s != 0) {
                EXPECT_EQ(bench.device().engine().digest(), before);
                EXPECT_EQ(bench.device().state(), static_cast<RunState>(s));
            }
        }
    }
}

TEST(Application, TestsItself) {
    Bench bench;
    (void)bench.settle();
    bench.use_session(0);
    bench.command(Kind::run_selftest, 1);
    const auto frames = bench.settle();
    EXPECT_EQ(kinds(frames), (std::vector{Kind::ack, Kind::selftest}));
    EXPECT_EQ(frames.back().payload[0], 1)
        << "expected functions 0x" << std::hex << experiment::run_self_test().functions
        << ", network 0x" << experiment::run_self_test().network;
}

TEST(Application, ANonFiniteStateEndsTheRunAtItsStep) {
    Bench bench;
    (void)bench.settle();
    auto parameters = short_run();
    parameters.activation = model::ActivationKind::linear;
    parameters.gain = 100.0F;
    parameters.dt = 1.0F;
    parameters.steps = 1000;
    bench.configure(1, parameters);
    bench.credit(100000);
    bench.command(Kind::start, 2);
    const auto frames = bench.settle();
    EXPECT_TRUE(find(frames, Kind::fault));
    ASSERT_FALSE(frames.empty());
    EXPECT_EQ(frames.back().kind, Kind::end);
    EXPECT_EQ(static_cast<stream::EndReason>(frames.back().payload[0]),
              stream::EndReason::non_finite);
    EXPECT_EQ(bench.device().state(), RunState::ended);
}

} // namespace
} // namespace tinymf::firmware
