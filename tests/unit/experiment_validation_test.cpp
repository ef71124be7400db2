// SPDX-License-Identifier: Apache-2.0
#include "tinymf/experiment/validation.hpp"

#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::experiment {
namespace {

constexpr Refusal accepted{};

Refusal out_of_range(Field field) {
    return {RefusalCode::out_of_range, field};
}

Refusal impossible(Field field) {
    return {RefusalCode::bad_combination, field};
}

template <class T>
class ValidationOf : public testing::Test {};
using Scalars = testing::Types<float, double>;
TYPED_TEST_SUITE(ValidationOf, Scalars);

template <class T>
struct RealField {
    Field field;
    std::function<void(Parameters<T>&, T)> set;
    T lowest;
    T highest;
};

// The ranges that the experiment file promises, written down again.
template <class T>
std::vector<RealField<T>> real_fields() {
    using P = Parameters<T>;
    return {
        {Field::exponent, [](P& p, T v) { p.exponent = v; }, T(1) / T(16), T(4)},
        {Field::pade_numerator, [](P& p, T v) { p.pade_numerator.front() = v; }, T(-1000), T(1000)},
        {Field::pade_numerator, [](P& p, T v) { p.pade_numerator.back() = v; }, T(-1000), T(1000)},
        {Field::pade_denominator, [](P& p, T v) { p.pade_denominator.front() = v; }, T(-1000),
         T(1000)},
        {Field::pade_denominator, [](P& p, T v) { p.pade_denominator.back() = v; }, T(-1000),
         T(1000)},
        {Field::gain, [](P& p, T v) { p.gain = v; }, T(0), T(100)},
        {Field::reciprocity, [](P& p, T v) { p.reciprocity = v; }, T(-1), T(1)},
        {Field::noise, [](P& p, T v) { p.noise = v; }, T(0), T(100)},
        {Field::noise_time, [](P& p, T v) { p.noise_time = v; }, T(1) / T(1024), T(1048576)},
        {Field::dt, [](P& p, T v) { p.dt = v; }, T(1) / T(65536), T(1)},
        {Field::initial_scale, [](P& p, T v) { p.initial_scale = v; }, T(0), T(100)},
        {Field::stimulus_amplitude, [](P& p, T v) { p.stimulus_amplitude = v; }, T(-100), T(100)},
        {Field::stimulus_frequency, [](P& p, T v) { p.stimulus_frequency = v; }, T(0), T(1000)},
        {Field::stimulus_onset, [](P& p, T v) { p.stimulus_onset = v; }, T(0), T(1048576)},
    };
}

TYPED_TEST(ValidationOf, EveryRealLiesInItsClosedRange) {
    using T = TypeParam;
    constexpr T infinity = std::numeric_limits<T>::infinity();
    for (const auto& [field, set, lowest, highest] : real_fields<T>()) {
        SCOPED_TRACE(std::string(info(field).key));
        const auto verdict = [&set = set](T value) {
            Parameters<T> parameters;
            set(parameters, value);
            return validate(parameters);
        };
        // A negative coefficient alone gives the denominator a root: in range, and impossible.
        const Refusal root{RefusalCode::bad_combination, field};
        EXPECT_EQ(verdict(lowest), field == Field::pade_denominator ? root : accepted);
        EXPECT_EQ(verdict(highest), accepted);
        EXPECT_EQ(verdict(std::nextafter(lowest, -infinity)), out_of_range(field));
        EXPECT_EQ(verdict(std::nextafter(highest, infinity)), out_of_range(field));
        EXPECT_EQ(verdict(std::numeric_limits<T>::quiet_NaN()), out_of_range(field));
    }
}

struct WholeField {
    Field field;
    std::function<void(Parameters<float>&, std::uint32_t)> set;
    std::uint32_t lowest;
    std::uint32_t highest;
};

constexpr std::uint32_t most_steps = 2147483648U;

std::vector<WholeField> whole_fields() {
    using P = Parameters<float>;
    using U = std::uint32_t;
    return {
        {Field::noise_hold,
         [](P& p, U v) {
             p.noise_kind = model::NoiseKind::frozen;
             p.noise_hold = v;
         },
         0, most_steps},
        {Field::steps, [](P& p, U v) { p.steps = v; }, 1, most_steps},
        {Field::state_every, [](P& p, U v) { p.state_every = v; }, 0, most_steps},
        {Field::digest_every, [](P& p, U v) { p.digest_every = v; }, 0, most_steps},
        {Field::observe_every, [](P& p, U v) { p.observation.sample_every = v; }, 1, most_steps},
        {Field::observe_after, [](P& p, U v) { p.observation.after = v; }, 0, most_steps},
        {Field::observe_block, [](P& p, U v) { p.observation.block = v; }, 2, 1048576},
        {Field::observe_window, [](P& p, U v) { p.observation.window = v; }, 1, 1048576},
        {Field::observe_lags, [](P& p, U v) { p.observation.lags = static_cast<std::uint16_t>(v); },
         1, 1024},
        {Field::replicas, [](P& p, U v) { p.replicas = static_cast<std::uint8_t>(v); }, 1, 255},
        {Field::activation, [](P& p, U v) { p.activation = static_cast<model::ActivationKind>(v); },
         0, 5},
        {Field::noise_kind, [](P& p, U v) { p.noise_kind = static_cast<model::NoiseKind>(v); }, 0,
         2},
        {Field::integrator, [](P& p, U v) { p.integrator = static_cast<model::IntegratorKind>(v); },
         0, 3},
        {Field::initial_kind, [](P& p, U v) { p.initial = static_cast<model::InitialKind>(v); }, 0,
         2},
        {Field::stimulus_kind, [](P& p, U v) { p.stimulus = static_cast<model::StimulusKind>(v); },
         0, 4},
    };
}

TEST(Validation, EveryWholeNumberAndChoiceLiesInItsClosedRange) {
    for (const auto& [field, set, lowest, highest] : whole_fields()) {
        SCOPED_TRACE(std::string(info(field).key));
        const auto verdict = [&set = set](std::uint32_t value) {
            Parameters<float> parameters;
            set(parameters, value);
            return validate(parameters);
        };
        EXPECT_EQ(verdict(lowest), accepted);
        EXPECT_EQ(verdict(highest), accepted);
        if (lowest > 0) {
            EXPECT_EQ(verdict(lowest - 1), out_of_range(field));
        }
        if (highest != 255) { // the width of the number is then its bound
            EXPECT_EQ(verdict(highest + 1), out_of_range(field));
        }
    }
}

TEST(Validation, TheFirstFieldOutOfRangeIsNamed) {
    Parameters<float> parameters;
    parameters.gain = -1.0F;
    parameters.dt = 0.0F;
    parameters.observation.block = 0;
    EXPECT_EQ(validate(parameters), out_of_range(Field::gain));
    parameters.gain = 1.0F;
    EXPECT_EQ(validate(parameters), out_of_range(Field::dt));
    parameters.dt = 0.5F;
    EXPECT_EQ(validate(parameters), out_of_range(Field::observe_block));
}

TEST(Validation, Rk4RefusesWhiteNoiseOnly) {
    Parameters<float> parameters;
    parameters.integrator = model::IntegratorKind::rk4;
    EXPECT_EQ(validate(parameters), accepted) << "white noise of size zero is none";
    parameters.noise = std::numeric_limits<float>::denorm_min();
    EXPECT_EQ(validate(parameters), impossible(Field::integrator));
    parameters.noise_kind = model::NoiseKind::colored;
    EXPECT_EQ(validate(parameters), accepted);
    parameters.noise_kind = model::NoiseKind::white;
    parameters.integrator = model::IntegratorKind::heun;
    EXPECT_EQ(validate(parameters), accepted);
}

TEST(Validation, OnlyStaticNoiseIsHeld) {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.noise_hold = 1;
    for (const auto kind : {model::NoiseKind::white, model::NoiseKind::colored}) {
        parameters.noise_kind = kind;
        EXPECT_EQ(validate(parameters), impossible(Field::noise_hold));
    }
    parameters.noise_kind = model::NoiseKind::frozen;
    EXPECT_EQ(validate(parameters), accepted);
}

Parameters<float> observing(observe::Observable observable) {
    Parameters<float> parameters;
    parameters.noise = 0.5F;
    parameters.observation.observables = observe::set_of(observable);
    return parameters;
}

TEST(Validation, AResponseNeedsWhiteNoise) {
    auto parameters = observing(observe::Observable::response);
    EXPECT_EQ(validate(parameters), accepted);
    parameters.noise = 0.0F;
    EXPECT_EQ(validate(parameters), impossible(Field::noise_kind));
    parameters.noise = 0.5F;
    parameters.noise_kind = model::NoiseKind::colored;
    EXPECT_EQ(validate(parameters), impossible(Field::noise_kind));
    parameters.observation.observables = observe::set_of(observe::Observable::autocorrelation);
    EXPECT_EQ(validate(parameters), accepted) << "a correlation does not";
}

TEST(Validation, ALyapunovExponentNeedsAOneStageScheme) {
    auto parameters = observing(observe::Observable::lyapunov);
    for (const auto& [integrator, expected] :
         {std::pair{model::IntegratorKind::euler, accepted},
          std::pair{model::IntegratorKind::exponential_euler, accepted},
          std::pair{model::IntegratorKind::heun, impossible(Field::integrator)}}) {
        parameters.integrator = integrator;
        EXPECT_EQ(validate(parameters), expected);
    }
    parameters = observing(observe::Observable::autocorrelation);
    parameters.integrator = model::IntegratorKind::heun;
    EXPECT_EQ(validate(parameters), accepted);
}

TEST(Validation, ABlockHoldsEveryLag) {
    for (const auto observable :
         {observe::Observable::autocorrelation, observe::Observable::response}) {
        auto parameters = observing(observable);
        parameters.observation.block = 40;
        parameters.observation.lags = 40;
        EXPECT_EQ(validate(parameters), accepted);
        parameters.observation.lags = 41;
        EXPECT_EQ(validate(parameters), impossible(Field::observe_block));
    }
    auto without_lags = observing(observe::Observable::lyapunov);
    without_lags.observation.block = 40;
    without_lags.observation.lags = 41;
    EXPECT_EQ(validate(without_lags), accepted);
}

TEST(Validation, ABlockIsAtLeastTwoWholeWindows) {
    Parameters<float> parameters;
    parameters.observation.observables = observe::of_covariances;
    const auto verdict = [&parameters](std::uint32_t block, std::uint32_t window) {
        parameters.observation.block = block;
        parameters.observation.window = window;
        return validate(parameters);
    };
    EXPECT_EQ(verdict(8, 1), accepted);
    EXPECT_EQ(verdict(8, 4), accepted);
    EXPECT_EQ(verdict(8, 8), impossible(Field::observe_window)) << "one window";
    EXPECT_EQ(verdict(9, 4), impossible(Field::observe_window)) << "two and a bit";
    EXPECT_EQ(verdict(8, 16), impossible(Field::observe_window)) << "half of one";
    parameters.observation.observables = observe::set_of(observe::Observable::lyapunov);
    EXPECT_EQ(verdict(9, 4), accepted) << "nothing is averaged over windows";
}

} // namespace
} // namespace tinymf::experiment
