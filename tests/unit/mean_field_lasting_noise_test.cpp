// SPDX-License-Identifier: Apache-2.0
// Stationary states under static and coloured noise, far from and close to where they change.
#include <cmath>
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

/// C(0) and C(infinity) computed independently, by bivariate quadrature of the energy.
TEST(StationaryState, ChaosUnderStaticNoiseKeepsAPlateau) {
    struct Known {
        double gain, sigma, variance, plateau, tolerance;
    };
    for (const Known& known : std::vector<Known>{{2.0, 0.5, 2.40969, 1.53709, 5e-6},
                                                 {2.0, 0.1, 1.952121, .163528, 5e-7},
                                                 {3.0, 1.0, 7.100573473, 4.295323958, 1e-8}}) {
        const State state(
            stationary(ActivationKind::tanh, known.gain, known.sigma, NoiseKind::frozen));
        EXPECT_EQ(state.regime(), StationaryRegime::fluctuating);
        EXPECT_NEAR(state.variance(), known.variance, known.tolerance);
        EXPECT_NEAR(state.limit(), known.plateau, known.tolerance);
        EXPECT_NEAR(correlation_at(state, 60.0), known.plateau, 1e-3);
        const StationaryState<float, 16> single(
            stationary<float>(ActivationKind::tanh, known.gain, known.sigma, NoiseKind::frozen));
        EXPECT_NEAR(static_cast<double>(single.variance()) / known.variance, 1.0, 1e-5);
    }
}

/// Fixed points lose their stability where g^2 <phi'^2> = p^2/(2p-1) (1 - s2/v) > 1; then C(0) and
/// C(1) as the boundary value problem has them, solved by collocation.
TEST(StationaryState, PowersUnderStaticNoiseAreStableOrChaotic) {
    struct Known {
        double exponent, gain, noise, variance, later;
    };
    for (const Known& known :
         std::vector<Known>{{0.7, 1.2, 0.3, 2.167777270301, 2.165307288234},
                            {0.55, 3.0, 0.3, 75.311188559, 73.99792355735},
                            {0.61, 1.0, 0.0016, .5544953143186, .5472779612112}}) {
        auto parameters =
            stationary(ActivationKind::power_law, known.gain, known.noise, NoiseKind::frozen);
        parameters.exponent = known.exponent;
        const State state(parameters);
        EXPECT_EQ(state.regime(), StationaryRegime::fluctuating);
        EXPECT_NEAR(state.variance() / known.variance, 1.0, 2e-9);
        EXPECT_NEAR(correlation_at(state, 1.0) / known.later, 1.0, 5e-9);
        auto same = stationary<float>(ActivationKind::power_law, known.gain, known.noise,
                                      NoiseKind::frozen);
        same.exponent = static_cast<float>(known.exponent);
        const StationaryState<float, 16> single(same);
        EXPECT_NEAR(static_cast<double>(single.variance()) / known.variance, 1.0, 2e-4);
    }
    auto parameters = stationary(ActivationKind::power_law, 0.9, 0.3, NoiseKind::frozen);
    parameters.exponent = 0.8;
    const State state(parameters);
    EXPECT_EQ(state.regime(), StationaryRegime::fixed_point);
    EXPECT_EQ(state.limit(), state.variance());
}

/// Near a critical point shots from either side of the variance part slowly. C(0) as the boundary
/// value problem has it, solved by collocation; at a critical gain itself single precision loses a
/// digit.
TEST(StationaryState, SlowColouredNoiseNearACriticalPoint) {
    struct Known {
        ActivationKind activation;
        double gain, noise, time, variance;
    };
    for (const Known& known :
         std::vector<Known>{{ActivationKind::tanh, 1.098, 0.00236, 28, .1086614321416},
                            {ActivationKind::power_law, 0.95, 0.05, 5, .3521315951706},
                            {ActivationKind::erf, 1.13, 0.05, 100, .333866010784},
                            {ActivationKind::tanh, 1, 0.01, 1, .001650027213717},
                            {ActivationKind::pade, 1.01, 0.001, 10, .01008337850822}}) {
        auto parameters =
            stationary(known.activation, known.gain, known.noise, NoiseKind::colored, known.time);
        parameters.exponent = 0.75;
        EXPECT_NEAR(State(parameters).variance() / known.variance, 1.0, 1e-9);
        auto same = stationary<float>(known.activation, known.gain, known.noise, NoiseKind::colored,
                                      known.time);
        same.exponent = 0.75F;
        EXPECT_NEAR(static_cast<double>(StationaryState<float, 16>(same).variance()) /
                        known.variance,
                    1.0, known.gain == 1 ? 1e-4 : 1e-5);
    }
}

/// Much slower than the network, coloured noise is static; much faster, C(0) is that of the noise
/// alone, s2 tc/(1 + tc), as far as the coupling goes (order tc).
TEST(StationaryState, ColouredNoiseOfAnyTime) {
    const State frozen(stationary(ActivationKind::tanh, 0.8, 0.5, NoiseKind::frozen));
    const State slow(stationary(ActivationKind::tanh, 0.8, 0.5, NoiseKind::colored, 1048576));
    EXPECT_NEAR(slow.variance(), frozen.variance(), 2e-6);
    EXPECT_NEAR(correlation_at(slow, 60.0), frozen.variance(), 1e-3);
    // White noise of strength 2 s2 tc has the same power at frequency 0.
    constexpr double time = 1.0 / 1024;
    const State fast(stationary(ActivationKind::tanh, 0.8, 10, NoiseKind::colored, time));
    const State white(stationary(ActivationKind::tanh, 0.8, std::sqrt(200 * time)));
    EXPECT_NEAR(fast.variance() / white.variance(), 1.0, 3 * time);
}

} // namespace
} // namespace tinymf::mean_field
