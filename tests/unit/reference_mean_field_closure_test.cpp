// SPDX-License-Identifier: Apache-2.0
// The two-time Gaussian closure and its averages by quadrature against tables, closed forms and
// identities. Tolerances: the last printed digit of a table, or the accuracy of the quadrature
// (1e-13 where analytic, 1e-10 for nested tanh-sinh rules), unless stated.

#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "reference/gaussian_pair_average.hpp"
#include "reference/linear_two_time.hpp"
#include "reference/two_time_closure.hpp"
#include "reference_mean_fields.hpp"
#include "theory/bivariate_average.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;

TwoTimeSolution solve(const experiment::Parameters<double>& parameters) {
    return solve_two_time_closure(mean_field_problem(parameters));
}

/// Activity a thousand times as wide as the distance of the poles: a single average takes 1e10
/// evaluations. Nobody waits for that unless asked to.
TEST(TwoTimeClosure, GivesUpWhereAveragesWouldTakeHours) {
    experiment::Parameters<double> p;
    p.activation = ActivationKind::pade;
    p.pade_numerator = {1.0, 0.0366259};
    p.pade_denominator = {0.92016};
    p.gain = 30.8687;
    p.noise = 35.8993;
    p.noise_kind = model::NoiseKind::frozen;
    p.dt = 1.0;
    p.steps = 26;
    try {
        static_cast<void>(solve_two_time_closure(mean_field_problem(p), PairRule::quadrature, 1e8));
        FAIL() << "solved";
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        EXPECT_NE(std::string(error.what()).find("the variance of x is"), std::string::npos)
            << error.what();
    }
}

TEST(TwoTimeClosure, Tables) {
    struct Row {
        ActivationKind activation;
        double gain, sigma;
        std::vector<double> variances; ///< C_x(t,t) at t = 1, 2, 5, 9.9
        double between;                ///< C_x(9.9, 5)
        double output;                 ///< C_phi(9.9, 9.9)
    };
    for (const Row& row :
         std::vector<Row>{{ActivationKind::tanh,
                           1.5,
                           0,
                           {.357240844431, .348348728034, .509955738696, .666274120080},
                           .209238744150,
                           .321928065128},
                          {ActivationKind::tanh,
                           1,
                           1,
                           {.697343264466, .697780844211, .712110802678, .713493585559},
                           .015033372371,
                           .333859813854},
                          {ActivationKind::erf,
                           1.5,
                           0,
                           {.414982475314, .470959182696, .762814488198, .931406200293},
                           .289396954308,
                           .451043137105},
                          {ActivationKind::erf,
                           1,
                           1,
                           {.719620903556, .734249568478, .759142091172, .761736844680},
                           .019785546257,
                           .412631683695},
                          {ActivationKind::relu,
                           1,
                           1,
                           {.719900481034, .743929649152, .805869740389, .822001863001},
                           .178538061525,
                           .411000931500}}) {
        const TwoTimeSolution solution =
            solve(euler_run(row.activation, row.gain, 0, row.sigma, 99));
        const auto& c = solution.value.Cx;
        std::printf("activation %d: %.12f %.12f\n", static_cast<int>(row.activation), c(99, 99),
                    solution.value.Cphi(99, 99));
        for (const auto& [index, t] : {std::pair{0U, 10}, {1U, 20}, {2U, 50}, {3U, 99}}) {
            EXPECT_NEAR(c(t, t), row.variances[index], 1e-12) << t;
        }
        EXPECT_NEAR(c(99, 50), row.between, 1e-12);
        EXPECT_NEAR(solution.value.Cphi(99, 99), row.output, 1e-12);
        // A neuron without reciprocity answers as if alone.
        EXPECT_NEAR(solution.value.Rx(99, 50), std::pow(0.9, 48), 1e-15);
    }
}

TEST(TwoTimeClosure, ResponseIsTheMeanSlope) {
    const TwoTimeSolution solution = solve(euler_run(ActivationKind::tanh, 1.5, 0, 0.5, 40));
    for (const Eigen::Index t : {1, 10, 40}) { // tanh' = 1 - tanh^2
        EXPECT_NEAR(solution.value.Rphi(t, t - 1), 1.0 - solution.value.Cphi(t, t), 1e-13);
    }
}

TEST(TwoTimeClosure, EqualsTheLinearSolutionForAnActivationThatIsLinear) {
    for (const auto noise :
         {model::NoiseKind::white, model::NoiseKind::colored, model::NoiseKind::frozen}) {
        auto parameters = euler_run(ActivationKind::pade, 0.7, 0, 0.8, 25);
        parameters.pade_denominator = {};
        parameters.noise_kind = noise;
        parameters.stimulus = model::StimulusKind::step;
        parameters.stimulus_amplitude = 0.4;
        parameters.stimulus_onset = 1.0;
        const MeanFieldProblem problem = mean_field_problem(parameters);
        EXPECT_LT(largest_difference(solve_two_time_closure(problem).value,
                                     solve_linear_two_time(problem).value),
                  1e-13);
    }
}

TEST(TwoTimeClosure, ScalesLikeReluAndLikeAPower) {
    // Without noise c x(0) gives c^2 C for phi(c x) = c phi(x), and R unchanged.
    auto parameters = euler_run(ActivationKind::relu, 1.2, 0, 0, 30);
    const TwoTimeSolution one = solve(parameters);
    parameters.initial_scale = 3.0;
    const TwoTimeSolution three = solve(parameters);
    EXPECT_LT((three.value.Cx - 9.0 * one.value.Cx).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_LT((three.value.Rphi - one.value.Rphi).cwiseAbs().maxCoeff(), 1e-14);
}

TEST(GaussianPairAverage, EqualsTheHermiteSeries) {
    for (const double variance : {0.01, 1.0, 5.0, 40.0}) {
        for (const auto& parameters :
             {theory_parameters(ActivationKind::tanh, 1, 0), pade_parameters(1.0 / 3.0, 1, 0),
              power_parameters(2.0, 1, 0), theory_parameters(ActivationKind::relu, 1, 0),
              theory_parameters(ActivationKind::erf, 1, 0)}) {
            const GaussianPairAverage average(parameters);
            const BivariateAverage series(parameters, variance);
            const GaussianInput input{0.0, variance};
            for (const double rho : {-0.6, 0.0, 0.3, 0.9}) {
                const double expected = series.output(rho * variance);
                EXPECT_NEAR(average.output(input, input, rho * variance), expected,
                            1e-12 * series.moments().output_variance)
                    << static_cast<int>(parameters.activation) << " " << variance << " " << rho;
            }
            EXPECT_NEAR(average.slope(input), series.moments().mean_slope,
                        1e-12 * series.moments().mean_slope);
        }
    }
}

TEST(GaussianPairAverage, PowerBelowOne) {
    const auto parameters = power_parameters(0.75, 1, 0);
    const GaussianPairAverage average(parameters);
    const BivariateAverage series(parameters, 1.0);
    for (const double rho : {-0.9, 0.0, 0.5, 0.9}) {
        // x and y of variances 2 and 3: (2 * 3)^(p/2) times the average at unit variance.
        const double expected = std::pow(6.0, 0.375) * series.output(rho);
        EXPECT_NEAR(average.output({0, 2}, {0, 3}, rho * std::sqrt(6.0)), expected, 1e-13);
    }
    EXPECT_NEAR(average.output({0, 2}, {0, 2}, 2.0),
                absolute_normal_moment(1.5) * std::pow(2.0, 0.75), 1e-13);
    EXPECT_NEAR(average.slope({0, 2}), gaussian_moments(parameters, 2.0).mean_slope, 1e-12);
}

/// A mean too small to matter takes the general way, which must meet the special one.
TEST(GaussianPairAverage, WaysMeetAtMeanZero) {
    constexpr double hardly = 1e-13;
    for (const auto& parameters :
         {theory_parameters(ActivationKind::tanh, 1, 0),
          theory_parameters(ActivationKind::relu, 1, 0),
          theory_parameters(ActivationKind::erf, 1, 0), power_parameters(0.75, 1, 0)}) {
        const GaussianPairAverage average(parameters);
        for (const double covariance : {-0.7, 0.0, 1.1}) {
            EXPECT_NEAR(average.output({hardly, 1.5}, {hardly, 1.0}, covariance),
                        average.output({0, 1.5}, {0, 1.0}, covariance), 1e-10)
                << static_cast<int>(parameters.activation) << " " << covariance;
        }
    }
}

TEST(GaussianPairAverage, WithMeans) {
    // ReLU far from its kink is linear.
    const GaussianPairAverage relu(theory_parameters(ActivationKind::relu, 1, 0));
    EXPECT_NEAR(relu.output({9, 0.5}, {10, 0.8}, 0.3), 90.3, 1e-10);
    EXPECT_NEAR(relu.slope({1, 4}), std::erfc(-0.5 / std::numbers::sqrt2) / 2.0, 1e-12);
    // Price: d<phi phi>/dc = <phi' phi'>; at c = 0 the averages separate.
    for (const auto& parameters :
         {theory_parameters(ActivationKind::tanh, 1, 0),
          theory_parameters(ActivationKind::relu, 1, 0),
          theory_parameters(ActivationKind::erf, 1, 0), power_parameters(0.75, 1, 0)}) {
        const GaussianPairAverage average(parameters);
        const GaussianInput x{0.4, 1.3};
        const GaussianInput y{-0.2, 0.7};
        EXPECT_NEAR(average.output(x, y, 0.0), average.output(x) * average.output(y), 1e-10);
        constexpr double step = 1e-3; // central difference: error of order step^2
        const double slope =
            (average.output(x, y, step) - average.output(x, y, -step)) / (2.0 * step);
        EXPECT_NEAR(slope, average.slope(x) * average.slope(y), 1e-5);
    }
    // No variance at all: a number.
    const GaussianPairAverage tanh(theory_parameters(ActivationKind::tanh, 1, 0));
    EXPECT_DOUBLE_EQ(tanh.output({0.5, 0}, {0.5, 0}, 0), std::tanh(0.5) * std::tanh(0.5));
}

/// Poles at a few deviations, where the normal weight off the axis has grown: <phi^2> against a
/// fine trapezoid rule.
TEST(GaussianPairAverage, PolesAtAFewDeviations) {
    auto parameters = theory_parameters(ActivationKind::pade, 1, 0);
    parameters.pade_numerator = {0.342682, 0.406779};
    parameters.pade_denominator = {0.0853129};
    const ReferenceActivation activation = reference_activation(parameters);
    for (const double variance : {0.1, 0.5, 0.7, 1.0, 3.0}) {
        constexpr double step = 1.0 / 64;
        double exact = 0.0;
        for (double z = -13.0; z <= 13.0; z += step) {
            exact += step * std::exp(-z * z / 2.0) / std::sqrt(2.0 * std::numbers::pi) *
                     std::pow(activation.value(std::sqrt(variance) * z), 2);
        }
        const double found =
            GaussianPairAverage(parameters).output({0, variance}, {0, variance}, variance);
        EXPECT_NEAR(found / exact, 1.0, 1e-13) << variance;
    }
}

} // namespace
} // namespace tinymf::host
