// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "mean_field_runs.hpp"
#include "tinymf/mean_field/stationary.hpp"

namespace tinymf::mean_field {
namespace {

using model::ActivationKind;
using State = StationaryState<double, 64>;

template <class T = double>
model::Parameters<T> white_noise(ActivationKind activation, double gain, double sigma) {
    return white_noise_run<T>(activation, gain, 0.0, sigma, 1);
}

double correlation_at(const State& state, double lag) {
    auto correlation = state.correlation();
    correlation.advance(lag);
    return correlation.value();
}

/// F(c) of erf and of a rectifier, closed.
double erf_product(double c, double variance) {
    return 2 / std::acos(-1.0) * std::asin(2 * c / (1 + 2 * variance));
}

double relu_product(double c, double variance) {
    const double share = std::min(1.0, c / variance);
    const double angle = std::acos(share);
    return variance / (2 * std::acos(-1.0)) *
           (std::sin(angle) + (std::acos(-1.0) - angle) * std::cos(angle));
}

/// C(lag) of C'' = C - g^2 F, C'(0+) = -sigma^2/2, in steps so short that no square root in F
/// shows.
double correlation_in_fine_steps(double (*product)(double, double), double gain, double sigma,
                                 double variance, double lag) {
    constexpr int steps = 50000;
    const double h = lag / steps;
    const auto force = [&](double c) { return c - gain * gain * product(c, variance); };
    double c = variance;
    double v = -sigma * sigma / 2;
    for (int i = 0; i < steps; ++i) {
        const double a1 = force(c);
        const double a2 = force(c + h / 2 * v);
        const double v2 = v + h / 2 * a1;
        const double a3 = force(c + h / 2 * v2);
        const double v3 = v + h / 2 * a2;
        const double a4 = force(c + h * v3);
        c += h / 6 * (v + 2 * (v2 + v3) + v + h * a3);
        v += h / 6 * (a1 + 2 * (a2 + a3) + a4);
    }
    return c;
}

/// White noise so strong that C leaves the variance within thousandths of a time constant, and a
/// rectifier, whose F bends there whatever the noise: to what StationaryState states at lag 0.
TEST(StationaryState, StrongNoiseIsFollowedFromLagZeroOn) {
    struct Known {
        ActivationKind activation;
        double (*product)(double, double);
        double gain, sigma;
    };
    for (const Known& known : std::vector<Known>{{ActivationKind::erf, erf_product, 1.2, 10},
                                                 {ActivationKind::erf, erf_product, 3, 30},
                                                 {ActivationKind::erf, erf_product, 10, 100},
                                                 {ActivationKind::erf, erf_product, 100, 100},
                                                 {ActivationKind::relu, relu_product, 1.2, 0.01},
                                                 {ActivationKind::relu, relu_product, 1.3, 1}}) {
        const State state(white_noise(known.activation, known.gain, known.sigma));
        const double v = state.variance();
        for (const double lag : {0.0625, 0.25, 0.5}) {
            EXPECT_NEAR(
                correlation_at(state, lag) / v,
                correlation_in_fine_steps(known.product, known.gain, known.sigma, v, lag) / v, 1e-9)
                << known.gain << " " << known.sigma << " " << lag;
        }
    }
}

/// As theory has it, by the Riccati equation along its own solution of C.
TEST(StationaryState, LyapunovExponentUnderStrongNoiseAndOfARectifier) {
    struct Known {
        ActivationKind activation;
        double gain, sigma, exponent;
    };
    for (const Known& known : std::vector<Known>{{ActivationKind::relu, 0.6, 1, -.688640382},
                                                 {ActivationKind::relu, 1.2, 1, -.303949686},
                                                 {ActivationKind::tanh, 10, 30, -.628824032},
                                                 {ActivationKind::erf, 10, 30, -.628370703}}) {
        EXPECT_NEAR(
            State(white_noise(known.activation, known.gain, known.sigma)).lyapunov_exponent(),
            known.exponent, 2e-7)
            << known.gain;
        const StationaryState<float, 16> single(
            white_noise<float>(known.activation, known.gain, known.sigma));
        EXPECT_NEAR(static_cast<double>(single.lyapunov_exponent()), known.exponent, 1e-5)
            << known.gain;
    }
}

} // namespace
} // namespace tinymf::mean_field
