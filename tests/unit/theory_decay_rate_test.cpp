// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

#include "theory/fluctuating_state.hpp"
#include "theory/lag_window.hpp"
#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::IntegratorKind;
using model::NoiseKind;

// The rate in which C_x ends: sqrt(1 - (g <phi'>)^2) in the continuum, the table's digits; on grids
// from the tail itself; coloured noise of a long memory sets the rate.
TEST(DecayRate, IsThatOfTheTail) {
    const auto rate = [](const Parameters& parameters, bool discrete = false) {
        return predict(parameters, {.tau = {0.5}, .discrete = discrete})
            .stationary.decay_rate.value();
    };
    EXPECT_NEAR(rate(theory_parameters(ActivationKind::tanh, 1.5, 0.0)), .1615790838, 1e-10);
    EXPECT_NEAR(rate(theory_parameters(ActivationKind::tanh, 2.0, 0.0)), .2280737123, 1e-10);
    EXPECT_NEAR(rate(linear_parameters(0.6, 0.0)), 0.8, 1e-15);
    Parameters colored = theory_parameters(ActivationKind::tanh, 0.5, 1.0, NoiseKind::colored);
    colored.noise_time = 4.0;
    EXPECT_DOUBLE_EQ(rate(colored), 0.25);
    for (const auto& parameters :
         {theory_parameters(ActivationKind::tanh, 1.2, 1.0),
          theory_parameters(ActivationKind::relu, 1.3, 1.0), linear_parameters(0.8, 0.0)}) {
        for (const auto integrator :
             {IntegratorKind::euler, IntegratorKind::exponential_euler, IntegratorKind::heun}) {
            const FluctuatingState state = fluctuating_state(parameters, drive_of(parameters),
                                                             TimeScheme::grid(integrator, 0.2))
                                               .value();
            // Differences take out the plateau of ReLU. What is left of other exponentials, of Heun
            // one that falls as a neuron alone, is below 1e-4 of this one.
            const auto c = state.correlation_at(std::vector{12.0, 13.0, 14.0});
            std::printf("rate %.6f\n", state.decay_rate);
            EXPECT_NEAR(std::log((c[0] - c[1]) / (c[1] - c[2])), state.decay_rate, 1e-4);
        }
    }
    Parameters map = linear_parameters(0.6, 0.0);
    map.dt = 0.1;
    // 1 + alpha^2 - 2 alpha cosh(rate dt) = (g beta)^2, alpha = 0.9, beta = 0.1.
    EXPECT_NEAR(rate(map, true), std::acosh((1.81 - 0.0036) / 1.8) / 0.1, 1e-12);
    EXPECT_FALSE(predict(linear_parameters(0.5, 0.5)).stationary.decay_rate.known());
}

// Under coloured noise the window of lags is guessed without the couplings, which slow the decay
// down near the onset of chaos. The tail beyond the guess falls at the rate of the slope at the
// origin; terms of C^3 and the iteration's tolerance change that by 1e-8 of it.
TEST(DecayRate, IsThatOfATailBeyondTheGuessedWindow) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 1.3, 0.3, NoiseKind::colored);
    parameters.noise_time = 0.05;
    const Drive drive = drive_of(parameters);
    for (const auto integrator : {IntegratorKind::euler, IntegratorKind::heun}) {
        const FluctuatingState state =
            fluctuating_state(parameters, drive, TimeScheme::grid(integrator, 0.1)).value();
        ASSERT_LT(1.5 * guessed_window(parameters, drive), lag_window(state.decay_rate));
        const auto c = state.correlation_at(std::vector{60.0, 70.0});
        std::printf("rate %.8f\n", state.decay_rate);
        EXPECT_NEAR(std::log(c[0] / c[1]) / 10.0, state.decay_rate, 1e-6);
    }
}

} // namespace
} // namespace tinymf::host
