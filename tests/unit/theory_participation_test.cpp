// SPDX-License-Identifier: Apache-2.0
// Participation of nonlinear networks against tables computed independently. Tolerances: one unit
// of the last printed digit; 1e-4 for dimensions in time, the tables' stated accuracy.

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "equations/time_scheme.hpp"
#include "theory/bivariate_average.hpp"
#include "theory/energy_condition.hpp"
#include "theory/nonlinear_participation.hpp"
#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::NoiseKind;

Parameters tanh_static(double gain, double s2) {
    return theory_parameters(ActivationKind::tanh, gain, s2, NoiseKind::frozen);
}

TEST(NonlinearParticipation, StaticDrive) {
    struct Row {
        Parameters parameters;
        double variance, output_variance, slope, output, input, output_spread, input_spread,
            stability;
    };
    constexpr double third = 1.0 / 3.0;
    for (const Row& row : std::vector<Row>{{tanh_static(.5, .1), .125452, .101809, .898191, .637304,
                                            .636995, .005899, .008969, .2053},
                                           {tanh_static(.5, 1), 1.103041, .412166, .587834, .834688,
                                            .833635, .033645, .242812, .1118},
                                           {tanh_static(1, .1), .294985, .194985, .805015, .123869,
                                            .121805, .268910, .627376, .6888},
                                           {tanh_static(1, 1), 1.463851, .463851, .536149, .507719,
                                            .498852, .208615, 2.152726, .3989},
                                           {pade_parameters(third, .5, .25), .298030, .192119,
                                            .793129, .710205, .709326, .015061, .036398, .1694},
                                           {pade_parameters(third, .5, 1), 1.093038, .372152,
                                            .551106, .853907, .852645, .023695, .206475, .1085},
                                           {pade_parameters(third, 1, .25), .517216, .267216,
                                            .701000, .258673, .252254, .204637, .792974, .5733},
                                           {pade_parameters(third, 1, 1), 1.402852, .402852,
                                            .498381, .564928, .553433, .124985, 1.587982, .3916},
                                           {pade_parameters(1, 1, 1), 1.157738, .157738, .317241,
                                            .808845, .802080, .005880, .330745, .2635}}) {
        const Prediction p = predict(row.parameters);
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, 1e-6);
        EXPECT_NEAR(p.stationary.output_variance.value(), row.output_variance, 1e-6);
        EXPECT_NEAR(p.stationary.mean_gain.value(), row.slope, 1e-6);
        EXPECT_NEAR(p.participation.output.value(), row.output, 1e-6);
        EXPECT_NEAR(p.participation.input.value(), row.input, 1e-6);
        EXPECT_NEAR(p.covariance.output_spread.value(), row.output_spread, 1e-6);
        EXPECT_NEAR(p.covariance.input_spread.value(), row.input_spread, 1e-6);
        const double root = p.largest_lyapunov_exponent.value() + 1.0; // g sqrt<phi'^2>
        EXPECT_NEAR(root * root, row.stability, 1e-4);
        EXPECT_EQ(p.stationary.regime.value(), "fixed_point");
    }
}

TEST(NonlinearParticipation, PowerLawUnderStaticDrive) {
    struct Row {
        double exponent, gain, variance, output, input, stability;
    };
    constexpr double infinite = std::numeric_limits<double>::infinity();
    for (const Row& row : std::vector<Row>{{.5, .5, 1.220355, .693236, .690073, infinite},
                                           {.5, 1, 2.177345, .248729, .238908, infinite},
                                           {2.0 / 3.0, .5, 1.239707, .660099, .658638, .2578},
                                           {2.0 / 3.0, 1, 2.551341, .168314, .164702, .8107},
                                           {.75, .3, 1.082124, .856268, .856108, .0854},
                                           {.75, .5, 1.254932, .640275, .639421, .2285},
                                           {.75, .7, 1.599334, .398636, .396832, .4216},
                                           {.75, 1, 2.922222, .124568, .122847, .7400},
                                           {2, .2, 1.162041, .777281, .773080, .1859}}) {
        const Parameters parameters = power_parameters(row.exponent, row.gain, 1.0);
        const Prediction p = predict(parameters);
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, 1e-6);
        EXPECT_NEAR(p.participation.output.value(), row.output, 1e-6);
        EXPECT_NEAR(p.participation.input.value(), row.input, 1e-6);
        if (std::isinf(row.stability)) {
            EXPECT_EQ(p.stationary.regime.value(), "unstable");
            EXPECT_TRUE(p.remarks.contains("stationary.regime"));
        } else {
            const double root = p.largest_lyapunov_exponent.value() + 1.0;
            EXPECT_NEAR(root * root, row.stability, 1e-4);
        }
    }
}

TEST(NonlinearParticipation, PowerLawLimits) {
    const auto critical = [](double exponent) {
        return predict(power_parameters(exponent, 0.05, 1.0)).critical_gain;
    };
    EXPECT_NEAR(critical(.55).value(), .701763, 1e-6);
    EXPECT_NEAR(critical(2.0 / 3.0).value(), 1.197043, 1e-6);
    EXPECT_NEAR(critical(.75).value(), 1.337965, 1e-6);
    EXPECT_NEAR(critical(.8).value(), 1.360702, 1e-6);
    EXPECT_NEAR(critical(2.0).value(), 1.0 / std::sqrt(12.0), 1e-12);
    EXPECT_NEAR(critical(3.0).value(), .0993808, 1e-7);
    EXPECT_FALSE(critical(.5).known());
    // At strong coupling u = g^2 b^2 tends to p^2 m_(p-1)^2 / m_(2p), and D = (1 - u)^2 with it.
    const auto strong = [](double p) {
        const double slope = absolute_normal_moment(p - 1.0);
        return p * p * slope * slope / absolute_normal_moment(2.0 * p);
    };
    EXPECT_NEAR(strong(.5), .9270373, 1e-7);
    EXPECT_NEAR(strong(2.0 / 3.0), .9698877, 1e-7);
    EXPECT_NEAR(strong(.75), .9836782, 1e-7);
    EXPECT_NEAR(strong(.8), .9897838, 1e-7);
    // What is left at gain 100 is of relative order gain^(-2/(1-p)), at most 1e-8; D is printed to
    // five digits.
    struct Limit {
        double exponent, amplification, dimension;
    };
    for (const Limit& limit :
         {Limit{.5, .9270373, 5.3235e-3}, Limit{2.0 / 3.0, .9698877, 9.0675e-4},
          Limit{.75, .9836782, 2.6640e-4}, Limit{.8, .9897838, 1.0437e-4}}) {
        // Of the fixed points, which the network leaves for chaos; up to 1/2 theory stays with
        // them.
        const Parameters parameters = power_parameters(limit.exponent, 100.0, 1.0);
        const Drive drive = drive_of(parameters);
        const double variance = stationary_variance(parameters, drive).value();
        const GaussianMoments moments = gaussian_moments(parameters, variance);
        EXPECT_NEAR(std::pow(100.0 * moments.mean_slope, 2), limit.amplification, 1e-7);
        const double dimension =
            frozen_covariance_statistics(moments, variance, 100.0, drive.strength).output_dimension;
        EXPECT_NEAR(dimension, limit.dimension, 2e-5 * limit.dimension);
        const Prediction p = predict(parameters);
        EXPECT_EQ(p.stationary.regime.value(), limit.exponent > 0.5 ? "chaotic" : "unstable");
        EXPECT_EQ(p.participation.output.known(), limit.exponent <= 0.5);
    }
    EXPECT_NEAR(BivariateAverage(power_parameters(.75, 1, 1), 1.0).integral(1.0), .4258277, 1e-6);
}

TEST(NonlinearParticipation, MovingDrive) {
    struct Row {
        Parameters parameters;
        double noise_time;
        double variance, output_variance, slope, output, input, long_window, tolerance;
    };
    constexpr auto white = NoiseKind::white;
    constexpr auto colored = NoiseKind::colored;
    constexpr double third = 1.0 / 3.0;
    const auto tanh_row = [](double g, double s2, NoiseKind kind) {
        return theory_parameters(ActivationKind::tanh, g, s2, kind);
    };
    for (const Row& row : std::vector<Row>{
             {tanh_row(.5, .1, white), 1, .056805, .05122, .94878, .8659, .8657, .60055, 1e-6},
             {tanh_row(.5, 1, white), 1, .536131, .28511, .71489, .9321, .9293, .76079, 1e-6},
             {tanh_row(1, .1, white), 1, .117422, .09639, .90361, .2054, .2039, .03367, 1e-6},
             {tanh_row(1, 1, white), 1, .683559, .32637, .67363, .6817, .6670, .29837, 1e-6},
             {tanh_row(1.2, .1, white), 1, .272342, .18442, .81558, .0240, .0232, .00178, 1e-6},
             {tanh_row(1.2, 1, white), 1, .806218, .35547, .64453, .5212, .4999, .16144, 1e-6},
             {pade_parameters(third, .5, 1, white), 1, .534177, .27183, .69502, .9369, .9335,
              .77306, 1e-6},
             {pade_parameters(third, 1, 1, white), 1, .667859, .30395, .65218, .7125, .6944, .33024,
              1e-6},
             {power_parameters(.75, .5, 1, white), 1, .575237, .56807, .98561, .8553, .8527, .57327,
              1e-6},
             {power_parameters(.75, .8, 1, white), 1, .772755, .70884, .94991, .5380, .5318, .17852,
              1e-6},
             {power_parameters(.75, 1, 1, white), 1, 1.173095, .96943, .90161, .2124, .2077, .03501,
              1e-6},
             {tanh_row(1.2, 1, colored), 1, .93167, .38146, .61854, .4039, .3851, .20166, 1e-5},
             {tanh_row(1.2, 1, colored), 2, 1.18317, .42498, .57502, .4231, .4026, .27443, 1e-5}}) {
        Parameters parameters = row.parameters;
        parameters.noise_time = row.noise_time;
        const Prediction p = predict(parameters);
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, row.tolerance);
        EXPECT_NEAR(p.stationary.output_variance.value(), row.output_variance, 1e-5);
        EXPECT_NEAR(p.stationary.mean_gain.value(), row.slope, 1e-5);
        EXPECT_NEAR(p.participation.output.value(), row.output, 1e-4);
        EXPECT_NEAR(p.participation.input.value(), row.input, 1e-4);
        EXPECT_NEAR(p.participation.long_window.value(), row.long_window, 1e-5);
        EXPECT_LT(p.participation.input.value(), p.participation.output.value());
        // u = g^2 b^2 < 1 in every regime.
        EXPECT_LT(parameters.gain * p.stationary.mean_gain.value(), 1.0);
    }
}

/// All of a spectrum belongs to the variance, whatever lies beyond the last frequency: nothing is
/// added to 1 or taken from it.
TEST(NonlinearParticipation, WithoutCouplingTheDimensionIsOne) {
    for (const double exponent : {.5625, .75, .9375, 2.0}) {
        for (const NoiseKind kind : {NoiseKind::white, NoiseKind::colored, NoiseKind::frozen}) {
            const Prediction p = predict(power_parameters(exponent, 0.0, 1.0, kind));
            EXPECT_EQ(p.participation.output.value(), 1.0) << exponent;
            EXPECT_EQ(p.participation.input.value(), 1.0) << exponent;
            EXPECT_EQ(p.covariance.output_spread.value(), 0.0) << exponent;
        }
    }
    for (const ActivationKind activation : {ActivationKind::tanh, ActivationKind::linear}) {
        const Prediction p =
            predict(theory_parameters(activation, 0.0, 1.0, NoiseKind::white), {.discrete = true});
        EXPECT_EQ(p.participation.output.value(), 1.0);
        EXPECT_EQ(p.participation.input.value(), 1.0);
    }
}

/// As sum_nm u^(n+m) |int C_phi s^n s*^m|^2, s = 1/(1 - iw), has it with C_phi by collocation.
TEST(NonlinearParticipation, WeaklyCoupledPowersUnderWhiteNoise) {
    struct Row {
        double exponent, gain, output;
    };
    for (const Row& row :
         std::vector<Row>{{.5625, .1, .99515347}, {.6, .1, .99512274}, {.75, .1, .99503562}}) {
        const Prediction p =
            predict(power_parameters(row.exponent, row.gain, 1.0, NoiseKind::white));
        EXPECT_NEAR(p.participation.output.value(), row.output, 1e-7) << row.exponent;
    }
}

// Published on a lag grid of .025 (davidclark1/rnn-lyapunov), which shifts the variance by 1e-7 of
// itself; 1 - u = .026 and .052 there, and D goes as its square, so relative 1e-4 is asked.
TEST(NonlinearParticipation, Chaos) {
    struct Row {
        double gain, slope, input, output;
    };
    for (const Row& row : std::vector<Row>{{1.5, .657906527, .00561112792, .00623930865},
                                           {2.0, .486821993, .0159148133, .0197407019}}) {
        const Prediction p = predict(theory_parameters(ActivationKind::tanh, row.gain, 0.0));
        EXPECT_EQ(p.stationary.regime.value(), "chaotic");
        EXPECT_NEAR(p.stationary.mean_gain.value(), row.slope, 2e-7 * row.slope);
        EXPECT_NEAR(p.participation.input.value(), row.input, 1e-4 * row.input);
        EXPECT_NEAR(p.participation.output.value(), row.output, 1e-4 * row.output);
    }
}

} // namespace
} // namespace tinymf::host
