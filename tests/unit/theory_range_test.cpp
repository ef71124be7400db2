// SPDX-License-Identifier: Apache-2.0
// Theory at the ends of its parameters' ranges, against closed forms and values computed
// independently.

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::NoiseKind;

Parameters colored(Parameters parameters, double noise_time) {
    parameters.noise_kind = NoiseKind::colored;
    parameters.noise_time = noise_time;
    return parameters;
}

std::vector<double> noise_times() {
    std::vector<double> times;
    for (int k = -10; k <= 20; k += 2) {
        times.push_back(std::ldexp(1.0, k));
    }
    return times;
}

// gain 1/2: values computed independently, to the printed digits.
TEST(TheoryRange, LinearDimensionUnderSlowNoise) {
    const auto dimension = [](double time) {
        return predict(colored(linear_parameters(0.5, 0.0), time)).participation.input.value();
    };
    EXPECT_NEAR(dimension(500.0), .56320, 5e-6);
    EXPECT_NEAR(dimension(2000.0), .56268, 5e-6);
    EXPECT_NEAR(dimension(1e4), .56254, 5e-6);
    EXPECT_NEAR(
        predict(colored(linear_parameters(0.5, 0.0), 1e4)).stationary.input_variance.value(),
        1.33317, 2e-5);
}

// With k = sqrt(1 - g^2): C(0) = s2 tc/(k (1 + k tc)), and
// C(tau) = s2 tc (tc exp(-tau/tc) - exp(-k tau)/k)/(k^2 tc^2 - 1).
TEST(TheoryRange, LinearCorrelationAtEveryNoiseTime) {
    for (const double gain : {0.0, 0.5, 0.999}) {
        const double k = std::sqrt((1.0 - gain) * (1.0 + gain));
        for (const double time : noise_times()) {
            const PredictionRequest request{.tau = {0.5, 5.0, 1000.0}};
            const Prediction p = predict(colored(linear_parameters(gain, 0.0), time), request);
            const double variance = time / (k * (1.0 + k * time));
            EXPECT_NEAR(p.stationary.input_variance.value() / variance, 1.0, 1e-12);
            if (std::abs(k * time - 1.0) < 1e-3) {
                continue; // the closed form cancels
            }
            for (std::size_t j = 0; j < request.tau.size(); ++j) {
                const double tau = request.tau[j];
                const double exact = time *
                                     (time * std::exp(-tau / time) - std::exp(-k * tau) / k) /
                                     ((k * time - 1.0) * (k * time + 1.0));
                EXPECT_NEAR(p.stationary.input_correlation.value()[j] / variance, exact / variance,
                            1e-11)
                    << gain << " " << time << " " << tau;
            }
        }
    }
}

// As tc -> 0 noise becomes white, as tc -> infinity static; in between the dimension lies between.
TEST(TheoryRange, DimensionsLieBetweenTheirLimits) {
    for (const bool discrete : {false, true}) {
        for (const double gain : {0.3, 0.9}) {
            const PredictionRequest request{.discrete = discrete};
            const double white =
                predict(linear_parameters(gain, 0.0), request).participation.input.value();
            const double frozen = std::pow(1.0 - gain * gain, 2);
            double before = 1.0;
            for (const double time : noise_times()) {
                const Prediction p = predict(colored(linear_parameters(gain, 0.0), time), request);
                const double d = p.participation.input.value();
                EXPECT_GT(d, frozen);
                EXPECT_LT(d, before); // falls with the noise time
                before = d;
                if (time < 0.002 && !discrete) {
                    EXPECT_NEAR(d, white, 0.01 * white);
                }
                if (time > 1e6) {
                    EXPECT_NEAR(d, frozen, 1e-5);
                }
            }
        }
    }
}

// D = 8 k^3/(3 - 2 k + 4 k^2 + 2 k^3 + k^4), to 1e-11.
TEST(TheoryRange, DimensionCloseToTheCriticalGain) {
    for (const double gain : {0.9, 0.99999, 0.999999, 0.99999999}) {
        const double k = std::sqrt((1.0 - gain) * (1.0 + gain));
        const double exact =
            8.0 * k * k * k / (3.0 - 2.0 * k + 4.0 * k * k + 2.0 * k * k * k + k * k * k * k);
        const Prediction p = predict(linear_parameters(gain, 0.0));
        EXPECT_NEAR(p.participation.input.value() / exact, 1.0, 1e-11) << gain;
        EXPECT_NEAR(p.stationary.input_variance.value() * 2.0 * k, 1.0, 1e-11);
    }
}

// Reciprocity -1 only rotates: D = 1, C(0) = s2/2 at every gain. Reciprocity 1:
// C(0) = (1 - sqrt(1 - 4 g^2))/(4 g^2), D = S sqrt(1 - 4 g^2) with S = 4 C(0)/2.
TEST(TheoryRange, DimensionsAtFullReciprocity) {
    for (const double gain : {0.01, 1.0, 10.0, 100.0}) {
        const Prediction p = predict(linear_parameters(gain, -1.0));
        EXPECT_NEAR(p.stationary.input_variance.value(), 0.5, 1e-11) << gain;
        EXPECT_NEAR(p.participation.input.value(), 1.0, 1e-11) << gain;
    }
    for (const double gain : {0.1, 0.4, 0.4999}) {
        const double root = std::sqrt((1.0 - 2.0 * gain) * (1.0 + 2.0 * gain));
        const double variance = 1.0 / (1.0 + root);
        const Prediction p = predict(linear_parameters(gain, 1.0));
        EXPECT_NEAR(p.stationary.input_variance.value() / variance, 1.0, 1e-11) << gain;
        EXPECT_NEAR(p.participation.input.value() / (2.0 * variance * root), 1.0, 1e-9) << gain;
        const Prediction late = predict(linear_parameters(gain, 1.0), {.tau = {1000.0, 9999.0}});
        for (const double response : late.stationary.response.value()) {
            EXPECT_TRUE(response >= 0.0 && response < 1.0); // the Bessel function overflows
        }
    }
}

// A nonlinear theory of a nearly linear activation is that of the linear one, at every noise time.
TEST(TheoryRange, NonlinearCorrelationsUnderSlowNoise) {
    for (const double time : {1.0 / 1024, 0.1, 1.0, 30.0, 2000.0, 1048576.0}) {
        const Parameters parameters = colored(pade_parameters(1e-9, 0.5, 1.0), time);
        const Prediction linear = predict(colored(linear_parameters(0.5, 0.0), time));
        const Prediction p = predict(parameters);
        // First order in c = 1e-9; the lag panels add 1e-11.
        EXPECT_NEAR(p.stationary.input_variance.value(), linear.stationary.input_variance.value(),
                    1e-8);
        EXPECT_NEAR(p.participation.input.value(), linear.participation.input.value(), 1e-7)
            << time;
        EXPECT_NEAR(p.participation.output.value(), linear.participation.output.value(), 1e-7);
    }
}

// Slow noise on tanh: below and above the onset of chaos it becomes static noise, up to order
// 1/tc in the variance.
TEST(TheoryRange, SlowNoiseIsStatic) {
    for (const double s2 : {0.25, 1.0}) {
        for (const double gain : {0.8, 2.0}) {
            Parameters parameters =
                theory_parameters(ActivationKind::tanh, gain, s2, NoiseKind::frozen);
            const double frozen = predict(parameters).stationary.input_variance.value();
            const Prediction slow = predict(colored(parameters, 1048576.0));
            EXPECT_NEAR(slow.stationary.input_variance.value(), frozen, 3e-5) << gain << " " << s2;
            EXPECT_LE(slow.participation.input.value(), 1.0);
            EXPECT_GT(slow.participation.input.value(), 0.0);
        }
    }
}

// C = g^2 F(C) has no solution but 0 below gain sqrt 2, and F is homogeneous.
TEST(TheoryRange, RectifiersFallSilentBelowTheirCriticalGain) {
    for (const double gain : {0.5, 1.0, 1.2, 1.41}) {
        for (const bool discrete : {false, true}) {
            const Prediction p =
                predict(theory_parameters(ActivationKind::relu, gain, 0.0), {.discrete = discrete});
            EXPECT_EQ(p.stationary.input_variance.value(), 0.0) << gain;
            EXPECT_EQ(p.stationary.regime.value(), "silent");
            EXPECT_NEAR(p.critical_gain.value(), std::numbers::sqrt2, 1e-15);
        }
    }
    EXPECT_FALSE(predict(theory_parameters(ActivationKind::relu, 1.42, 0.0))
                     .stationary.input_variance.known());
    // Noise a hundred times as strong: a variance ten thousand times as large, at gains up to the
    // critical one.
    for (const double gain : {1.0, 1.4142}) {
        const auto variance = [gain](double s2) {
            return predict(theory_parameters(ActivationKind::relu, gain, s2))
                .stationary.input_variance.value();
        };
        EXPECT_NEAR(variance(1e4) / variance(1.0), 1e4, 1e-4);
    }
}

// C(0) and C(infinity), computed independently, to the printed digits.
TEST(TheoryRange, ChaosUnderStaticNoiseKeepsAPlateau) {
    struct Row {
        double gain, noise, variance, plateau, tolerance;
    };
    for (const Row& row :
         {Row{2.0, 0.5, 2.40969, 1.53709, 5e-6}, Row{2.0, 0.1, 1.952121, .163528, 5e-7},
          Row{3.0, 1.0, 7.100573473, 4.295323958, 1e-8}}) {
        Parameters parameters = theory_parameters(ActivationKind::tanh, row.gain,
                                                  row.noise * row.noise, NoiseKind::frozen);
        const PredictionRequest request{.tau = {0.0, 500.0}};
        const Prediction p = predict(parameters, request);
        EXPECT_EQ(p.stationary.regime.value(), "chaotic");
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, row.tolerance);
        EXPECT_NEAR(p.stationary.input_correlation.value()[0], row.variance, row.tolerance);
        EXPECT_NEAR(p.stationary.input_correlation.value()[1], row.plateau, row.tolerance);
        EXPECT_GT(p.largest_lyapunov_exponent.value(), 0.0);
        // The grid of exponential Euler ends on the same plateau up to order dt.
        parameters.integrator = model::IntegratorKind::exponential_euler;
        parameters.dt = 0.05;
        const Prediction grid = predict(parameters, {.tau = {500.0}, .discrete = true});
        EXPECT_NEAR(grid.stationary.input_correlation.value()[0], row.plateau, 0.02);
    }
}

/// C(0) and C(5) by collocation; the particle moves over 4e-4 of the variance, where F is no
/// polynomial.
TEST(TheoryRange, ChaosOfAPowerNextToItsFixedPoints) {
    const Prediction p = predict(power_parameters(0.6, 1.2, 1.0), {.tau = {0.0, 5.0}});
    EXPECT_NEAR(p.stationary.input_variance.value(), 3.47242584141925, 1e-11);
    EXPECT_NEAR(p.stationary.input_correlation.value()[1], 3.47226231656027, 1e-11);
}

TEST(TheoryRange, APowerAboveOneIsMetastable) {
    const auto remark = [](const Parameters& parameters) {
        const Prediction p = predict(parameters);
        const auto found = p.remarks.find("stationary.regime");
        return found == p.remarks.end() ? "" : found->second;
    };
    EXPECT_NE(remark(power_parameters(3.0, 0.1, 0.25, NoiseKind::white)).find("metastable"),
              std::string::npos);
    EXPECT_NE(remark(power_parameters(2.0, 0.1, 1.0)).find("metastable"), std::string::npos);
    Parameters cubic = pade_parameters(0.0, 0.1, 0.25, NoiseKind::white);
    cubic.pade_numerator = {1.0, 0.1};
    EXPECT_NE(remark(cubic).find("metastable"), std::string::npos);
    EXPECT_EQ(remark(power_parameters(0.75, 0.5, 1.0, NoiseKind::white)), "");
    EXPECT_EQ(remark(pade_parameters(1.0 / 3.0, 0.5, 1.0, NoiseKind::white)), "");
}

// Denominators with a negative coefficient, whose poles lie close to the axis: against a fine
// trapezoid rule.
TEST(TheoryRange, PadeWithPolesCloseToTheAxis) {
    Parameters parameters = pade_parameters(-1.5, 0.3, 1.0);
    parameters.pade_denominator = {-1.5, 1.0};
    const auto phi = [](double x) { return x / (1.0 - 1.5 * x * x + x * x * x * x); };
    const Prediction p = predict(parameters);
    const double variance = p.stationary.input_variance.value();
    double q = 0.0;
    constexpr double step = 1e-3;
    for (int j = -9000; j <= 9000; ++j) {
        const double z = step * j;
        q += step / std::sqrt(2.0 * std::numbers::pi) * std::exp(-z * z / 2.0) *
             std::pow(phi(std::sqrt(variance) * z), 2);
    }
    EXPECT_NEAR(p.stationary.output_variance.value(), q, 1e-12);
    EXPECT_NEAR(variance, 1.0 + 0.09 * q, 1e-12);
}

} // namespace
} // namespace tinymf::host
