// SPDX-License-Identifier: Apache-2.0
// A run restored at any step equals the uninterrupted one, for every model of the golden scenarios:
// fails when a model's `persist` forgets a field.
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "golden/scenarios.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::checkpoint {
namespace {

using experiment::Parameters;

constexpr std::size_t largest_model = 1U << 20U;
constexpr std::uint32_t longest_run = 60;
constexpr std::size_t piece = 67; ///< ends inside fields

/// What a run reports of one step.
template <class T>
struct Told {
    std::uint32_t step = 0;
    std::uint64_t digest = 0;
    std::vector<T> values;

    friend bool operator==(const Told&, const Told&) = default;
};

template <class M>
Told<typename M::Scalar> tell(const experiment::Engine<M>& engine) {
    Told<typename M::Scalar> told{engine.step_index(), engine.digest(), {}};
    const auto add = [&told](const auto values) {
        told.values.insert(told.values.end(), values.begin(), values.end());
    };
    engine.visit([&add](const M& model) {
        if constexpr (experiment::MeanFieldModel<M>) {
            for (const auto& row : model.rows()) {
                add(row.values);
            }
        } else {
            for (std::size_t r = 0; r < model.parameters().replicas; ++r) {
                add(model.state(r));
            }
        }
        if constexpr (experiment::ObservingModel<M>) {
            for (std::size_t a = 0;
                 model.observation_is_due() && a < observe::observed_arrays.size(); ++a) {
                add(model.observed(static_cast<observe::ObservedArray>(a)).values);
            }
        }
    });
    return told;
}

template <class M>
std::vector<Told<typename M::Scalar>> run_on(experiment::Engine<M>& engine, std::uint32_t last) {
    std::vector<Told<typename M::Scalar>> all{tell(engine)};
    while (engine.step_index() < last) {
        engine.step();
        all.push_back(tell(engine));
    }
    return all;
}

/// An engine whose memory still holds another run when it is configured.
template <class M>
std::unique_ptr<experiment::Engine<M>>
used_engine(const Parameters<typename M::Scalar>& parameters) {
    auto engine = std::make_unique<experiment::Engine<M>>();
    auto other = parameters;
    other.seed += 1;
    other.gain /= 2;
    other.dt /= 2;
    EXPECT_FALSE(configure(*engine, other));
    run_to(*engine, std::min(engine->last_step(), longest_run));
    EXPECT_FALSE(configure(*engine, parameters));
    return engine;
}

template <class M>
void restore_at_every_place(const std::string& name,
                            const Parameters<typename M::Scalar>& parameters) {
    const auto whole = std::make_unique<experiment::Engine<M>>();
    ASSERT_FALSE(configure(*whole, parameters));
    const std::uint32_t last = std::min(whole->last_step(), longest_run);
    const auto uninterrupted = run_on(*whole, last);
    const Bytes at_end = take(*whole, piece);
    for (const std::uint32_t step : {0U, 1U, last / 2, last - 1, last}) {
        const auto first = std::make_unique<experiment::Engine<M>>();
        ASSERT_FALSE(configure(*first, parameters));
        run_to(*first, step);
        const auto second = used_engine<M>(parameters);
        ASSERT_FALSE(put(*second, take(*first, piece), 37)) << name << " at " << step;
        const auto resumed = run_on(*second, last);
        ASSERT_EQ(resumed.size(), last - step + 1);
        EXPECT_TRUE(std::equal(resumed.begin(), resumed.end(), uninterrupted.begin() + step))
            << name << " restored at step " << step;
        EXPECT_EQ(take(*second, piece), at_end) << name << " restored at step " << step;
    }
}

TEST(CheckpointScenarios, EveryModelGoesOnAsIfNothingHadHappened) {
    std::size_t scenarios = 0;
    golden::for_each_scenario<largest_model>([&scenarios]<class M>(std::type_identity<M>,
                                                                   const golden::Name& name,
                                                                   const auto& parameters) {
        std::string text;
        for (const auto part : name.parts) {
            text += std::string(part) + " ";
        }
        restore_at_every_place<M>(text, parameters);
        ++scenarios;
    });
    std::printf("%zu scenarios, each restored at five steps\n", scenarios);
    EXPECT_GE(scenarios, 80U);
}

template <class T>
Parameters<T> sampled(std::uint8_t populations, T reciprocity) {
    Parameters<T> p;
    p.gain = T(1.2F);
    p.reciprocity = reciprocity;
    p.noise = T(0.5F);
    p.dt = T(0.1F);
    p.steps = 11;
    p.replicas = populations;
    return p;
}

TEST(CheckpointScenarios, LaterPopulationsAndDoublesGoOnToo) {
    using Wide = mean_field::ForwardSampler<double, 12, 32>;
    using Narrow = mean_field::ForwardSampler<float, 12, 144, std::int16_t>;
    restore_at_every_place<Wide>("double", sampled<double>(3, 0.5));
    restore_at_every_place<Wide>("double, no memory", sampled<double>(3, 0.0));
    restore_at_every_place<Narrow>("fixed16", sampled<float>(3, 0.5F));
    restore_at_every_place<mean_field::LinearClosure<double, 12>>("linear", [] {
        auto p = sampled<double>(1, 0.5);
        p.activation = model::ActivationKind::linear;
        p.gain = 0.5;
        return p;
    }());
    restore_at_every_place<mean_field::GaussianClosure<double, 12>>("closure",
                                                                    sampled<double>(1, 0.0));
    restore_at_every_place<mean_field::StationaryRun<double>>("stationary",
                                                              sampled<double>(1, 0.0));
    auto replicas = sampled<double>(2, 0.5);
    replicas.noise_kind = model::NoiseKind::colored;
    restore_at_every_place<network::Network<double, 9, model::CouplingKind::gaussian>>(
        "double network", replicas);
}

/// Estimates that began before the checkpoint, in the middle of a block and at its end.
TEST(CheckpointScenarios, EstimatesGoOnToo) {
    using Network = network::Network<float, 9, model::CouplingKind::gaussian>;
    auto parameters = sampled<float>(2, 0.5F);
    parameters.steps = 60;
    parameters.observation = {.observables = observe::all_observables,
                              .sample_every = 2,
                              .after = 4,
                              .block = 13,
                              .lags = 6,
                              .window = 1};
    restore_at_every_place<observe::ObservedNetwork<Network, 8, observe::Covariances::kept>>(
        "estimates", parameters);
}

/// A checkpoint is the same whatever the capacities of the board that took it.
TEST(CheckpointScenarios, CapacitiesLeaveNoTrace) {
    const auto parameters = sampled<float>(1, 0.0F);
    using Small = experiment::Engine<mean_field::GaussianClosure<float, 12>>;
    using Large = experiment::Engine<mean_field::GaussianClosure<float, 500>>;
    const auto small = std::make_unique<Small>();
    const auto large = std::make_unique<Large>();
    ASSERT_FALSE(configure(*small, parameters));
    ASSERT_FALSE(configure(*large, parameters));
    run_to(*small, 7);
    run_to(*large, 7);
    EXPECT_EQ(take(*small, 100), take(*large, 64));
}

} // namespace
} // namespace tinymf::checkpoint
