// SPDX-License-Identifier: Apache-2.0
// What an engine says of its run: which profile, which step, what is due, the digest, the held
// input; and what it refuses because the profile has no room or no meaning for it.
#include "tinymf/experiment/engine.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/experiment/self_test.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::experiment {
namespace {

using Net = network::Network<float, 8, model::CouplingKind::gaussian>;
using Single = network::Network<double, 5, model::CouplingKind::gaussian, 1>;
using Observed = observe::ObservedNetwork<Net, 8, observe::Covariances::none>;
using Closure = mean_field::GaussianClosure<float, 30, 6>;
using Narrow = mean_field::ForwardSampler<float, 12, 32, std::int16_t>;
using TestEngine = Engine<Net, Single, Observed, Closure, Narrow>;

enum Profile : std::uint8_t { net, single, observed, closure, narrow, profiles };

template <class T>
Refusal configure(TestEngine& engine, std::uint8_t profile, const Parameters<T>& parameters) {
    std::array<std::uint8_t, 512> bytes{};
    stream::ByteWriter writer(bytes);
    write(writer, parameters);
    stream::ByteReader reader(writer.written());
    return engine.configure(profile, reader);
}

Parameters<float> short_run() {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.steps = 20;
    parameters.dt = 0.1F;
    return parameters;
}

std::unique_ptr<TestEngine> configured(std::uint8_t profile, const Parameters<float>& parameters) {
    auto engine = std::make_unique<TestEngine>();
    EXPECT_FALSE(configure(*engine, profile, parameters));
    return engine;
}

TEST(EngineReports, NothingIsConfiguredAtFirst) {
    const TestEngine engine;
    EXPECT_FALSE(engine.configured());
    EXPECT_FALSE(engine.fault().found);
    EXPECT_EQ(engine.step_index(), 0U);
}

TEST(EngineReports, TheProfileIsTheOneConfigured) {
    TestEngine engine;
    for (const Profile profile : {observed, net, closure}) {
        ASSERT_FALSE(configure(engine, profile, short_run()));
        EXPECT_TRUE(engine.configured());
        EXPECT_EQ(engine.profile(), profile);
    }
    ASSERT_FALSE(configure(engine, single, Parameters<double>{}));
    EXPECT_EQ(engine.profile(), single);
    EXPECT_EQ(configure(engine, profiles, short_run()),
              (Refusal{RefusalCode::no_such_profile, Field::profile}));
    EXPECT_EQ(configure(engine, 255, short_run()).code, RefusalCode::no_such_profile);
    EXPECT_EQ(engine.profile(), single) << "a refusal keeps the model";
}

/// Steps of a run at which `due(engine)`.
template <class Due>
std::vector<std::uint32_t> steps_due(TestEngine& engine, Due&& due) {
    std::vector<std::uint32_t> steps;
    for (;;) {
        if (due(engine)) {
            steps.push_back(engine.step_index());
        }
        if (engine.finished()) {
            return steps;
        }
        engine.step();
    }
}

using Steps = std::vector<std::uint32_t>;

TEST(EngineReports, StatesAreDueAtMultiplesAndNeverForZero) {
    const auto due = [](std::uint32_t every) {
        auto parameters = short_run();
        parameters.state_every = every;
        const auto engine = configured(net, parameters);
        return steps_due(*engine, [](const TestEngine& e) { return e.state_is_due(); });
    };
    EXPECT_EQ(due(0), Steps{});
    EXPECT_EQ(due(1).size(), 21U);
    EXPECT_EQ(due(7), (Steps{0, 7, 14}));
    EXPECT_EQ(due(20), (Steps{0, 20}));
    EXPECT_EQ(due(21), (Steps{0}));
}

TEST(EngineReports, DigestsAreDueAtMultiplesAndAtTheEnd) {
    const auto due = [](std::uint32_t every) {
        auto parameters = short_run();
        parameters.digest_every = every;
        const auto engine = configured(net, parameters);
        return steps_due(*engine, [](const TestEngine& e) { return e.digest_is_due(); });
    };
    EXPECT_EQ(due(0), (Steps{20}));
    EXPECT_EQ(due(7), (Steps{0, 7, 14, 20}));
    EXPECT_EQ(due(10), (Steps{0, 10, 20}));
    EXPECT_EQ(due(21), (Steps{0, 20}));
}

TEST(EngineReports, ObservationsAreDueWhereABlockEndsAndOnlyWhereThereAreAny) {
    auto parameters = short_run();
    parameters.observation = {.observables = observe::set_of(observe::Observable::moments),
                              .sample_every = 2,
                              .after = 3,
                              .block = 3,
                              .lags = 1};
    const auto is_due = [](const TestEngine& e) { return e.observation_is_due(); };
    EXPECT_EQ(steps_due(*configured(observed, parameters), is_due), (Steps{9, 15}));
    for (const Profile profile : {net, closure}) {
        EXPECT_EQ(steps_due(*configured(profile, short_run()), is_due), Steps{});
    }
}

TEST(EngineReports, TheDigestIsThatOfEveryStepWithItsState) {
    const auto parameters = short_run();
    const auto engine = configured(net, parameters);
    Net model;
    model.configure(parameters);
    observe::Digest digest;
    for (std::uint32_t step = 0; step <= 20; ++step) {
        if (step > 0) {
            engine->step();
            model.step();
        }
        digest.add(step);
        model.digest_into(digest);
        ASSERT_EQ(engine->digest(), digest.value()) << "step " << step;
    }
    EXPECT_EQ(engine->couplings_digest(), model.couplings_digest());
    EXPECT_TRUE(engine->finished());
    EXPECT_EQ(engine->last_step(), 20U);
}

TEST(EngineReports, RestartIsTheConfigurationAtStepZeroAgain) {
    auto parameters = short_run();
    parameters.state_every = 7;
    parameters.digest_every = 6;
    parameters.observation = {.observables = observe::set_of(observe::Observable::lyapunov),
                              .sample_every = 2,
                              .after = 3,
                              .block = 3,
                              .lags = 1};
    const auto engine = configured(observed, parameters);
    const auto everything = [&engine] {
        Steps list = steps_due(*engine, [](const TestEngine& e) {
            return e.state_is_due() || e.digest_is_due() || e.observation_is_due();
        });
        list.push_back(static_cast<std::uint32_t>(engine->digest()));
        list.push_back(static_cast<std::uint32_t>(engine->digest() >> 32U));
        return list;
    };
    const Steps first = everything();
    engine->restart();
    EXPECT_EQ(engine->profile(), observed);
    EXPECT_EQ(engine->step_index(), 0U);
    EXPECT_EQ(everything(), first);
    EXPECT_EQ(Steps(first.begin(), first.end() - 2), (Steps{0, 6, 7, 9, 12, 14, 15, 18, 20}));
}

/// INPUT's payload: the number and `more` bytes.
Refusal hold(TestEngine& engine, float value, int more = 0) {
    std::array<std::uint8_t, 16> bytes{};
    stream::ByteWriter writer(bytes);
    writer.put(value);
    for (int i = 0; i < more; ++i) {
        writer.put(std::uint8_t{0});
    }
    stream::ByteReader reader(writer.written().first(writer.size() - (more < 0 ? 1U : 0U)));
    return engine.hold_input(reader);
}

float held(const TestEngine& engine) {
    std::array<std::uint8_t, 16> bytes{};
    stream::ByteWriter writer(bytes);
    engine.write_held_input(writer);
    stream::ByteReader reader(writer.written());
    const auto value = reader.get<float>();
    EXPECT_TRUE(reader.finished());
    return value;
}

TEST(EngineReports, ALiveInputIsHeldWhereItIsWholeLiveAndInRange) {
    auto parameters = short_run();
    parameters.stimulus = model::StimulusKind::live;
    const auto engine = configured(net, parameters);
    EXPECT_EQ(held(*engine), 0.0F);
    EXPECT_FALSE(hold(*engine, 0.75F));
    EXPECT_EQ(held(*engine), 0.75F);
    const Refusal cut{RefusalCode::malformed, Field::input};
    EXPECT_EQ(hold(*engine, 0.5F, 1), cut) << "a byte too many";
    EXPECT_EQ(hold(*engine, 0.5F, -1), cut) << "a byte too few";
    const Refusal outside{RefusalCode::out_of_range, Field::input};
    EXPECT_EQ(hold(*engine, 1000001.0F), outside);
    EXPECT_EQ(hold(*engine, -1000001.0F), outside);
    EXPECT_EQ(held(*engine), 0.75F) << "what was refused changes nothing";
    EXPECT_FALSE(hold(*engine, 1000000.0F));
    EXPECT_FALSE(hold(*engine, -1000000.0F));
    const auto deaf = configured(net, short_run());
    EXPECT_EQ(hold(*deaf, 0.5F), (Refusal{RefusalCode::bad_combination, Field::stimulus_kind}));
    EXPECT_EQ(hold(*deaf, 0.5F, 1), cut);
}

TEST(EngineReports, AProfileTakesWhatItHasRoomFor) {
    TestEngine engine;
    const auto verdict = [&engine](std::uint8_t profile, auto change) {
        auto parameters = short_run();
        change(parameters);
        return configure(engine, profile, parameters);
    };
    using P = Parameters<float>;
    const auto beyond = [](Field field) { return Refusal{RefusalCode::out_of_range, field}; };
    EXPECT_EQ(verdict(net, [](P& p) { p.replicas = 2; }), Refusal{});
    EXPECT_EQ(verdict(net, [](P& p) { p.replicas = 3; }), beyond(Field::replicas));
    Parameters<double> two;
    two.replicas = 2;
    EXPECT_EQ(configure(engine, single, two), beyond(Field::replicas));
    two.replicas = 1;
    EXPECT_EQ(configure(engine, single, two), Refusal{});
    EXPECT_EQ(verdict(closure, [](P& p) { p.replicas = 2; }), beyond(Field::populations));
    EXPECT_EQ(verdict(narrow,
                      [](P& p) {
                          p.replicas = 255;
                          p.steps = 11;
                      }),
              Refusal{});

    const auto ask = [](observe::ObservableSet set, std::uint16_t lags) {
        return [set, lags](P& p) {
            p.observation.observables = set;
            p.observation.lags = lags;
        };
    };
    const auto moments = observe::set_of(observe::Observable::moments);
    const auto covariance = observe::set_of(observe::Observable::covariance);
    EXPECT_EQ(verdict(observed, ask(moments, 8)), Refusal{});
    EXPECT_EQ(verdict(observed, ask(moments, 9)), beyond(Field::observe_lags));
    EXPECT_EQ(verdict(observed, ask(0, 1024)), Refusal{}) << "nothing is asked";
    EXPECT_EQ(verdict(observed, ask(covariance, 8)), beyond(Field::observables));
    EXPECT_EQ(verdict(observed, ask(moments | covariance, 8)), beyond(Field::observables));
    for (std::size_t bit = 0; bit < observe::observable_names.size(); ++bit) {
        EXPECT_EQ(verdict(net, ask(static_cast<observe::ObservableSet>(1U << bit), 8)),
                  beyond(Field::observables));
    }

    // What only the model knows: its grid has 30 points.
    EXPECT_EQ(verdict(closure, [](P& p) { p.steps = 29; }), Refusal{});
    EXPECT_EQ(verdict(closure, [](P& p) { p.steps = 30; }),
              (Refusal{RefusalCode::bad_combination, Field::steps}));

    const auto hold_noise = [](P& p) {
        p.noise_kind = model::NoiseKind::frozen;
        p.noise_hold = 1;
    };
    EXPECT_EQ(verdict(net, hold_noise), Refusal{});
    EXPECT_EQ(verdict(closure, hold_noise), beyond(Field::noise_hold));
}

TEST(EngineReports, SaturationIsTheModelsOwn) {
    EXPECT_EQ(configured(net, short_run())->saturation(), mean_field::Saturation{});
    auto parameters = short_run();
    parameters.activation = model::ActivationKind::relu;
    parameters.noise = 20.0F;
    parameters.steps = 10;
    const auto engine = configured(narrow, parameters);
    Narrow model;
    model.configure(parameters);
    while (!engine->finished()) {
        engine->step();
        model.step();
    }
    EXPECT_GT(engine->saturation().count, 0U);
    EXPECT_EQ(engine->saturation(), model.saturation());
}

TEST(SelfTest, PassesOnlyWhenEveryAnswerIsRight) {
    const SelfTestResult right{.functions = SelfTestResult::expected_functions,
                               .network = SelfTestResult::expected_network,
                               .generator = true};
    EXPECT_TRUE(right.passed());
    EXPECT_FALSE(SelfTestResult{}.passed());
    for (int wrong = 0; wrong < 3; ++wrong) {
        SelfTestResult result = right;
        result.functions ^= wrong == 0 ? 1U : 0U;
        result.network ^= wrong == 1 ? 1U : 0U;
        result.generator = wrong != 2;
        EXPECT_FALSE(result.passed()) << wrong;
        SelfTestResult only{};
        only.functions = wrong == 0 ? right.functions : 0;
        only.network = wrong == 1 ? right.network : 0;
        only.generator = wrong == 2;
        EXPECT_FALSE(only.passed()) << wrong;
    }
    const SelfTestResult here = run_self_test();
    EXPECT_EQ(here.functions, right.functions);
    EXPECT_EQ(here.network, right.network);
    EXPECT_TRUE(here.generator);
}

} // namespace
} // namespace tinymf::experiment
