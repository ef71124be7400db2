// SPDX-License-Identifier: Apache-2.0
#include "reference/stationary_equation.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::NoiseKind;
using Parameters = experiment::Parameters<double>;

Parameters parameters_of(ActivationKind activation, double gain, double noise, NoiseKind kind,
                         double time = 1.0) {
    Parameters p;
    p.activation = activation;
    p.gain = gain;
    p.noise = noise;
    p.noise_kind = kind;
    p.noise_time = time;
    return p;
}

const std::vector<double> lags{0.0, 0.5, 1.0, 2.0, 5.0};

/// Published and independently computed values; white noise on a linear network is
/// sigma^2 exp(-k tau)/(2 k), k^2 = 1 - g^2.
TEST(StationaryEquation, KnownStates) {
    const auto chaos =
        solve_stationary_equation(parameters_of(ActivationKind::tanh, 1.5, 0.0, NoiseKind::white),
                                  {0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0});
    ASSERT_TRUE(chaos);
    constexpr std::array known{.747686380553, .7449427509, .7368226042, .7059100168,
                               .6593329090,   .5413578992, .2722505983};
    for (std::size_t k = 0; k < known.size(); ++k) {
        EXPECT_NEAR(chaos->Cx[k], known[k], 1e-10) << k;
    }
    EXPECT_NEAR(chaos->Cphi[0], .342093488684, 1e-11);

    const auto linear = solve_stationary_equation(
        parameters_of(ActivationKind::linear, 0.6, 2.0, NoiseKind::white), lags);
    ASSERT_TRUE(linear);
    for (std::size_t k = 0; k < lags.size(); ++k) {
        EXPECT_NEAR(linear->Cx[k], 4.0 * std::exp(-0.8 * lags[k]) / 1.6, 1e-11) << lags[k];
    }

    const auto plateau = solve_stationary_equation(
        parameters_of(ActivationKind::tanh, 2.0, 0.5, NoiseKind::frozen), {0.0, 1000.0});
    ASSERT_TRUE(plateau);
    EXPECT_NEAR(plateau->Cx[0], 2.40969, 5e-6);
    EXPECT_NEAR(plateau->Cx[1], 1.53709, 5e-6);

    const auto fixed = solve_stationary_equation(
        parameters_of(ActivationKind::tanh, 1.0, 1.0, NoiseKind::frozen), lags);
    ASSERT_TRUE(fixed);
    EXPECT_NEAR(fixed->Cx[4], 1.463851, 1e-6);
}

/// The two independent solutions meet: neither shares a line with the other.
TEST(StationaryEquation, MeetsTheory) {
    std::vector<Parameters> all;
    all.push_back(parameters_of(ActivationKind::tanh, 0.95, 0.05, NoiseKind::white));
    all.push_back(parameters_of(ActivationKind::erf, 1.2, 1.0, NoiseKind::colored, 5.0));
    all.push_back(parameters_of(ActivationKind::pade, 1.5, 0.0, NoiseKind::white));
    all.push_back(parameters_of(ActivationKind::power_law, 0.7, 1.0, NoiseKind::white));
    all.push_back(parameters_of(ActivationKind::relu, 0.8, 1.0, NoiseKind::white));
    all.push_back(parameters_of(ActivationKind::erf, 0.5, 100.0, NoiseKind::white));
    all.push_back(parameters_of(ActivationKind::power_law, 1.2, 0.3, NoiseKind::frozen));
    all.back().exponent = 0.7;
    all.push_back(parameters_of(ActivationKind::power_law, 1.0, 0.0016, NoiseKind::frozen));
    all.back().exponent = 0.61;
    all.push_back(parameters_of(ActivationKind::tanh, 1.09809, 0.00235573, NoiseKind::colored, 28));
    double worst = 0.0;
    for (const Parameters& p : all) {
        const std::string place = fmt::format(
            "{} g {} sigma {} {}", model::activation_names[static_cast<std::size_t>(p.activation)],
            p.gain, p.noise, model::noise_names[static_cast<std::size_t>(p.noise_kind)]);
        const Prediction theory = predict(p, {.tau = lags});
        const auto found = solve_stationary_equation(p, lags);
        ASSERT_TRUE(found) << place;
        for (std::size_t k = 0; k < lags.size(); ++k) {
            const double expected = theory.stationary.input_correlation.value()[k];
            const double difference = std::abs(found->Cx[k] - expected) / found->Cx[0];
            worst = std::max(worst, difference);
            // Theory's steps leave 1e-12; a critical point nearby amplifies what both leave.
            EXPECT_LT(difference, 1e-10) << place << " tau " << lags[k];
        }
    }
    std::printf("%zu states, largest difference %.1e C(0)\n", all.size(), worst);
}

TEST(StationaryEquation, SaysWhereItHasNone) {
    EXPECT_FALSE(solve_stationary_equation(
        parameters_of(ActivationKind::linear, 1.1, 1.0, NoiseKind::white), lags));
    EXPECT_FALSE(solve_stationary_equation(
        parameters_of(ActivationKind::relu, 1.5, 1.0, NoiseKind::white), lags));
    EXPECT_FALSE(solve_stationary_equation(
        parameters_of(ActivationKind::tanh, 0.5, 0.0, NoiseKind::white), lags));
    EXPECT_FALSE(solve_stationary_equation(
        parameters_of(ActivationKind::tanh, 90.0, 1.0, NoiseKind::white), lags));
}

} // namespace
} // namespace tinymf::host
