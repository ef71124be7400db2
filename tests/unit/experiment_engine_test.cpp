// SPDX-License-Identifier: Apache-2.0
#include "tinymf/experiment/engine.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::experiment {
namespace {

using Small = network::Network<float, 24, model::CouplingKind::gaussian>;
using Precise = network::Network<double, 7, model::CouplingKind::gaussian>;
using TestEngine = Engine<Small, Precise>;

template <class T>
std::vector<std::uint8_t> wire_of(const Parameters<T>& parameters) {
    std::array<std::uint8_t, 512> bytes{};
    stream::ByteWriter writer(bytes);
    write(writer, parameters);
    EXPECT_TRUE(writer.ok());
    return {writer.written().begin(), writer.written().end()};
}

template <class T>
Refusal configure(TestEngine& engine, std::uint8_t profile, const Parameters<T>& parameters) {
    const auto bytes = wire_of(parameters);
    stream::ByteReader reader(bytes);
    return engine.configure(profile, reader);
}

Parameters<float> noisy_parameters() {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.noise_kind = model::NoiseKind::colored;
    parameters.steps = 100;
    parameters.replicas = 2;
    return parameters;
}

TEST(Engine, RunsToTheLastStepAndRepeatsItself) {
    const auto first = std::make_unique<TestEngine>();
    const auto second = std::make_unique<TestEngine>();
    ASSERT_FALSE(configure(*first, 0, noisy_parameters()));
    ASSERT_FALSE(configure(*second, 0, noisy_parameters()));
    while (!first->finished()) {
        first->step();
        second->step();
    }
    EXPECT_EQ(first->step_index(), 100U);
    EXPECT_EQ(first->digest(), second->digest());
    EXPECT_EQ(first->couplings_digest(), second->couplings_digest());
}

TEST(Engine, ReconfiguringForgetsTheRunBefore) {
    const auto fresh = std::make_unique<TestEngine>();
    const auto reused = std::make_unique<TestEngine>();
    Parameters<double> other;
    ASSERT_FALSE(configure(*reused, 1, other));
    for (int i = 0; i < 17; ++i) {
        reused->step();
    }
    for (auto* engine : {fresh.get(), reused.get()}) {
        ASSERT_FALSE(configure(*engine, 0, noisy_parameters()));
        for (int i = 0; i < 50; ++i) {
            engine->step();
        }
    }
    EXPECT_EQ(fresh->digest(), reused->digest());
}

TEST(Engine, EveryParameterOfTheModelChangesTheDigest) {
    const auto digest_of = [](auto change) {
        auto parameters = noisy_parameters();
        change(parameters);
        const auto engine = std::make_unique<TestEngine>();
        EXPECT_FALSE(configure(*engine, 0, parameters));
        for (int i = 0; i < 20; ++i) {
            engine->step();
        }
        return engine->digest();
    };
    using P = Parameters<float>;
    const std::uint64_t plain = digest_of([](P&) {});
    EXPECT_EQ(plain, digest_of([](P& p) { p.state_every = 3; }));
    EXPECT_EQ(plain, digest_of([](P& p) { p.digest_every = 7; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.activation = model::ActivationKind::erf; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.gain = 1.25F; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.reciprocity = 0.5F; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.noise = 0.25F; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.noise_kind = model::NoiseKind::white; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.noise_time = 2.0F; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.dt = 0.0625F; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.integrator = model::IntegratorKind::heun; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.seed = 2; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.seed += std::uint64_t{1} << 32U; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.initial = model::InitialKind::uniform; }));
    EXPECT_NE(plain, digest_of([](P& p) { p.initial_scale = 0.5F; }));
    EXPECT_NE(plain, digest_of([](P& p) {
                  p.stimulus = model::StimulusKind::constant;
                  p.stimulus_amplitude = 1.0F;
              }));
    EXPECT_NE(plain, digest_of([](P& p) { p.replicas = 1; }));
}

TEST(Engine, RefusesAsAWholeAndKeepsThePresentModel) {
    const auto engine = std::make_unique<TestEngine>();
    ASSERT_FALSE(configure(*engine, 0, noisy_parameters()));
    engine->step();
    const std::uint64_t before = engine->digest();

    auto bad = noisy_parameters();
    bad.gain = 100.5F;
    EXPECT_EQ(configure(*engine, 0, bad), (Refusal{RefusalCode::out_of_range, Field::gain}));
    bad = noisy_parameters();
    bad.integrator = model::IntegratorKind::rk4;
    bad.noise_kind = model::NoiseKind::white;
    EXPECT_EQ(configure(*engine, 0, bad),
              (Refusal{RefusalCode::bad_combination, Field::integrator}));
    bad = noisy_parameters();
    bad.replicas = 0;
    EXPECT_EQ(configure(*engine, 0, bad), (Refusal{RefusalCode::out_of_range, Field::replicas}));
    EXPECT_EQ(configure(*engine, 2, noisy_parameters()),
              (Refusal{RefusalCode::no_such_profile, Field::profile}));
    auto bytes = wire_of(noisy_parameters());
    bytes.pop_back();
    stream::ByteReader truncated(bytes);
    EXPECT_EQ(engine->configure(0, truncated).code, RefusalCode::malformed);
    bytes.push_back(0);
    bytes.push_back(0);
    stream::ByteReader too_long(bytes);
    EXPECT_EQ(engine->configure(0, too_long).code, RefusalCode::malformed);

    EXPECT_EQ(engine->digest(), before);
    EXPECT_EQ(engine->step_index(), 1U);
}

TEST(Engine, NamesTheFirstNonFiniteNeuron) {
    Parameters<float> parameters;
    parameters.activation = model::ActivationKind::linear;
    parameters.gain = 100.0F;
    parameters.dt = 1.0F;
    parameters.steps = 1000;
    const auto engine = std::make_unique<TestEngine>();
    ASSERT_FALSE(configure(*engine, 0, parameters));
    while (!engine->finished() && !engine->fault().found) {
        engine->step();
    }
    ASSERT_TRUE(engine->fault().found);
    EXPECT_LT(engine->step_index(), 60U);
    EXPECT_LT(engine->fault().element, 24U);
}

TEST(Engine, EchoesItsConfiguration) {
    const auto engine = std::make_unique<TestEngine>();
    const auto sent = wire_of(noisy_parameters());
    stream::ByteReader reader(sent);
    ASSERT_FALSE(engine->configure(0, reader));
    std::array<std::uint8_t, 512> bytes{};
    stream::ByteWriter writer(bytes);
    engine->write_parameters(writer);
    EXPECT_EQ(std::vector<std::uint8_t>(writer.written().begin(), writer.written().end()), sent);
}

TEST(Engine, OddActivationsFlipSignExactly) {
    // x(0), noise and couplings enter linearly: flipping the sign of x(0) and of the input flips x.
    auto plus = noisy_parameters();
    plus.noise = 0.0F;
    plus.stimulus = model::StimulusKind::sine;
    plus.stimulus_amplitude = 0.75F;
    plus.stimulus_frequency = 0.3F;
    plus.initial = model::InitialKind::zero;
    auto minus = plus;
    minus.stimulus_amplitude = -0.75F;
    const auto up = std::make_unique<TestEngine>();
    const auto down = std::make_unique<TestEngine>();
    ASSERT_FALSE(configure(*up, 0, plus));
    ASSERT_FALSE(configure(*down, 0, minus));
    for (int t = 0; t < 100; ++t) {
        up->step();
        down->step();
    }
    up->visit([&](const auto& above) {
        down->visit([&](const auto& below) {
            for (std::size_t i = 0; i < above.state(0).size(); ++i) {
                EXPECT_EQ(above.state(0)[i], -static_cast<float>(below.state(0)[i])) << i;
            }
        });
    });
}

} // namespace
} // namespace tinymf::experiment
