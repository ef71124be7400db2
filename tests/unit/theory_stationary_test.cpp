// SPDX-License-Identifier: Apache-2.0
// Stationary mean field of nonlinear networks without reciprocity against tables computed
// independently (energy root in Python, second-order ODE, finite differences). Tolerances: the last
// printed digit, or the stated accuracy of the table.

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "equations/time_scheme.hpp"
#include "theory/autocorrelation.hpp"
#include "theory/bivariate_average.hpp"
#include "theory/energy_condition.hpp"
#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::IntegratorKind;
using model::NoiseKind;

TEST(StationaryTheory, Tanh) {
    struct Row {
        double gain, s2, variance, output_variance;
        std::vector<double> correlation; ///< at tau = .5, 1, 2, 3, 5, 10
    };
    for (const Row& row : std::vector<Row>{
             {1.5,
              0,
              .747686380553,
              .342093488684,
              {.7449427509, .7368226042, .7059100168, .6593329090, .5413578992, .2722505983}},
             {2,
              0,
              1.924805413737,
              .513178065978,
              {1.9089558613, 1.8630026306, 1.6996598391, 1.4816623877, 1.0345780767, .3510613919}},
             {.5,
              1,
              .536130957452,
              .285106136312,
              {.3362420205, .2108240006, .0828619633, .0325655791, .0050298558, .0000471551}},
             {1.5,
              1,
              1.118095914705,
              .414641217598,
              {.8909118701, .7064085361, .4408370617, .2738967848, .1053171879, .0096240396}}}) {
        const Prediction p = predict(theory_parameters(ActivationKind::tanh, row.gain, row.s2));
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, 1e-12);
        EXPECT_NEAR(p.stationary.output_variance.value(), row.output_variance, 1e-12);
        EXPECT_NEAR(p.stationary.mean_gain.value() + p.stationary.output_variance.value(), 1.0,
                    1e-14); // tanh' = 1 - tanh^2
        const auto& c = p.stationary.input_correlation.value();
        for (std::size_t j = 0; j < c.size(); ++j) {
            // The table's own accuracy: 1e-10, 1e-8 at tau = 10.
            EXPECT_NEAR(c[j], row.correlation[j], j == 5 ? 1e-8 : 2e-10) << row.gain << " " << j;
        }
    }
}

TEST(StationaryTheory, TanhOutputCorrelation) {
    const PredictionRequest request{.tau = {1.0, 2.0, 5.0}};
    const auto weak = predict(theory_parameters(ActivationKind::tanh, 1.5, 0.0), request);
    const auto strong = predict(theory_parameters(ActivationKind::tanh, 2.0, 0.0), request);
    const std::vector<double> weak_table{.3364920145, .3207441335, .2407265044};
    const std::vector<double> strong_table{.4916705183, .4384118478, .2519980380};
    for (std::size_t j = 0; j < 3; ++j) {
        EXPECT_NEAR(weak.stationary.output_correlation.value()[j], weak_table[j], 2e-10);
        EXPECT_NEAR(strong.stationary.output_correlation.value()[j], strong_table[j], 2e-10);
    }
}

// Table accuracy 1e-7.
TEST(StationaryTheory, TanhLyapunovExponent) {
    const auto exponent = [](double gain, double s2) {
        return predict(theory_parameters(ActivationKind::tanh, gain, s2))
            .largest_lyapunov_exponent.value();
    };
    EXPECT_NEAR(exponent(1.5, 0.0), .046746220, 1e-7);
    EXPECT_NEAR(exponent(2.0, 0.0), .112458110, 1e-7);
    EXPECT_NEAR(exponent(1.5, 1.0), -.107252043, 1e-7);
}

// A shallow well binds weakly: psi extends over 1/0.008 time constants, so the level is checked by
// shooting the other way, from lag 0, to where the well ends. Below the level psi bends down past
// the decaying solution, above it psi grows.
TEST(StationaryTheory, WeaklyBoundLyapunovExponent) {
    const Parameters parameters = theory_parameters(ActivationKind::tanh, 0.5, 1.0);
    const Prediction p = predict(parameters);
    const double exponent = p.largest_lyapunov_exponent.value();
    EXPECT_GT(exponent, 0.5 * p.stationary.mean_gain.value() - 1.0); // the continuum's edge
    const Autocorrelation correlation(parameters, drive_of(parameters),
                                      p.stationary.input_variance.value());
    constexpr double h = 0.005;
    std::vector<double> lags;
    for (int k = 0; k <= 6000; ++k) { // to lag 30; the well falls as exp(-1.9 lag)
        lags.push_back(h * k);
    }
    std::vector<double> well = correlation.at(lags);
    for (double& value : well) {
        value = 0.25 * correlation.average().slope(value);
    }
    const auto growth_beyond = [&](double rate) {
        double psi = 1.0;
        double slope = 0.0;
        for (std::size_t k = 0; k + 2 < well.size(); k += 2) { // RK4, error h^4
            const auto force = [&](std::size_t at, double value) {
                return (rate * rate - well[at]) * value;
            };
            const double k1 = slope, l1 = force(k, psi);
            const double k2 = slope + h * l1, l2 = force(k + 1, psi + h * k1);
            const double k3 = slope + h * l2, l3 = force(k + 1, psi + h * k2);
            const double k4 = slope + 2 * h * l3, l4 = force(k + 2, psi + 2 * h * k3);
            psi += h / 3.0 * (k1 + 2 * k2 + 2 * k3 + k4);
            slope += h / 3.0 * (l1 + 2 * l2 + 2 * l3 + l4);
        }
        return slope / psi + std::sqrt(rate * rate - well.back());
    };
    EXPECT_LT(growth_beyond(1.0 + exponent - 1e-7), 0.0);
    EXPECT_GT(growth_beyond(1.0 + exponent + 1e-7), 0.0);
}

TEST(StationaryTheory, OnsetOfChaos) {
    EXPECT_DOUBLE_EQ(
        predict(theory_parameters(ActivationKind::tanh, 0.7, 0.0)).critical_gain.value(), 1.0);
    EXPECT_NEAR(predict(theory_parameters(ActivationKind::tanh, 1.2, 0.25)).critical_gain.value(),
                1.47556803, 1e-7);
}

TEST(StationaryTheory, DiscreteTanh) {
    struct Row {
        IntegratorKind integrator;
        double gain, variance, exponent;
    };
    for (const Row& row :
         std::vector<Row>{{IntegratorKind::euler, 1.5, 1.1457285217, -.1147440871},
                          {IntegratorKind::exponential_euler, 1.5, 1.1187045902, -.1025973321}}) {
        Parameters parameters = theory_parameters(ActivationKind::tanh, row.gain, 1.0);
        parameters.integrator = row.integrator;
        parameters.dt = 0.1;
        const Prediction p = predict(parameters, {.discrete = true});
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, 1e-10);
        EXPECT_NEAR(p.largest_lyapunov_exponent.value(), row.exponent, 1e-9);
    }
    Parameters quiet = theory_parameters(ActivationKind::tanh, 0.5, 1.0);
    // At gain 0.5 the well binds weakly and finite differences on a window miss the exponent by
    // 1e-4 or more. WeaklyBoundLyapunovExponent shows these to be right.
    EXPECT_NEAR(predict(quiet).largest_lyapunov_exponent.value(), -.6424614, 1e-7);
    quiet.dt = 0.1;
    const Prediction p = predict(quiet, {.discrete = true});
    EXPECT_NEAR(p.largest_lyapunov_exponent.value(), -.6684426, 1e-7);
    EXPECT_NEAR(p.stationary.input_variance.value(), .5635266135, 1e-10);
    EXPECT_NEAR(p.stationary.output_variance.value(), .2933940957, 1e-10);
}

// As WeaklyBoundLyapunovExponent, on the grid of Euler's scheme: psi from lag 0 by its recursion,
// then against the solution that decays where the well has ended.
TEST(StationaryTheory, WeaklyBoundDiscreteLyapunovExponent) {
    constexpr double dt = 0.1;
    Parameters parameters = theory_parameters(ActivationKind::tanh, 0.5, 1.0);
    parameters.dt = dt;
    std::vector<double> lags;
    for (int k = 0; k <= 300; ++k) {
        lags.push_back(dt * k);
    }
    const Prediction p = predict(parameters, {.tau = lags, .discrete = true});
    const BivariateAverage average(parameters, p.stationary.input_variance.value());
    std::vector<double> well = p.stationary.input_correlation.value();
    for (double& value : well) {
        value = 0.25 * average.slope(value);
    }
    const double alpha = 1.0 - dt;
    const auto growth_beyond = [&](double exponent) {
        const double mu = std::exp(exponent * dt);
        const auto diagonal = [&](std::size_t k) {
            return (mu * mu + alpha * alpha - dt * dt * well[k]) / (alpha * mu);
        };
        double before = 1.0;
        double psi = diagonal(0) / 2.0;
        for (std::size_t k = 1; k + 1 < well.size(); ++k) {
            const double next = diagonal(k) * psi - before;
            before = psi;
            psi = next;
        }
        const double far = diagonal(well.size() - 1);
        return psi / before - (far - std::sqrt(far * far - 4.0)) / 2.0;
    };
    const double exponent = p.largest_lyapunov_exponent.value();
    EXPECT_LT(growth_beyond(exponent - 1e-7), 0.0);
    EXPECT_GT(growth_beyond(exponent + 1e-7), 0.0);
}

// A published map, step 0.5, without noise (davidclark1/rnn-lyapunov), to its printed digits.
TEST(StationaryTheory, ChaoticMap) {
    Parameters parameters = theory_parameters(ActivationKind::tanh, 3.0, 0.0);
    parameters.dt = 0.5;
    const Prediction p = predict(parameters, {.discrete = true});
    EXPECT_NEAR(p.stationary.input_variance.value(), 5.441877580, 1e-9);
    EXPECT_NEAR(p.stationary.mean_gain.value(), .319534932, 1e-9);
    EXPECT_NEAR(p.participation.input.value(), .0416891246, 1e-10);
    EXPECT_NEAR(p.participation.output.value(), .0594947284, 1e-10);
    EXPECT_NEAR(p.largest_lyapunov_exponent.value(), .216123705, 1e-9);
    EXPECT_EQ(p.stationary.regime.value(), "chaotic");
}

// Coloured noise, below and above the onset of chaos: the variance of exponential Euler without
// reciprocity differs from the continuum's by order dt^2, so the shift falls by four, but for terms
// of the next order, when dt is halved.
TEST(StationaryTheory, ColoredNoiseOnGrids) {
    for (const double gain : {0.8, 2.0}) {
        Parameters parameters =
            theory_parameters(ActivationKind::tanh, gain, 0.09, NoiseKind::colored);
        parameters.noise_time = 2.0;
        parameters.integrator = IntegratorKind::exponential_euler;
        const double continuum = predict(parameters).stationary.input_variance.value();
        const auto shift = [&](double dt) {
            parameters.dt = dt;
            return predict(parameters, {.discrete = true}).stationary.input_variance.value() -
                   continuum;
        };
        EXPECT_NEAR(shift(0.1) / shift(0.05), 4.0, 0.1);
    }
}

TEST(StationaryTheory, OtherActivations) {
    EXPECT_NEAR(
        predict(theory_parameters(ActivationKind::erf, 1.0, 1.0)).stationary.input_variance.value(),
        .732258540, 1e-9);
    const Parameters relu = theory_parameters(ActivationKind::relu, 1.0, 1.0);
    const double variance = predict(relu).stationary.input_variance.value();
    EXPECT_NEAR(variance, .781536334, 1e-9);
    EXPECT_NEAR(correlation_plateau(BivariateAverage(relu, variance), 1.0, 0.0).value(), .169775973,
                1e-9);
}

// A pade function of order [1/0] and a power of 1 are the linear activation; the nonlinear solver
// must give s2 / (2 sqrt(1 - g^2)) and the exponent g - 1 for a nearly linear one.
TEST(StationaryTheory, LinearLimit) {
    const Prediction p = predict(pade_parameters(1e-9, 0.5, 1.0, NoiseKind::white));
    // First order in c = 1e-9: relative shifts of a few c.
    EXPECT_NEAR(p.stationary.input_variance.value(), .577350269190, 1e-8);
    EXPECT_NEAR(p.largest_lyapunov_exponent.value(), -0.5, 1e-7);
    const Prediction linear = predict(power_parameters(1.0, 0.5, 1.0, NoiseKind::white));
    EXPECT_NEAR(linear.stationary.input_variance.value(), .577350269190, 1e-12);
}

// <x phi(y)> = c <phi'>, in the form F'(0) = <phi'>^2 (Stein), and dF/dc = <phi' phi'> (Price), by
// a central difference with error h^2 F'''/6. F(variance) = <phi^2>, and the integral of F.
TEST(StationaryTheory, BivariateIdentities) {
    constexpr double h = 1e-4;
    for (const Parameters& parameters :
         {theory_parameters(ActivationKind::tanh, 1, 1),
          theory_parameters(ActivationKind::erf, 1, 1),
          theory_parameters(ActivationKind::relu, 1, 1), pade_parameters(1.0 / 3.0, 1, 1),
          power_parameters(3.0, 1, 1)}) {
        for (const double variance : {0.3, 2.0}) {
            const BivariateAverage average(parameters, variance);
            const double b = average.moments().mean_slope;
            const double c = 0.4 * variance;
            EXPECT_NEAR(average.slope(0.0), b * b, 1e-12 * (1 + b * b));
            EXPECT_NEAR(average.output(variance), average.moments().output_variance,
                        1e-12 * (1 + average.moments().output_variance));
            EXPECT_NEAR((average.output(c + h) - average.output(c - h)) / (2 * h), average.slope(c),
                        1e-6 * (1 + average.slope(c)));
            EXPECT_NEAR((average.integral(c + h) - average.integral(c - h)) / (2 * h),
                        average.output(c), 1e-6 * (1 + average.output(c)));
        }
    }
}

// Closed form: s = c v, I = sqrt(pi / 2s) erfcx(1/sqrt(2s)), b = (1 - I)/s,
// q = -v dI/ds, dI/ds = [(1 - I)/s - I] / (2s).
TEST(StationaryTheory, PadeMomentsClosedForm) {
    for (const double variance : {0.2, 1.0, 7.0}) {
        const double s = variance / 3.0;
        const double z = 1.0 / std::sqrt(2.0 * s);
        const double i = std::sqrt(std::numbers::pi / (2.0 * s)) * std::exp(z * z) * std::erfc(z);
        const auto moments = gaussian_moments(pade_parameters(1.0 / 3.0, 1.0, 1.0), variance);
        EXPECT_NEAR(moments.mean_slope, (1.0 - i) / s, 1e-13);
        EXPECT_NEAR(moments.output_variance, -variance * ((1.0 - i) / s - i) / (2.0 * s), 1e-13);
    }
}

/// An infinite slope at rest times no coupling is no number, but the neurons decay.
TEST(SilentState, UncoupledPowerLawsDecay) {
    const Prediction silent = predict(power_parameters(0.9375, 0.0, 0.0));
    EXPECT_EQ(silent.largest_lyapunov_exponent.value(), -1.0);
}

} // namespace
} // namespace tinymf::host
