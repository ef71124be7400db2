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

std::uint64_t digest_in(const ReceivedFrame& end) {
    stream::ByteReader payload(end.payload);
    (void)payload.get<std::uint8_t>();
    (void)payload.get<std::uint32_t>();
    return payload.get<std::uint64_t>();
}

TEST(Application, StatusTellsWhereTheRunStands) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, short_run());
    bench.credit(1000);
    bench.command(Kind::step, 2,
                  [](stream::ByteWriter& payload) { payload.put(std::uint32_t{7}); });
    (void)bench.settle();
    bench.command(Kind::query_status, 3);
    const auto frame = find(bench.settle(), Kind::status);
    ASSERT_TRUE(frame.has_value());
    stream::ByteReader status(frame->payload);
    EXPECT_EQ(status.get<std::uint32_t>(), 7U) << "session";
    EXPECT_EQ(status.get<std::uint32_t>(), 3U) << "command";
    EXPECT_EQ(status.get<std::uint8_t>(), 3U) << "paused";
    EXPECT_EQ(status.get<std::uint32_t>(), 7U) << "step";
    EXPECT_EQ(status.get<std::uint32_t>(), 0U) << "dropped frames";
    EXPECT_EQ(status.get<std::uint32_t>(), 0U) << "missed ticks";
    EXPECT_EQ(status.get<std::uint32_t>(), 0U) << "stack, which the host does not own";
    auto direct = std::make_unique<experiment::Engine<Model>>();
    ASSERT_FALSE(checkpoint::configure(*direct, short_run()));
    for (int step = 0; step < 7; ++step) {
        direct->step();
    }
    EXPECT_EQ(status.get<std::uint64_t>(), direct->digest());
    EXPECT_TRUE(status.finished());
}

TEST(Application, StateFramesCarryEveryNeuronOfEveryReplica) {
    Bench bench;
    (void)bench.settle();
    auto parameters = short_run();
    parameters.replicas = 2;
    parameters.state_every = 20;
    bench.configure(1, parameters);
    bench.credit(1000);
    bench.command(Kind::start, 2);
    auto direct = std::make_unique<experiment::Engine<Model>>();
    ASSERT_FALSE(checkpoint::configure(*direct, parameters));
    std::uint32_t found = 0;
    for (const auto& frame : bench.settle()) {
        if (frame.kind != Kind::state) {
            continue;
        }
        while (direct->step_index() < 20 * (found / 2)) {
            direct->step();
        }
        stream::ByteReader payload(frame.payload);
        EXPECT_EQ(payload.get<std::uint32_t>(), direct->step_index());
        const auto replica = payload.get<std::uint8_t>();
        EXPECT_EQ(replica, found % 2);
        EXPECT_EQ(payload.get<std::uint16_t>(), 0U);
        direct->visit([&](const auto& model) {
            for (const float x : model.state(replica)) {
                EXPECT_EQ(payload.get<float>(), x);
            }
        });
        EXPECT_TRUE(payload.finished());
        ++found;
    }
    EXPECT_EQ(found, 4U) << "two replicas at steps 0 and 20";
}

TEST(Application, RefusesSettingsOfTheRunByName) {
    const auto refusal_of = [](std::uint8_t delivery, std::uint8_t deadline,
                               std::uint32_t period_us) {
        Bench bench;
        (void)bench.settle();
        bench.configure(1, short_run(),
                        {.delivery = static_cast<stream::Delivery>(delivery),
                         .deadline = static_cast<stream::DeadlinePolicy>(deadline),
                         .period_us = period_us});
        return answer_in(bench.settle());
    };
    const auto out_of_range = [](Field field) {
        return experiment::Refusal{RefusalCode::out_of_range, field};
    };
    EXPECT_EQ(refusal_of(1, 1, 1000000), experiment::Refusal{});
    EXPECT_EQ(refusal_of(2, 0, 0), out_of_range(Field::delivery));
    EXPECT_EQ(refusal_of(0, 2, 0), out_of_range(Field::deadline));
    EXPECT_EQ(refusal_of(0, 0, 1000001), out_of_range(Field::tick_period));
    EXPECT_EQ(refusal_of(0, 0, 1), experiment::Refusal{});
}

TEST(Application, StepTakesAtLeastOneStepAndNothingAfterItsNumber) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, short_run());
    (void)bench.settle();
    bench.command(Kind::step, 2,
                  [](stream::ByteWriter& payload) { payload.put(std::uint32_t{0}); });
    EXPECT_EQ(answer_in(bench.settle()),
              (experiment::Refusal{RefusalCode::out_of_range, Field::steps}));
    bench.command(Kind::step, 3, [](stream::ByteWriter& payload) {
        payload.put(std::uint32_t{1});
        payload.put(std::uint8_t{0});
    });
    EXPECT_EQ(answer_in(bench.settle()).code, RefusalCode::malformed);
    EXPECT_EQ(bench.device().state(), RunState::configured);
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

TEST(Application, ACommandRepeatedBehindALaterOneHasNoSecondEffect) {
    Bench bench;
    (void)bench.settle();
    bench.configure(1, short_run());
    (void)bench.settle();
    const auto three = [](stream::ByteWriter& payload) { payload.put(std::uint32_t{3}); };
    bench.credit(1000);
    for (const std::uint32_t number : {2U, 3U}) {
        bench.command(Kind::step, number, three);
        (void)bench.settle();
    }
    constexpr auto unknown = static_cast<Kind>(0x7F);
    for (const auto& [kind, number] : {std::pair{Kind::step, 1U}, std::pair{Kind::step, 2U},
                                       std::pair{unknown, 1U}, std::pair{Kind::step, 3U}}) {
        bench.command(kind, number, three);
        (void)bench.settle();
        EXPECT_EQ(bench.device().engine().step_index(), 6U) << number;
    }
    bench.command(Kind::step, 4, three);
    (void)bench.settle();
    EXPECT_EQ(bench.device().engine().step_index(), 9U);
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
