// SPDX-License-Identifier: Apache-2.0
// A run in which a number becomes NaN or infinite says which, at which step, and ends in order: the
// step owes FAULT alone, then the closing frames and END.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "device_bench.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/observe/observed_network.hpp"
#include "tinymf/stream/byte_reader.hpp"

namespace tinymf::firmware {
namespace {

using Observed =
    observe::ObservedNetwork<network::Network<float, 16, model::CouplingKind::gaussian>, 8,
                             observe::Covariances::kept>;

constexpr std::uint32_t plenty = 1'000'000;

struct Told {
    std::vector<ReceivedFrame> frames;
    std::uint8_t cause = 0;
    std::uint32_t step = 0;
    std::uint32_t index = 0;
    std::uint8_t reason = 0;
    std::uint32_t end_step = 0;
};

/// Runs to the END and reads FAULT and END. Fails unless they close the run in order.
template <class M>
Told told_by(const Parameters<float>& parameters,
             stream::Delivery delivery = stream::Delivery::lossless) {
    DeviceBench<M> bench;
    (void)bench.settle();
    bench.configure(1, parameters, {.delivery = delivery});
    bench.credit(plenty);
    EXPECT_FALSE(answer_in(bench.settle()));
    bench.command(Kind::start, 2);
    Told told;
    told.frames = bench.settle();
    const auto fault = find(told.frames, Kind::fault);
    EXPECT_TRUE(fault.has_value());
    if (!fault) {
        return told;
    }
    EXPECT_EQ(fault->payload.size(), 9U);
    stream::ByteReader payload(fault->payload);
    told.cause = payload.get<std::uint8_t>();
    told.step = payload.get<std::uint32_t>();
    told.index = payload.get<std::uint32_t>();
    EXPECT_EQ(told.frames.back().kind, Kind::end);
    stream::ByteReader end(told.frames.back().payload);
    told.reason = end.get<std::uint8_t>();
    told.end_step = end.get<std::uint32_t>();
    EXPECT_EQ(bench.device().state(), RunState::ended);
    return told;
}

/// The step that a frame of the run speaks of; none for others.
std::optional<std::uint32_t> step_of(const ReceivedFrame& frame) {
    stream::ByteReader payload(frame.payload);
    switch (frame.kind) {
    case Kind::observe:
        (void)payload.get<std::uint8_t>();
        return payload.get<std::uint32_t>();
    case Kind::row:
        (void)payload.get<std::uint16_t>();
        return payload.get<std::uint32_t>();
    case Kind::state:
    case Kind::digest:
        return payload.get<std::uint32_t>();
    default:
        return {};
    }
}

void expect_orderly(const Told& told, FaultCause cause) {
    EXPECT_EQ(told.cause, static_cast<std::uint8_t>(cause));
    EXPECT_EQ(told.reason, static_cast<std::uint8_t>(stream::EndReason::non_finite));
    EXPECT_EQ(told.end_step, told.step);
    const auto fault = std::find_if(told.frames.begin(), told.frames.end(),
                                    [](const auto& frame) { return frame.kind == Kind::fault; });
    for (auto frame = told.frames.begin(); frame != told.frames.end(); ++frame) {
        if (const auto step = step_of(*frame)) {
            EXPECT_LT(*step, told.step) << "the step owes FAULT alone";
            EXPECT_TRUE(frame < fault);
        }
    }
}

Parameters<float> growing(observe::ObservableSet observables) {
    Parameters<float> p;
    p.activation = model::ActivationKind::linear;
    p.gain = 5.0F;
    p.dt = 0.5F;
    p.steps = 400;
    p.state_every = 1;
    p.digest_every = 1;
    p.observation = {.observables = observables, .sample_every = 1, .block = 8, .lags = 4};
    return p;
}

TEST(NonFinite, EveryEstimateIsNamedByItsArray) {
    using enum observe::Observable;
    for (const auto observable : {moments, autocorrelation, participation, covariance}) {
        for (const auto activation : {model::ActivationKind::linear, model::ActivationKind::relu}) {
            for (const std::uint8_t replicas : {std::uint8_t{1}, std::uint8_t{2}}) {
                auto p = growing(observe::set_of(observable));
                p.activation = activation;
                p.gain = activation == model::ActivationKind::relu ? 20.0F : 5.0F;
                p.replicas = replicas;
                const Told told = told_by<Observed>(p);
                expect_orderly(told, FaultCause::estimate_not_finite);
                const std::uint32_t array = told.index >> 24U;
                ASSERT_LT(array, observe::observed_arrays.size());
                EXPECT_LT(told.index & 0xFFFFFFU,
                          observe::size_of(static_cast<observe::ObservedArray>(array), 16, 4));
                std::printf("observable %d: estimate %s, element %u, at step %u\n",
                            static_cast<int>(observable),
                            std::string(observe::observed_arrays[array].name).c_str(),
                            told.index & 0xFFFFFFU, told.step);
            }
        }
    }
}

TEST(NonFinite, EndsARealtimeRunInOrderToo) {
    expect_orderly(told_by<Observed>(growing(observe::set_of(observe::Observable::moments)),
                                     stream::Delivery::realtime),
                   FaultCause::estimate_not_finite);
}

TEST(NonFinite, AStateIsNamedByReplicaAndNeuron) {
    auto p = growing(0);
    p.replicas = 2;
    bool second = false;
    for (p.seed = 1; p.seed <= 20; ++p.seed) {
        const Told told = told_by<Observed>(p);
        expect_orderly(told, FaultCause::not_finite);
        EXPECT_LT(told.index & 0xFFFFFFU, 16U);
        EXPECT_LT(told.index >> 24U, 2U);
        second = second || told.index >> 24U == 1;
    }
    EXPECT_TRUE(second) << "of twenty networks the second replica is the first to overflow in none";
}

template <class M>
void every_row_is_named(model::ActivationKind activation, float reciprocity) {
    Parameters<float> p;
    p.activation = activation;
    p.exponent = 4.0F;
    p.gain = 100.0F;
    p.reciprocity = reciprocity;
    p.noise = 100.0F;
    p.dt = 1.0F;
    p.steps = 39;
    p.state_every = 1;
    p.digest_every = 1;
    const Told told = told_by<M>(p);
    expect_orderly(told, FaultCause::row_not_finite);
    ASSERT_LT(told.index >> 24U, mean_field::two_time_names.size());
    EXPECT_LE(told.index & 0xFFFFFFU, told.step);
    std::printf("row %s, column %u, at step %u\n",
                std::string(mean_field::two_time_names[told.index >> 24U]).c_str(),
                told.index & 0xFFFFFFU, told.step);
}

TEST(NonFinite, EveryRowOfAMeanFieldIsNamedByItsArray) {
    using enum model::ActivationKind;
    every_row_is_named<mean_field::LinearClosure<float, 40>>(linear, 0.0F);
    every_row_is_named<mean_field::LinearClosure<float, 40>>(linear, 0.9F);
    every_row_is_named<mean_field::GaussianClosure<float, 40>>(linear, 0.0F);
    every_row_is_named<mean_field::GaussianClosure<float, 40>>(relu, 0.0F);
    every_row_is_named<mean_field::GaussianClosure<float, 40>>(power_law, 0.0F);
    every_row_is_named<mean_field::ForwardSampler<float, 40, 48>>(linear, 0.0F);
    every_row_is_named<mean_field::ForwardSampler<float, 40, 48>>(linear, 0.9F);
    every_row_is_named<mean_field::ForwardSampler<float, 40, 48>>(power_law, -0.5F);
}

TEST(NonFinite, AStateThatIsNoneIsARowAtStepZero) {
    Parameters<float> p;
    p.activation = model::ActivationKind::linear;
    p.gain = 1.5F;
    const Told told = told_by<mean_field::StationaryRun<float>>(p);
    expect_orderly(told, FaultCause::row_not_finite);
    EXPECT_EQ(told.step, 0U);
    EXPECT_EQ(told.index, 0U);
}

TEST(NonFinite, ASnapshotOfNothingEndsTheRun) {
    DeviceBench<mean_field::StationaryRun<float>> bench;
    (void)bench.settle();
    Parameters<float> p;
    p.activation = model::ActivationKind::linear;
    bench.configure(1, p);
    bench.credit(plenty);
    (void)bench.settle();
    bench.command(Kind::snapshot, 2);
    const auto frames = bench.settle();
    EXPECT_FALSE(answer_in(frames));
    EXPECT_FALSE(find(frames, Kind::checkpoint));
    EXPECT_TRUE(find(frames, Kind::fault));
    EXPECT_EQ(frames.back().kind, Kind::end);
}

using Narrow = mean_field::ForwardSampler<float, 20, 32, std::int16_t>;

Parameters<float> strong_noise() {
    Parameters<float> p;
    p.activation = model::ActivationKind::relu;
    p.gain = 0.5F;
    p.noise = 20.0F;
    p.dt = 0.1F;
    p.steps = 10;
    return p;
}

std::vector<ReceivedFrame> closing_frames(const Parameters<float>& parameters,
                                          std::uint64_t* count = nullptr) {
    DeviceBench<Narrow> bench;
    (void)bench.settle();
    bench.configure(1, parameters);
    bench.credit(plenty);
    bench.command(Kind::start, 2);
    auto frames = bench.settle();
    if (count != nullptr) {
        *count = bench.device().engine().saturation().count;
    }
    return frames;
}

TEST(Saturation, IsToldDirectlyBeforeTheEnd) {
    std::uint64_t counted = 0;
    const auto frames = closing_frames(strong_noise(), &counted);
    ASSERT_GT(frames.size(), 2U);
    EXPECT_EQ(frames.back().kind, Kind::end);
    const ReceivedFrame& saturation = frames[frames.size() - 2];
    ASSERT_EQ(saturation.kind, Kind::saturation);
    EXPECT_EQ(std::count_if(frames.begin(), frames.end(),
                            [](const auto& frame) { return frame.kind == Kind::saturation; }),
              1);
    stream::ByteReader payload(saturation.payload);
    EXPECT_EQ(payload.get<std::uint64_t>(), counted);
    const auto first_step = payload.get<std::uint32_t>();
    EXPECT_GE(first_step, 1U);
    EXPECT_LE(first_step, 10U);
    EXPECT_TRUE(payload.finished());
    EXPECT_GT(counted, 0U);
}

TEST(Saturation, FollowsTheTicks) {
    DeviceBench<Narrow> bench;
    (void)bench.settle();
    bench.configure(1, strong_noise(), {.period_us = 1000});
    bench.credit(plenty);
    bench.command(Kind::start, 2);
    std::vector<ReceivedFrame> frames;
    for (int tick = 0; tick < 20; ++tick) {
        const auto told = bench.settle();
        frames.insert(frames.end(), told.begin(), told.end());
        bench.device().rest();
    }
    ASSERT_GE(frames.size(), 3U);
    EXPECT_EQ(kinds({frames.end() - 3, frames.end()}),
              (std::vector{Kind::ticks, Kind::saturation, Kind::end}));
}

TEST(Saturation, OfARunThatFitsIsNotTold) {
    auto p = strong_noise();
    p.noise = 0.1F;
    const auto frames = closing_frames(p);
    EXPECT_EQ(frames.back().kind, Kind::end);
    EXPECT_FALSE(find(frames, Kind::saturation));
}

} // namespace
} // namespace tinymf::firmware
