// SPDX-License-Identifier: Apache-2.0
#include "tinymf/mean_field/stationary.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "stationary_states.hpp"

namespace tinymf::mean_field {
namespace {

using model::ActivationKind;
using model::NoiseKind;
using test::correlation_at;
using test::stationary;
using State = test::WideState;

struct KnownState {
    double gain;
    double sigma;
    double variance;
    double output_variance;
    std::array<double, 6> correlation; ///< at lags 1/2, 1, 2, 3, 5, 10
};

constexpr std::array<KnownState, 4> known_states{{
    {1.5,
     0.0,
     .747686380553,
     .342093488684,
     {.7449427509, .7368226042, .7059100168, .6593329090, .5413578992, .2722505983}},
    {2.0,
     0.0,
     1.924805413737,
     .513178065978,
     {1.9089558613, 1.8630026306, 1.6996598391, 1.4816623877, 1.0345780767, .3510613919}},
    {0.5,
     1.0,
     .536130957452,
     .285106136312,
     {.3362420205, .2108240006, .0828619634, .0325655791, .0050298558, .0000471551}},
    {1.5,
     1.0,
     1.118095914705,
     .414641217598,
     {.8909118701, .7064085361, .4408370617, .2738967848, .1053171879, .0096240396}},
}};
constexpr std::array<double, 6> known_lags{0.5, 1.0, 2.0, 3.0, 5.0, 10.0};

TEST(StationaryState, TanhWithAndWithoutNoise) {
    for (const KnownState& known : known_states) {
        const State state(stationary(ActivationKind::tanh, known.gain, known.sigma));
        EXPECT_EQ(state.regime(), StationaryRegime::fluctuating);
        EXPECT_NEAR(state.variance(), known.variance, 2e-12);
        EXPECT_NEAR(state.output_variance(), known.output_variance, 2e-12);
        EXPECT_NEAR(state.mean_slope(), 1 - known.output_variance, 2e-12);
        for (std::size_t i = 0; i < known_lags.size(); ++i) {
            EXPECT_NEAR(correlation_at(state, known_lags[i]), known.correlation[i],
                        known_lags[i] > 5 ? 1e-8 : 2e-10);
        }
    }
}

TEST(StationaryState, SinglePrecision) {
    for (const KnownState& known : known_states) {
        const StationaryState<float, 16> state(
            stationary<float>(ActivationKind::tanh, known.gain, known.sigma));
        EXPECT_NEAR(state.variance(), known.variance, 4e-6F);
    }
    const StationaryState<float, 16> chaotic(stationary<float>(ActivationKind::tanh, 1.5, 0.0));
    EXPECT_NEAR(chaotic.lyapunov_exponent(), .046746220F, 1e-5F);
}

TEST(StationaryState, OtherActivations) {
    EXPECT_NEAR(State(stationary(ActivationKind::erf, 1, 1)).variance(), .732258540, 1e-9);
    const State rectified(stationary(ActivationKind::relu, 1, 1));
    EXPECT_NEAR(rectified.variance(), .781536334, 1e-9);
    EXPECT_NEAR(rectified.limit(), .169775973, 1e-9);
    EXPECT_NEAR(correlation_at(rectified, 12), .169775973, 1e-4);
    const State power(stationary(ActivationKind::power_law, 0.5, 1));
    EXPECT_NEAR(power.variance(), .575237, 5e-7); // its printed digits
    EXPECT_NEAR(State(stationary(ActivationKind::pade, 0.5, 1)).variance(), .534177, 1e-6);
    EXPECT_NEAR(State(stationary(ActivationKind::pade, 1, 1)).variance(), .667859, 1e-6);
}

/// Linear phi: Delta = sigma^2/(2 sqrt(1 - g^2)), C = Delta e^(-k tau), lambda = g - 1.
TEST(StationaryState, LinearPhi) {
    for (const double gain : {0.0, 0.3, 0.8}) {
        const State state(stationary(ActivationKind::linear, gain, 1));
        const double k = std::sqrt(1 - gain * gain);
        EXPECT_NEAR(state.variance(), 0.5 / k, 1e-13);
        EXPECT_NEAR(correlation_at(state, 2.0), 0.5 / k * std::exp(-2 * k), 1e-9);
        EXPECT_NEAR(state.lyapunov_exponent(), gain - 1, 1e-12);
    }
    EXPECT_EQ(State(stationary(ActivationKind::linear, 1.2, 1)).regime(), StationaryRegime::none);
}

/// Also in single precision, where the search would stop at a rounding error.
TEST(StationaryState, ReluFromItsCriticalGainOnGrowsWithoutBound) {
    using Single = StationaryState<float, 16>;
    for (const double gain : {1.415, 1.6, 10.0}) {
        const auto parameters = stationary<float>(ActivationKind::relu, gain, 1);
        EXPECT_EQ(Single(parameters).regime(), StationaryRegime::none) << gain;
    }
    EXPECT_EQ(Single(stationary<float>(ActivationKind::relu, 1.3, 1)).regime(),
              StationaryRegime::fluctuating);
}

TEST(StationaryState, LyapunovExponentOfTanh) {
    const auto exponent = [](double gain, double sigma) {
        return State(stationary(ActivationKind::tanh, gain, sigma)).lyapunov_exponent();
    };
    EXPECT_NEAR(exponent(1.5, 0), .046746220, 1e-8);
    EXPECT_NEAR(exponent(2.0, 0), .112458110, 1e-8);
    EXPECT_NEAR(exponent(1.5, 1), -.107252043, 1e-8);
    EXPECT_NEAR(exponent(0.9, 0), -0.1, 1e-12); // silent
    // Close to the onset without noise: (g - 1)^2/2 to leading order.
    EXPECT_NEAR(exponent(1.02, 0) / (0.02 * 0.02 / 2), 1.0, 0.1);
}

/// A shallow well on the line always binds: the exponent lies above the edge -1 + g b of the
/// continuous spectrum, by (1/2 of the well's area)^2/2 over g b to leading order.
TEST(StationaryState, ShallowWellBinds) {
    const State state(stationary(ActivationKind::tanh, 0.5, 1));
    const double edge = 0.5 * state.mean_slope();
    double half_area = 0;
    auto correlation = state.correlation();
    double before = 0.25 * state.output(correlation.value()).derivative - edge * edge;
    while (correlation.lag() < 20) {
        correlation.advance(State::substep);
        const double after = 0.25 * state.output(correlation.value()).derivative - edge * edge;
        half_area += (before + after) / 2 * State::substep;
        before = after;
    }
    const double binding = half_area * half_area / (2 * edge);
    const double found = state.lyapunov_exponent() + 1 - edge;
    EXPECT_GT(found, 0);
    EXPECT_NEAR(found / binding, 1.0, 0.02);
}

/// With sigma = 0.5 chaos sets in at g = 1.47556803, and at g = 1 without noise.
TEST(StationaryState, OnsetOfChaosWithNoise) {
    double low = 1.45;
    double high = 1.5;
    for (int i = 0; i < 18; ++i) {
        const double gain = (low + high) / 2;
        const State state(stationary(ActivationKind::tanh, gain, 0.5));
        (state.lyapunov_exponent() < 0 ? low : high) = gain;
    }
    EXPECT_NEAR((low + high) / 2, 1.47556803, 2e-7);
}

/// Fixed points under static noise: Delta = sigma^2 + g^2 q, lambda = -1 + g sqrt(<phi'^2>).
TEST(StationaryState, StaticNoise) {
    struct Known {
        ActivationKind activation;
        double gain;
        double sigma_squared;
        double variance;
        double stability; ///< g^2 <phi'^2>
    };
    const std::vector<Known> known{
        {ActivationKind::tanh, .5, .1, .125452, .2053},
        {ActivationKind::tanh, 1, 1, 1.463851, .3989},
        {ActivationKind::pade, .5, .25, .298030, .1694},
        {ActivationKind::pade, 1, 1, 1.402852, .3916},
        {ActivationKind::linear, .5, 1, 4.0 / 3.0, .25},
    };
    for (const Known& k : known) {
        const State state(
            stationary(k.activation, k.gain, std::sqrt(k.sigma_squared), NoiseKind::frozen));
        EXPECT_EQ(state.regime(), StationaryRegime::fixed_point);
        EXPECT_NEAR(state.variance(), k.variance, 1e-6);
        EXPECT_NEAR(correlation_at(state, 1.0), state.variance(), 0.0);
        EXPECT_NEAR(state.lyapunov_exponent(), std::sqrt(k.stability) - 1, 1e-4);
    }
}

TEST(StationaryState, ColouredNoise) {
    const State one(stationary(ActivationKind::tanh, 1.2, 1, NoiseKind::colored, 1));
    EXPECT_NEAR(one.variance(), .93167, 1e-5);
    EXPECT_NEAR(one.output_variance(), .38146, 1e-5);
    const State two(stationary(ActivationKind::tanh, 1.2, 1, NoiseKind::colored, 2));
    EXPECT_NEAR(two.variance(), 1.18317, 1e-5);
    // Without coupling: sigma^2 tc/(1 + tc).
    const State free(stationary(ActivationKind::tanh, 0, 1, NoiseKind::colored, 3));
    EXPECT_NEAR(free.variance(), 0.75, 1e-15);
}

/// Without coupling and without noise, and below the critical gain, nothing moves.
TEST(StationaryState, SilenceIsExactlyZero) {
    for (const auto& parameters :
         {stationary(ActivationKind::tanh, 0, 0), stationary(ActivationKind::tanh, 0.99, 0),
          stationary(ActivationKind::relu, 1.2, 0), stationary(ActivationKind::linear, 0.5, 0),
          stationary(ActivationKind::erf, 0.5, 0), stationary(ActivationKind::pade, 0.9, 0)}) {
        const State state(parameters);
        EXPECT_EQ(state.regime(), StationaryRegime::silent);
        EXPECT_EQ(state.variance(), 0.0);
        EXPECT_EQ(state.output_variance(), 0.0);
        EXPECT_EQ(correlation_at(state, 3.0), 0.0);
    }
}

/// E[Phi^2] - E[Phi]^2, Phi = ln cosh, by Simpson's rule in asinh x: what g^2 times it, less
/// variance^2/2, makes of sigma^4/8 must vanish.
double tanh_energy(double gain, double sigma, double variance) {
    const auto log_cosh = [](double x) {
        const double m = std::abs(x);
        return m < 1e-4 ? x * x / 2 : m + std::log1p(std::exp(-2 * m)) - std::log(2.0);
    };
    const double end = std::asinh(12 * std::sqrt(variance));
    constexpr int intervals = 4000;
    double norm = 0;
    double mean = 0;
    double square = 0;
    for (int i = 0; i <= intervals; ++i) {
        const double x = std::sinh(-end + 2 * end * i / intervals);
        const double weight =
            (i % 2 == 1 ? 2.0 : 1.0) * std::sqrt(1 + x * x) * std::exp(-x * x / (2 * variance));
        norm += weight;
        mean += weight * log_cosh(x);
        square += weight * log_cosh(x) * log_cosh(x);
    }
    mean /= norm;
    return std::pow(sigma, 4) / 8 - variance * variance / 2 +
           gain * gain * (square / norm - mean * mean);
}

TEST(StationaryState, VarianceOfTanhAtEveryGain) {
    for (const double gain : {1.01, 1.5, 10.0, 30.0, 100.0}) {
        for (const double sigma : {0.0, 1.0, 100.0}) {
            const State state(stationary(ActivationKind::tanh, gain, sigma));
            const double v = state.variance();
            const double h = 1e-4 * v;
            const double slope =
                (tanh_energy(gain, sigma, v + h) - tanh_energy(gain, sigma, v - h)) / (2 * h);
            EXPECT_LT(std::abs(tanh_energy(gain, sigma, v) / slope), 1e-9 * v)
                << gain << " " << sigma;
            const StationaryState<float, 16> single(
                stationary<float>(ActivationKind::tanh, gain, sigma));
            EXPECT_NEAR(static_cast<double>(single.variance()) / v, 1.0, gain < 1.1 ? 1e-3 : 1e-5);
        }
    }
}

/// v^2 = s2^2/4 + 2 g^2 k v^(p+1) with k = (m_(2p+2) - m_(p+1)^2)/(p+1)^2, m_a = E|z|^a; without
/// noise v = (2 g^2 k)^(1/(1-p)).
TEST(StationaryState, VarianceOfPowersAtEveryExponent) {
    const auto moment = [](double a) {
        return std::pow(2.0, a / 2) * std::tgamma((a + 1) / 2) / std::sqrt(std::acos(-1.0));
    };
    for (const double p : {0.0625, 0.3, 0.5, 0.75, 0.9, 1.5, 3.0}) {
        for (const double sigma : {0.0, 0.5}) {
            const double gain = p > 1 ? 0.1 : 1.2;
            auto parameters = stationary(ActivationKind::power_law, gain, sigma);
            parameters.exponent = p;
            const State state(parameters);
            if (p > 1 && sigma == 0.0) {
                EXPECT_EQ(state.regime(), StationaryRegime::silent);
                continue;
            }
            const double k = (moment(2 * p + 2) - std::pow(moment(p + 1), 2)) / std::pow(p + 1, 2);
            const double v = state.variance();
            const double right = std::pow(sigma, 4) / 4 + 2 * gain * gain * k * std::pow(v, p + 1);
            EXPECT_NEAR(v * v / right, 1.0, 1e-11) << p << " " << sigma;
        }
    }
}

TEST(StationaryState, APadeTooWideForItsSeriesIsUnresolved) {
    EXPECT_EQ(State(stationary(ActivationKind::pade, 1, 1)).regime(),
              StationaryRegime::fluctuating);
    EXPECT_EQ(State(stationary(ActivationKind::pade, 100, 1)).regime(),
              StationaryRegime::unresolved);
}

/// Noise whose variances have no squares in single precision: a weak drive is answered linearly,
/// C(0) = s2/(2 k), k^2 = 1 - g^2, and moves a chaotic state by nothing that shows.
// Where noise makes the input, the outputs decide nothing about the state, but are told, too. Poles
// at .2 and .01 deviations; at 1.4 all is as good as promised.
TEST(StationaryState, APadeWithPolesTooNearForItsQuadratureIsUnresolved) {
    const auto state_of = [](double denominator, double noise, double noise_time) {
        auto p = stationary(ActivationKind::pade, 0, noise);
        p.pade_denominator = {denominator};
        p.noise_kind = model::NoiseKind::colored;
        p.noise_time = noise_time;
        return State(p);
    };
    EXPECT_EQ(state_of(0.586033, 6.75995, 42.2438).regime(), StationaryRegime::unresolved);
    EXPECT_EQ(state_of(8.17186, 42.1569, 1.33345).regime(), StationaryRegime::unresolved);
    const auto near = state_of(0.5, 1.0, 42.2438);
    ASSERT_EQ(near.regime(), StationaryRegime::fluctuating);
    double expected = 0.0;
    for (double z = -10.0; z <= 10.0; z += 0x1p-10) {
        const double x = std::sqrt(near.variance()) * z;
        expected += 0x1p-10 * std::exp(-z * z / 2.0) / std::sqrt(2.0 * std::numbers::pi) *
                    std::pow(x / (1.0 + 0.5 * x * x), 2);
    }
    EXPECT_NEAR(near.output(near.variance()).value, expected, 1e-9 * expected);
}

TEST(StationaryState, NoiseOfAnyStrength) {
    using Single = StationaryState<float, 16>;
    for (const double noise : {1e-6, 1e-9, 1e-12, 1e-14}) {
        for (const ActivationKind kind :
             {ActivationKind::tanh, ActivationKind::pade, ActivationKind::linear}) {
            const Single weak(stationary<float>(kind, 0.6, noise));
            EXPECT_NEAR(static_cast<double>(weak.variance()) / (noise * noise), 1 / 1.6, 1e-5)
                << noise;
            auto correlation = weak.correlation();
            for (int i = 0; i < 32; ++i) {
                correlation.advance(Single::substep);
            }
            EXPECT_NEAR(static_cast<double>(correlation.value()) / (noise * noise),
                        std::exp(-0.8 * 2.0) / 1.6, 1e-4)
                << noise;
        }

        // A rectifier knows no scale.
        const Single one(stationary<float>(ActivationKind::relu, 0.6, 1.0));
        const Single small(stationary<float>(ActivationKind::relu, 0.6, noise));
        EXPECT_NEAR(static_cast<double>(small.variance() / one.variance()) / (noise * noise), 1.0,
                    1e-5);
        const Single chaos(stationary<float>(ActivationKind::tanh, 1.5, noise));
        EXPECT_NEAR(static_cast<double>(chaos.variance()), .747686380553, 1e-5);
    }
}

TEST(StationaryState, RefusesWhatItCannotSolve) {
    using experiment::Field;
    auto parameters = stationary(ActivationKind::tanh, 1.5, 1);
    EXPECT_FALSE(State::refuse(parameters));
    parameters.reciprocity = 0.5;
    EXPECT_EQ(State::refuse(parameters), impossible(Field::reciprocity));
    EXPECT_EQ(State::refuse(stationary(ActivationKind::relu, 1, 1, NoiseKind::colored)),
              impossible(Field::noise_kind));
    parameters = stationary(ActivationKind::tanh, 1.5, 1);
    parameters.stimulus = model::StimulusKind::constant;
    EXPECT_EQ(State::refuse(parameters), impossible(Field::stimulus_kind));
}

TEST(StationaryState, RefusesFixedPointsThatAreNeverStable) {
    auto parameters = stationary(ActivationKind::power_law, 0.5, 1, NoiseKind::frozen);
    EXPECT_FALSE(State::refuse(parameters));
    parameters.exponent = 0.5;
    EXPECT_EQ(State::refuse(parameters), impossible(experiment::Field::exponent));
}

static_assert(sizeof(State) < 16 * 1024);
static_assert(sizeof(StationaryState<float, 16>) < 2 * 1024);

} // namespace
} // namespace tinymf::mean_field
