// SPDX-License-Identifier: Apache-2.0
// Whoever uses the headers without an engine, which refuses, is stopped before anything is written
// out of bounds; and what points into itself cannot be copied or moved.
#include <cstdint>
#include <memory>
#include <type_traits>

#include <gtest/gtest.h>

#include "app/application.hpp"
#include "app/model_list.hpp"
#include "app/phase_timer.hpp"
#include "app/run.hpp"
#include "port/host_port.hpp"
#include "tinymf/experiment/engine.hpp"
#include "tinymf/mean_field/profiles.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf {
namespace {

using Network = network::Network<float, 8, model::CouplingKind::gaussian>;
using Observed = observe::ObservedNetwork<Network, 4, observe::Covariances::none>;
using Forward = mean_field::ForwardSampler<float, 12, 32>;
using Narrow = mean_field::ForwardSampler<float, 12, 32, std::int16_t>;
using Closure = mean_field::GaussianClosure<float, 12>;
using Linear = mean_field::LinearClosure<float, 12>;
using Stationary = mean_field::StationaryRun<float>;
using Port = firmware::HostPort<>;
using Models = firmware::ModelList<Network>;

template <class... Types>
constexpr bool stay_where_they_are = (... && !(std::is_copy_constructible_v<Types> ||
                                               std::is_move_constructible_v<Types> ||
                                               std::is_copy_assignable_v<Types> ||
                                               std::is_move_assignable_v<Types>));

static_assert(stay_where_they_are<Forward, Narrow, Closure, Linear, Stationary>);
static_assert(stay_where_they_are<experiment::Engine<Network>, experiment::Engine<Closure>>);
static_assert(stay_where_they_are<firmware::Application<Port, Models, 4096>,
                                  firmware::Run<Port, Models::Engine, firmware::PhaseTimer<Port>>>);
// These hold numbers only, and an experimenter may keep a copy.
static_assert(std::is_copy_constructible_v<Network> && std::is_copy_constructible_v<Observed>);

class Capacity : public testing::Test {
protected:
    void SetUp() override { testing::FLAGS_gtest_death_test_style = "threadsafe"; }

    static model::Parameters<float> parameters(std::uint32_t steps = 11, std::uint8_t count = 1) {
        model::Parameters<float> p;
        p.steps = steps;
        p.replicas = count;
        return p;
    }
};

TEST_F(Capacity, OfReplicasIsTheTypes) {
    const auto network = std::make_unique<Network>();
    network->configure(parameters(11, 2));
    EXPECT_DEATH(network->configure(parameters(11, 3)), "replicas <= max_replicas");
    EXPECT_DEATH(network->configure(parameters(11, 255)), "replicas <= max_replicas");
    EXPECT_DEATH(network->configure(parameters(11, 0)), "replicas >= 1");
    EXPECT_DEATH((void)network->state(2), "replica < max_replicas");
    network::Network<float, 8, model::CouplingKind::gaussian, 1> single;
    single.configure(parameters());
    EXPECT_DEATH(single.configure(parameters(11, 2)), "replicas <= max_replicas");
}

TEST_F(Capacity, OfLagsAndObservablesIsTheTypes) {
    const auto network = std::make_unique<Observed>();
    network->configure(parameters());
    observe::ObservationParameters observation{
        .observables = observe::set_of(observe::Observable::autocorrelation), .lags = 4};
    network->observe(observation);
    observation.lags = 5;
    EXPECT_DEATH(network->observe(observation), "lags <= most_lags");
    observation.lags = 0;
    EXPECT_DEATH(network->observe(observation), "lags >= 1");
    observation.lags = 4;
    observation.block = 0;
    EXPECT_DEATH(network->observe(observation), "block >= 1");
    observation.block = 8;
    observation.sample_every = 0;
    EXPECT_DEATH(network->observe(observation), "sample_every >= 1");
    observation.sample_every = 1;
    observation.observables = observe::set_of(observe::Observable::covariance);
    EXPECT_DEATH(network->observe(observation), "observables");
}

template <class M>
void holds_its_points(model::Parameters<float> p) {
    const auto model = std::make_unique<M>();
    p.steps = 11;
    model->configure(p);
    while (model->step_index() < p.steps) {
        model->step();
    }
    EXPECT_DEATH(model->step(), "assertion failed");
    p.steps = 12;
    EXPECT_DEATH(model->configure(p), "refuse");
}

TEST_F(Capacity, OfPointsIsTheTypes) {
    auto p = parameters();
    holds_its_points<Forward>(p);
    holds_its_points<Narrow>(p);
    holds_its_points<Closure>(p);
    p.activation = model::ActivationKind::linear;
    p.gain = 0.5F;
    holds_its_points<Linear>(p);
}

TEST_F(Capacity, OfPopulationsIsTheMethods) {
    const auto forward = std::make_unique<Forward>();
    forward->configure(parameters(11, 255));
    EXPECT_DEATH(forward->configure(parameters(11, 0)), "replicas >= 1");
    const auto closure = std::make_unique<Closure>();
    EXPECT_DEATH(closure->configure(parameters(11, 2)), "replicas == 1");
    const auto stationary = std::make_unique<Stationary>();
    EXPECT_DEATH(stationary->configure(parameters(11, 2)), "replicas == 1");
}

} // namespace
} // namespace tinymf
