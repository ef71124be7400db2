// SPDX-License-Identifier: Apache-2.0
// A sum or an estimate that becomes NaN or infinite is found at the very sample that made it so,
// and until then nothing that a checkpoint would hold is NaN or infinite.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "checkpoint_bytes.hpp"
#include "tinymf/checkpoint/field_walk.hpp"
#include "tinymf/experiment/engine.hpp"
#include "tinymf/network/network.hpp"
#include "tinymf/observe/observed_network.hpp"

namespace tinymf::observe {
namespace {

using experiment::Parameters;
using model::Quantity;

template <class T>
using Observed =
    ObservedNetwork<network::Network<T, 16, model::CouplingKind::gaussian>, 8, Covariances::kept>;

/// Grows by a factor of about 3 a step, until squares, sums or the state itself overflow.
template <class T>
Parameters<T> growing(ObservableSet observables) {
    Parameters<T> p;
    p.activation = model::ActivationKind::linear;
    p.gain = T(5);
    p.dt = T(0.5F);
    p.noise = contains(observables, Observable::response) ? T(0.5F) : T(0);
    p.steps = 3000;
    p.observation = {.observables = observables,
                     .sample_every = 1,
                     .after = 0,
                     .block = 1000,
                     .lags = 8,
                     .window = 1};
    return p;
}

/// Where the run ended. At every step before, all fields of a checkpoint can be.
template <class T>
model::NonFinite end_of(const Parameters<T>& parameters, std::uint32_t* step = nullptr) {
    const auto engine = std::make_unique<experiment::Engine<Observed<T>>>();
    EXPECT_FALSE(checkpoint::configure(*engine, parameters));
    while (!engine->finished()) {
        engine->step();
        if (engine->fault().found) {
            break;
        }
        EXPECT_TRUE(checkpoint::fields_are_sound(*engine)) << "step " << engine->step_index();
    }
    if (step != nullptr) {
        *step = engine->step_index();
    }
    return engine->fault();
}

struct Expected {
    Observable observable;
    std::vector<ObservedArray> arrays; ///< one of which must be named
};

const std::vector<Expected> every_observable{
    {Observable::moments, {ObservedArray::moments}},
    {Observable::autocorrelation, {ObservedArray::cx, ObservedArray::cphi}},
    {Observable::participation, {ObservedArray::spread_input, ObservedArray::spread_output}},
    {Observable::covariance,
     {ObservedArray::covariance_input_a, ObservedArray::covariance_input_b,
      ObservedArray::covariance_output_a, ObservedArray::covariance_output_b}},
};

template <class T>
void every_overflow_is_named(std::uint8_t replicas, std::uint32_t window, std::uint32_t block) {
    for (const Expected& expected : every_observable) {
        auto parameters = growing<T>(set_of(expected.observable));
        parameters.replicas = replicas;
        parameters.observation.window = window;
        parameters.observation.block = block;
        std::uint32_t step = 0;
        const model::NonFinite place = end_of(parameters, &step);
        ASSERT_TRUE(place.found);
        EXPECT_EQ(place.quantity, Quantity::estimate) << static_cast<int>(expected.observable);
        EXPECT_NE(std::find(expected.arrays.begin(), expected.arrays.end(),
                            static_cast<ObservedArray>(place.part)),
                  expected.arrays.end())
            << "array " << int{place.part};
        std::printf("%zu-byte scalar, observable %d, window %u, block %u: array %d element %u at "
                    "step %u\n",
                    sizeof(T), static_cast<int>(expected.observable), window, block, place.part,
                    place.element, step);
    }
}

TEST(ObserveOverflow, IsNamedInTheMiddleOfABlock) {
    every_overflow_is_named<float>(1, 1, 1000);
    every_overflow_is_named<float>(2, 1, 1000);
    every_overflow_is_named<double>(2, 1, 2000);
}

TEST(ObserveOverflow, IsNamedAtTheEndOfABlock) {
    every_overflow_is_named<float>(1, 1, 8);
    every_overflow_is_named<double>(1, 1, 8);
}

TEST(ObserveOverflow, OfWindowMeansIsNamedToo) {
    every_overflow_is_named<float>(1, 4, 1000);
}

TEST(ObserveOverflow, OfAResponseIsNamedAndItsUnaskedCorrelationIsNot) {
    const model::NonFinite place = end_of(growing<float>(set_of(Observable::response)));
    ASSERT_TRUE(place.found);
    // The state itself is 1/n times the product: one of the two goes first, C_x, which went long
    // before, is not asked for.
    EXPECT_TRUE(place.quantity == Quantity::state ||
                place.part == static_cast<std::uint8_t>(ObservedArray::rx) ||
                place.part == static_cast<std::uint8_t>(ObservedArray::rphi));
}

TEST(ObserveOverflow, OfTheSecondReplicaIsNamed) {
    auto parameters = growing<float>(set_of(Observable::participation));
    parameters.replicas = 2;
    bool second = false;
    for (parameters.seed = 1; parameters.seed <= 20; ++parameters.seed) {
        const model::NonFinite place = end_of(parameters);
        ASSERT_TRUE(place.found);
        second =
            second || place.element == static_cast<std::uint32_t>(CovarianceStatistic::trace_b);
    }
    EXPECT_TRUE(second) << "of twenty networks the second replica is the first to overflow in none";
}

/// Silence stays silent, and a vector beside it grows a hundredfold a step.
TEST(ObserveOverflow, OfATangentVectorIsNamed) {
    auto parameters = growing<float>(set_of(Observable::lyapunov));
    parameters.activation = model::ActivationKind::tanh;
    parameters.initial = model::InitialKind::zero;
    parameters.gain = 100.0F;
    parameters.dt = 1.0F;
    parameters.observation.sample_every = 100;
    std::uint32_t step = 0;
    const model::NonFinite place = end_of(parameters, &step);
    ASSERT_TRUE(place.found);
    EXPECT_EQ(place.quantity, Quantity::estimate);
    EXPECT_EQ(place.part, static_cast<std::uint8_t>(ObservedArray::lyapunov));
    EXPECT_EQ(place.element, 0U);
    EXPECT_LT(step, 32U) << "found when the vector overflows, before it is scaled";
}

/// With dt = 1, x turns by its eigenvalue's angle at each step: |x[t+1] - x[t]| exceeds both by up
/// to their sum, and overflows first where the angle is large.
TEST(ObserveOverflow, OfAResidualIsNamed) {
    auto parameters = growing<float>(set_of(Observable::settling));
    parameters.gain = 1.3F;
    parameters.dt = 1.0F;
    int residuals = 0;
    for (parameters.seed = 1; parameters.seed <= 20; ++parameters.seed) {
        std::uint32_t step = 0;
        const model::NonFinite place = end_of(parameters, &step);
        auto short_blocks = parameters;
        short_blocks.observation.block = 2;
        std::uint32_t same_step = 0;
        EXPECT_EQ(end_of(short_blocks, &same_step).quantity, place.quantity);
        EXPECT_EQ(same_step, step) << "whether it ends a block or not";
        residuals += place.found && place.quantity == Quantity::estimate ? 1 : 0;
        EXPECT_TRUE(place.quantity == Quantity::state ||
                    place.index() == static_cast<std::uint32_t>(ObservedArray::settling) << 24U);
    }
    std::printf("%d of 20 runs ended by their residual\n", residuals);
    EXPECT_GT(residuals, 0);
}

TEST(ObserveOverflow, IsFoundAtTheSampleThatMadeIt) {
    const auto parameters = growing<float>(set_of(Observable::moments));
    std::uint32_t step = 0;
    ASSERT_TRUE(end_of(parameters, &step).found);
    // The same by hand, in double: the largest of the sums is of (sum_i x_i)^2 or x^2.
    network::Network<float, 16, model::CouplingKind::gaussian> network;
    network.configure(parameters);
    float squares = 0.0F;
    float population = 0.0F;
    std::uint32_t first = 0;
    while (first == 0) {
        network.step();
        float sum = 0.0F;
        float sum_of_squares = 0.0F;
        for (const float x : network.state(0)) {
            sum += x;
            sum_of_squares += x * x;
        }
        squares += sum_of_squares;
        population += sum * sum;
        if (!std::isfinite(squares) || !std::isfinite(population)) {
            first = network.step_index();
        }
    }
    EXPECT_EQ(step, first);
}

TEST(ObserveOverflow, OfRectifiedOutputsIsNamed) {
    auto parameters = growing<float>(set_of(Observable::covariance));
    parameters.activation = model::ActivationKind::relu;
    parameters.gain = 20.0F;
    const model::NonFinite place = end_of(parameters);
    ASSERT_TRUE(place.found);
    EXPECT_EQ(place.quantity, Quantity::estimate);
}

/// Nothing moves, and one neuron of one replica is huge from sample `at` on (two make a block).
struct HugeNeuron {
    Observable observable = Observable::moments;
    model::ActivationKind activation = model::ActivationKind::linear;
    float value = 0.0F;
    std::size_t replica = 0;
    std::size_t neuron = 0;
};

model::NonFinite place_at(const HugeNeuron& huge, std::uint32_t at) {
    Parameters<float> p;
    p.activation = huge.activation;
    p.exponent = 2.0F;
    p.gain = 0.0F;
    p.dt = 0x1p-16F;
    p.initial = model::InitialKind::zero;
    p.replicas = 2;
    p.observation = {.observables = set_of(huge.observable),
                     .sample_every = 1,
                     .block = 2,
                     .lags = 2,
                     .window = 1};
    Observed<float> network;
    network.configure(p);
    network.observe(p.observation);
    for (std::uint32_t sample = 0; sample <= at; ++sample) {
        EXPECT_FALSE(network.first_non_finite().found);
        if (sample == at) {
            std::array<float, 16> kick{};
            kick[huge.neuron] = huge.value;
            network.perturb(huge.replica, kick);
        }
        network.step();
    }
    return network.first_non_finite();
}

void expect_place(const HugeNeuron& huge, ObservedArray array, std::size_t element,
                  std::initializer_list<std::uint32_t> samples = {0, 1, 2, 3}) {
    for (const std::uint32_t at : samples) {
        const model::NonFinite place = place_at(huge, at);
        EXPECT_TRUE(place.found);
        EXPECT_EQ(place.quantity, Quantity::estimate);
        EXPECT_EQ(place.part, static_cast<std::uint8_t>(array))
            << observed_arrays[static_cast<std::size_t>(array)].name << ", sample " << at;
        EXPECT_EQ(place.element, element) << "sample " << at;
    }
}

/// x^2 overflows at 1e25; for the power law of exponent 2, phi^2 = x^4 already at 1e15.
TEST(ObserveOverflow, IsNamedByItsVeryElement) {
    using enum Observable;
    constexpr float large = 1e25F;
    constexpr float large_in_phi = 1e15F;
    constexpr auto square = model::ActivationKind::power_law;
    for (const std::size_t neuron : {std::size_t{0}, std::size_t{7}, std::size_t{15}}) {
        const std::size_t diagonal = neuron * (neuron + 3) / 2;
        for (const std::size_t r : {std::size_t{0}, std::size_t{1}}) {
            const auto with = [&](Observable observable) {
                return HugeNeuron{
                    .observable = observable, .value = large, .replica = r, .neuron = neuron};
            };
            const auto squared = [&](Observable observable) {
                return HugeNeuron{.observable = observable,
                                  .activation = square,
                                  .value = large_in_phi,
                                  .replica = r,
                                  .neuron = neuron};
            };
            expect_place(with(moments), ObservedArray::moments,
                         static_cast<std::size_t>(Moment::x_squared));
            expect_place(squared(moments), ObservedArray::moments,
                         static_cast<std::size_t>(Moment::phi_squared));
            expect_place(with(covariance),
                         r == 0 ? ObservedArray::covariance_input_a
                                : ObservedArray::covariance_input_b,
                         diagonal);
            expect_place(squared(covariance),
                         r == 0 ? ObservedArray::covariance_output_a
                                : ObservedArray::covariance_output_b,
                         diagonal);
            expect_place(with(participation), ObservedArray::spread_input, r); // its trace
            // Squares are taken at the end of a block; 1e12 is small enough for all before.
            auto only_squares = with(participation);
            only_squares.value = 1e12F;
            expect_place(only_squares, ObservedArray::spread_input, 2 + r, {1, 3});
            // Within a block: at its end the inputs' square, x^4 too, goes first.
            expect_place(squared(participation), ObservedArray::spread_output, r, {0, 2});
        }
    }
}

TEST(ObserveOverflow, AStateGoesBeforeItsEstimates) {
    const model::NonFinite place = place_at({.observable = Observable::moments,
                                             .value = std::numeric_limits<float>::infinity(),
                                             .replica = 1,
                                             .neuron = 4},
                                            0);
    EXPECT_TRUE(place.found);
    EXPECT_EQ(place.quantity, Quantity::state);
    EXPECT_EQ(place.part, 1) << "the replica";
}

TEST(ObserveOverflow, OfACorrelationIsNamedByItsLag) {
    const HugeNeuron huge{.observable = Observable::autocorrelation, .value = 1e25F, .neuron = 9};
    expect_place(huge, ObservedArray::cx, 0);
    expect_place({.observable = Observable::autocorrelation,
                  .activation = model::ActivationKind::power_law,
                  .value = 1e15F,
                  .replica = 1,
                  .neuron = 9},
                 ObservedArray::cphi, 0);
}

/// Two signals that together, but not alone, come close to the largest number.
TEST(CovarianceOverflow, IsSeenOffTheDiagonal) {
    CovarianceSums<float, 3, 1> sums;
    sums.begin();
    const std::array<float, 3> v{1.0F, 1.2e19F, -1.2e19F};
    for (std::uint32_t k = 0; k < 2; ++k) {
        sums.take(0, k, 1, v);
        EXPECT_EQ(sums.first_non_finite(0), sums.entries) << k;
    }
    sums.take(0, 2, 1, v); // 3 x 1.44e38 > 3.4e38: (1, 1), (2, 1) and (2, 2) at once
    EXPECT_EQ(sums.first_non_finite(0), 2U);
}

} // namespace
} // namespace tinymf::observe
