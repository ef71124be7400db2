// SPDX-License-Identifier: Apache-2.0
#include "tinymf/experiment/engine.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::experiment {
namespace {

using Network = network::Network<float, 8, model::CouplingKind::gaussian>;
using Linear = mean_field::LinearClosure<float, 20>;
using Closure = mean_field::GaussianClosure<float, 20, 6>;
using Forward = mean_field::ForwardSampler<float, 20, 64>;
using Stationary = mean_field::StationaryRun<float, 16>;
using TestEngine = Engine<Network, Linear, Closure, Forward, Stationary>;

enum Profile : std::uint8_t { network_profile, linear, closure, forward, stationary };

Refusal configure(TestEngine& engine, std::uint8_t profile, const Parameters<float>& parameters) {
    std::array<std::uint8_t, 512> bytes{};
    stream::ByteWriter writer(bytes);
    write(writer, parameters);
    stream::ByteReader reader(writer.written());
    return engine.configure(profile, reader);
}

Parameters<float> parameters_for(Profile profile) {
    const auto activation =
        profile == linear ? model::ActivationKind::linear : model::ActivationKind::tanh;
    Parameters<float> parameters;
    static_cast<model::Parameters<float>&>(parameters) =
        mean_field::white_noise_run<float>(activation, 1.2, 0.0, 0.5, 19);
    if (profile == linear) {
        parameters.gain = 0.5F;
    }
    parameters.state_every = 5;
    return parameters;
}

std::uint64_t digest_of(Profile profile, const Parameters<float>& parameters) {
    const auto engine = std::make_unique<TestEngine>();
    EXPECT_FALSE(configure(*engine, profile, parameters));
    while (!engine->finished()) {
        engine->step();
        EXPECT_FALSE(engine->fault().found);
    }
    return engine->digest();
}

TEST(MeanFieldEngine, ProfilesTellMethodAndSize) {
    const auto& profiles = TestEngine::profiles;
    EXPECT_EQ(profiles[network_profile].kind, ModelKind::network);
    EXPECT_EQ(profiles[linear].method, mean_field::Method::linear);
    EXPECT_EQ(profiles[closure].method, mean_field::Method::gaussian_closure);
    EXPECT_EQ(profiles[forward].method, mean_field::Method::forward);
    EXPECT_EQ(profiles[stationary].method, mean_field::Method::stationary);
    EXPECT_EQ(profiles[closure].points, 20);
    EXPECT_EQ(profiles[forward].trajectories, 64U);
    EXPECT_EQ(profiles[forward].bytes, sizeof(Forward));
}

TEST(MeanFieldEngine, EveryMethodRunsAndRepeatsItself) {
    for (const Profile profile : {linear, closure, forward, stationary}) {
        const auto parameters = parameters_for(profile);
        EXPECT_EQ(digest_of(profile, parameters), digest_of(profile, parameters)) << int{profile};
        auto other = parameters;
        other.gain = 0.55F;
        EXPECT_NE(digest_of(profile, parameters), digest_of(profile, other)) << int{profile};
    }
}

TEST(MeanFieldEngine, OnlySampledMethodsDependOnTheSeed) {
    for (const Profile profile : {linear, closure, forward, stationary}) {
        const auto parameters = parameters_for(profile);
        auto other = parameters;
        other.seed = 2;
        EXPECT_EQ(digest_of(profile, parameters) != digest_of(profile, other), profile == forward);
    }
}

TEST(MeanFieldEngine, RefusesGridsThatAreTooShort) {
    const auto engine = std::make_unique<TestEngine>();
    for (const Profile profile : {linear, closure, forward}) {
        auto parameters = parameters_for(profile);
        parameters.steps = 20;
        EXPECT_EQ(configure(*engine, profile, parameters),
                  (Refusal{RefusalCode::bad_combination, Field::steps}));
        EXPECT_FALSE(engine->configured());
    }
}

TEST(MeanFieldEngine, PopulationsBelongToTheForwardSampler) {
    const auto engine = std::make_unique<TestEngine>();
    for (const Profile profile : {linear, closure, stationary}) {
        auto parameters = parameters_for(profile);
        parameters.replicas = 2;
        EXPECT_EQ(configure(*engine, profile, parameters),
                  (Refusal{RefusalCode::out_of_range, Field::populations}));
    }
    auto parameters = parameters_for(forward);
    parameters.replicas = 3;
    ASSERT_FALSE(configure(*engine, forward, parameters));
    EXPECT_EQ(engine->last_step(), 59U);
    std::vector<std::uint32_t> due;
    for (;;) {
        if (engine->state_is_due()) {
            due.push_back(engine->step_index());
        }
        if (engine->finished()) {
            break;
        }
        engine->step();
    }
    EXPECT_EQ(due, (std::vector<std::uint32_t>{0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55}));
    parameters.replicas = 3;
    EXPECT_EQ(configure(*engine, network_profile, parameters),
              (Refusal{RefusalCode::out_of_range, Field::replicas}));
}

/// No stationary state: the run faults instead of telling numbers.
TEST(MeanFieldEngine, AnUnstableStationaryStateIsAFault) {
    const auto engine = std::make_unique<TestEngine>();
    auto parameters = parameters_for(stationary);
    parameters.activation = model::ActivationKind::linear;
    ASSERT_FALSE(configure(*engine, stationary, parameters));
    EXPECT_TRUE(engine->fault().found);
}

/// An unstable linear closure grows until it overflows, and stops there.
TEST(MeanFieldEngine, AnUnstableGridRunStopsAtOverflow) {
    const auto engine = std::make_unique<TestEngine>();
    auto parameters = parameters_for(linear);
    parameters.gain = 100.0F;
    parameters.dt = 1.0F;
    ASSERT_FALSE(configure(*engine, linear, parameters));
    while (!engine->finished() && !engine->fault().found) {
        engine->step();
    }
    EXPECT_TRUE(engine->fault().found);
    EXPECT_LT(engine->step_index(), 19U);
}

TEST(MeanFieldEngine, StationaryRunTellsLagsAndExponent) {
    auto parameters = parameters_for(stationary);
    parameters.gain = 1.5F;
    parameters.noise = 1.0F;
    const auto rows = mean_field::run<Stationary>(parameters);
    EXPECT_NEAR(rows.Cx[0][0], 1.118095914705, 4e-6);
    EXPECT_NEAR(rows.Cx[10][0], .7064085361, 4e-6); // lag 1
    EXPECT_NEAR(rows.Rx[10][0], std::exp(-1.0), 1e-6);
    ASSERT_EQ(rows.lyapunov.size(), 1U);
    EXPECT_NEAR(rows.lyapunov[0], -.107252043, 1e-5);
}

} // namespace
} // namespace tinymf::experiment
