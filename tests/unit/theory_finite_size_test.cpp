// SPDX-License-Identifier: Apache-2.0
// 1/N corrections against an exact enumeration of Gaussian pairings, closed forms, independent
// quadratures, and simulated networks. Tolerances: half of the last printed digit, or the stated
// sampling errors.

#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "theory/dimension_scatter.hpp"
#include "theory/energy_condition.hpp"
#include "theory/finite_size_prediction.hpp"
#include "theory/linear_finite_size.hpp"
#include "theory/resolvent_loops.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;
using model::NoiseKind;

LinearModel linear_model(double gain, double reciprocity, Drive::Kind kind,
                         const TimeScheme& scheme = TimeScheme::continuum()) {
    return {gain, reciprocity, {kind, 1.0, 1.0}, scheme};
}

// Coefficients of g^2, g^4, ... from all pairings of all words: at g = 1/20 the truncated series is
// exact to g^10 times the next coefficient, below 1e-8 of the printed sum.
TEST(ResolventLoops, AgreesWithTheEnumerationOfPairings) {
    constexpr double gain = 0.05;
    const auto series = [](std::initializer_list<double> coefficients) {
        double sum = 0.0;
        double power = 1.0;
        for (const double coefficient : coefficients) {
            power *= gain * gain;
            sum += coefficient * power;
        }
        return sum;
    };
    const std::string once{ResolventLoops::direct(0), ResolventLoops::transposed(0)};
    const std::string twice = once + once;
    ResolventLoops kept(gain, 0.0, true, {1.0});
    EXPECT_NEAR(kept.correction(once).real(), series({2, 6, 12, 20}), 4e-12);
    EXPECT_NEAR(kept.correction(twice).real(), series({6, 43, 168, 483}), 2e-10);
    EXPECT_NEAR(kept.covariance(once, once).real(), series({4, 26, 96}), 2e-8);
    EXPECT_NEAR(kept.covariance(once, twice).real(), series({8, 96, 584}), 2e-7);
    EXPECT_NEAR(kept.covariance(twice, twice).real(), series({16, 296, 2640}), 2e-6);
    ResolventLoops none(gain, 0.0, false, {1.0});
    EXPECT_NEAR(none.correction(once).real(), series({-1, 0, 3, 8}), 4e-12);
    EXPECT_NEAR(none.correction(twice).real(), series({-4, -9, 8, 103}), 1e-10);
    EXPECT_NEAR(none.covariance(once, once).real(), series({0, 10, 56}), 2e-8);
    EXPECT_NEAR(none.covariance(once, twice).real(), series({0, 32, 304}), 2e-7);
    EXPECT_NEAR(none.covariance(twice, twice).real(), series({0, 104, 1424}), 2e-6);
    constexpr double eta = 0.3;
    ResolventLoops reciprocal(gain, eta, true, {1.0});
    EXPECT_NEAR(reciprocal.correction(once).real(),
                series({2 + eta, 6 + 14 * eta + 5 * eta * eta,
                        12 + 51 * eta + 70 * eta * eta + 21 * eta * eta * eta}),
                1e-8);
}

TEST(ResolventLoops, CovarianceIsSymmetric) {
    ResolventLoops loops(0.6, -0.4, false, {{1.0, 0.3}, {1.0, -0.3}, {1.0, 0.9}});
    const std::string first{ResolventLoops::direct(0), ResolventLoops::transposed(1)};
    const std::string second{ResolventLoops::direct(2), ResolventLoops::direct(1),
                             ResolventLoops::transposed(2)};
    const auto one = loops.covariance(first, second);
    const auto other = loops.covariance(second, first);
    EXPECT_NEAR(std::abs(one - other), 0.0, 1e-13 * std::abs(one));
}

TEST(FiniteSize, StaticDriveClosedForms) {
    for (const double gain : {0.2, 0.5, 0.8}) {
        const double x = gain * gain;
        const double m = 1.0 / (1.0 - x);
        const auto with = linear_finite_size(linear_model(gain, 0.0, Drive::Kind::frozen), true);
        const auto without = linear_finite_size(linear_model(gain, 0.0, Drive::Kind::frozen));
        const auto near = [](double found, double expected) {
            EXPECT_NEAR(found, expected, 1e-11 * std::abs(expected));
        };
        near(with.variance.limit, m);
        near(with.variance.coefficient, 2 * x * std::pow(m, 3));
        near(with.square.coefficient, x * (6 + 7 * x) * std::pow(m, 6));
        near(with.dimension.coefficient, -x * (2 + 7 * x));
        near(with.variance.scatter.value(), std::sqrt(2 * x * (2 + x)) * std::pow(m, 3));
        near(with.dimension.scatter.value(), 2 * x * std::sqrt(4 + 28 * x + 9 * x * x));
        near(without.variance.coefficient, -x * (1 - 3 * x) * std::pow(m, 3));
        near(without.square.coefficient, x * (-4 + 15 * x + 2 * x * x) * std::pow(m, 6));
        near(without.dimension.coefficient, x * (2 - 9 * x - 2 * x * x));
        near(without.variance.scatter.value(), x * std::sqrt(10 - 4 * x) * std::pow(m, 3));
        near(without.square.scatter.value(),
             2 * x * std::sqrt(26 + 44 * x + 9 * x * x - 4 * x * x * x) * std::pow(m, 6));
        near(without.dimension.scatter.value(),
             2 * x * std::sqrt(4 + 24 * x + 17 * x * x - 4 * x * x * x));
    }
    EXPECT_NEAR(static_spread_finite_size(0.5).coefficient, 0.615, 5e-4);
    EXPECT_NEAR(static_spread_finite_size(0.3).coefficient, -0.042, 5e-4);
}

// What few frequencies leave of the scatter of the dimension.
constexpr double of_the_rule = 1e-4;

TEST(FiniteSize, ReciprocalNetworks) {
    struct Row {
        double reciprocity, gain;
        bool self_couplings;
        // Limit, coefficient, limit and coefficient of the dimension, N sd of both.
        std::array<double, 6> frozen, white;
    };
    for (const Row& row : std::vector<Row>{{-.5,
                                            .3,
                                            true,
                                            {1.0019, .1379, .9140, -.1017, .4680, .2010},
                                            {.5114, .0122, .9773, -.0253, .1159, .0516}},
                                           {-.5,
                                            .3,
                                            false,
                                            {1.0019, .0060, .9140, .0635, .1926, .1979},
                                            {.5114, -.0116, .9773, .0221, .0242, .0506}},
                                           {.4,
                                            .3,
                                            true,
                                            {1.1953, .3614, .7542, -.3727, 1.1897, .7373},
                                            {.5356, .0440, .9289, -.0992, .2352, .2048}},
                                           {.4,
                                            .3,
                                            false,
                                            {1.1953, -.1932, .7542, .1224, .6192, .7175},
                                            {.5356, -.0379, .9289, .0641, .0865, .1967}},
                                           {-.5,
                                            .5,
                                            true,
                                            {1.0128, .4083, .7798, -.3323, .9229, .6304},
                                            {.5324, .0387, .9358, -.0849, .2254, .1759}},
                                           {-.5,
                                            .5,
                                            false,
                                            {1.0128, .0472, .7798, .0676, .5610, .6155},
                                            {.5324, -.0341, .9358, .0584, .0766, .1696}}}) {
        const auto check = [&row](Drive::Kind kind, const std::array<double, 6>& expected) {
            const LinearFiniteSize found = linear_finite_size(
                linear_model(row.gain, row.reciprocity, kind), row.self_couplings);
            const double half = 5.1e-5;
            EXPECT_NEAR(found.variance.limit, expected[0], half);
            EXPECT_NEAR(found.variance.coefficient, expected[1], half);
            EXPECT_NEAR(found.dimension.limit, expected[2], half);
            EXPECT_NEAR(found.dimension.coefficient, expected[3], half);
            EXPECT_NEAR(found.variance.scatter.value(), expected[4], half);
            const auto scatter =
                kind == Drive::Kind::frozen
                    ? found.dimension.scatter
                    : dimension_scatter(linear_model(row.gain, row.reciprocity, kind),
                                        row.self_couplings);
            EXPECT_NEAR(scatter.value(), expected[5], half + of_the_rule * expected[5]);
        };
        check(Drive::Kind::frozen, row.frozen);
        check(Drive::Kind::white, row.white);
    }
}

TEST(FiniteSize, WhiteNoiseClosedForms) {
    for (const double gain : {0.3, 0.5, 0.8}) {
        const double k = std::sqrt(1.0 - gain * gain);
        const auto power = [k](int exponent) { return std::pow(k, exponent); };
        const auto found = linear_finite_size(linear_model(gain, 0.0, Drive::Kind::white));
        const auto with = linear_finite_size(linear_model(gain, 0.0, Drive::Kind::white), true);
        EXPECT_NEAR(with.variance.coefficient, (1 - k) / (2 * power(4)), 1e-9);
        EXPECT_NEAR(found.variance.coefficient,
                    (1 - k) * (2 - k - 6 * power(2) + power(3)) / (4 * power(4) * (1 + k)), 1e-9);
        EXPECT_NEAR(found.square.limit,
                    (3 - 2 * k + 4 * power(2) + 2 * power(3) + power(4)) / (32 * power(5)), 1e-9);
        const double square = 56 - 25 * k - 144 * power(2) + 54 * power(3) + 74 * power(4) -
                              84 * power(5) - 22 * power(6) + 154 * power(7) - 90 * power(8) +
                              29 * power(9) - 2 * power(10);
        EXPECT_NEAR(found.square.coefficient, square / (64 * power(8) * (1 + k) * (1 + k)), 1e-8);
        const double scatter = 35 + 36 * k - 100 * power(2) - 20 * power(3) + 34 * power(4) -
                               4 * power(5) + 28 * power(6) - 12 * power(7) + 3 * power(8);
        EXPECT_NEAR(found.variance.scatter.value(), std::sqrt(scatter / (256 * power(9))), 1e-8);
    }
}

// One frequency by hand, with s = 1/z: the mean over equally spaced angles, whose error falls as
// exp(-0.6 dt n) and is below rounding here.
TEST(FiniteSize, WhiteNoiseOnGrids) {
    constexpr int angles = 4096;
    for (const double gain : {0.5, 0.8}) {
        for (const double dt : {0.05, 0.1}) {
            const TimeScheme scheme = TimeScheme::exponential_euler(dt);
            const double x = gain * gain;
            double with = 0.0;
            double without = 0.0;
            for (int k = 0; k < angles; ++k) {
                const double omega = 2.0 * std::numbers::pi * k / (angles * dt);
                const std::complex<double> s = 1.0 / scheme.inverse_filter(omega);
                const double p = std::norm(s);
                const double root = (1.0 - x * p) * (1.0 - x * p);
                const double own = 2.0 * p * (x * s * s / (1.0 - x * s * s)).real() / root;
                const double self = x * p * (2.0 * (s * s).real() + p) / root;
                const double weight =
                    scheme.drive_spectrum({Drive::Kind::white, 1.0, 1.0}, omega) / angles;
                with += weight * own;
                without += weight * (own - self);
            }
            const LinearModel model = linear_model(gain, 0.0, Drive::Kind::white, scheme);
            EXPECT_NEAR(linear_finite_size(model, true).variance.coefficient, with, 1e-8);
            EXPECT_NEAR(linear_finite_size(model).variance.coefficient, without, 1e-8);
        }
    }
}

// Independent quadrature, half of its last printed digit.
TEST(FiniteSize, ScatterOfTheDimensionUnderWhiteNoise) {
    const auto scatter = [](double gain, bool self_couplings) {
        return dimension_scatter(linear_model(gain, 0.0, Drive::Kind::white), self_couplings)
            .value();
    };
    const auto near = [](double found, double expected) {
        EXPECT_NEAR(found, expected, 5.1e-5 + of_the_rule * expected);
    };
    near(scatter(0.5, true), .5933);
    near(scatter(0.5, false), .5641);
    near(scatter(0.8, true), 5.9131);
    near(scatter(0.8, false), 5.7580);
    EXPECT_FALSE(dimension_scatter(linear_model(0.99, 0.0, Drive::Kind::white)));
}

// The map x[t+1] = J x[t] + n, Euler with dt = 1.
TEST(FiniteSize, ScatterOfTheDimensionOfAMap) {
    const LinearModel map = linear_model(0.5, 0.0, Drive::Kind::white, TimeScheme::euler(1.0));
    EXPECT_NEAR(dimension_scatter(map).value(), .2379, 5.1e-5);
}

// Independent quadrature, half of its last printed digit.
TEST(FiniteSize, DimensionOnGrids) {
    const auto coefficient = [](double gain, bool self_couplings) {
        const LinearModel model =
            linear_model(gain, 0.0, Drive::Kind::white, TimeScheme::exponential_euler(0.1));
        return linear_finite_size(model, self_couplings).dimension.coefficient;
    };
    EXPECT_NEAR(coefficient(0.5, true), -.2709, 5.1e-5);
    EXPECT_NEAR(coefficient(0.5, false), .1073, 5.1e-5);
    EXPECT_NEAR(coefficient(0.8, true), -3.018, 5.1e-4);
    EXPECT_NEAR(coefficient(0.8, false), -.846, 5.1e-4);
}

TEST(FiniteSize, FixedPointsOfNonlinearNetworks) {
    const auto coefficient = [](const Parameters& parameters) {
        const double variance = stationary_variance(parameters, drive_of(parameters)).value();
        return static_finite_size(parameters, variance).input_variance.coefficient;
    };
    const auto frozen = NoiseKind::frozen;
    const double half = 5.1e-5;
    EXPECT_NEAR(coefficient(theory_parameters(ActivationKind::tanh, .5, 1, frozen)), -.1036, half);
    EXPECT_NEAR(coefficient(theory_parameters(ActivationKind::tanh, .8, .1, frozen)), -.0511, half);
    EXPECT_NEAR(coefficient(theory_parameters(ActivationKind::tanh, 1, 1, frozen)), -.4837, half);
    EXPECT_NEAR(coefficient(pade_parameters(1.0 / 3.0, .5, 1)), -.0940, half);
    EXPECT_NEAR(coefficient(power_parameters(.75, .7, 1)), -.4008, half);
    EXPECT_NEAR(coefficient(linear_parameters(.5, 0, frozen)), -.148148148, 1e-9);
}

// Simulated networks, 60000 each, mean and standard error of <x^2>. Three values at 5.5 standard
// errors: false alarm 1.2e-7.
TEST(SingleNeuronLaw, HoldsAtSmallSizes) {
    struct Row {
        Parameters parameters;
        std::uint32_t neurons;
        double square, error;
    };
    const auto frozen = NoiseKind::frozen;
    for (const Row& row : std::vector<Row>{
             {theory_parameters(ActivationKind::tanh, .8, 1, frozen), 6, 1.2349, .0032},
             {theory_parameters(ActivationKind::tanh, 1, 1, frozen), 20, 1.4378, .0021},
             {pade_parameters(1.0 / 3.0, 1, 1), 10, 1.3581, .0027}}) {
        const auto law = single_neuron_law(row.parameters, row.neurons);
        ASSERT_TRUE(law.has_value());
        EXPECT_NEAR(law->input_variance.value, row.square,
                    5.5 * std::hypot(row.error, law->input_variance.standard_error));
    }
}

// Where N is large the law is its own expansion: 5.5 standard errors (false alarm 8e-8), and 5 % of
// the correction for the next order (the parameter of the expansion is 0.007).
TEST(SingleNeuronLaw, EndsInTheExpansion) {
    const Parameters parameters = theory_parameters(ActivationKind::tanh, 1, 1, NoiseKind::frozen);
    constexpr double neurons = 200;
    const double variance = stationary_variance(parameters, drive_of(parameters)).value();
    const StaticFiniteSize series = static_finite_size(parameters, variance);
    const SingleNeuronLaw law = single_neuron_law(parameters, 200).value();
    const auto check = [](const SampledNumber& found, const FiniteSizeTerm& expected) {
        EXPECT_NEAR(found.value, expected.mean_at(neurons),
                    5.5 * found.standard_error + 0.05 * std::abs(expected.coefficient) / neurons);
    };
    check(law.input_variance, series.input_variance);
    check(law.output_variance, series.output_variance);
}

TEST(FiniteSizePrediction, NullsHaveReasons) {
    for (const std::string model :
         {"activation = \"linear\"\ngain = 0.5\nnoise = 1.0\n",
          "activation = \"tanh\"\ngain = 0.5\nnoise = 1.0\n",
          "activation = \"tanh\"\ngain = 0.5\nnoise = 1.0\nnoise_kind = \"static\"\n",
          "activation = \"linear\"\ngain = 2.0\nnoise = 1.0\n", "kind = \"mean_field\"\n"}) {
        const Experiment experiment =
            parse_experiment("schema = 1\n[model]\n" + model, "test.toml");
        const nlohmann::json all = to_json(predict_finite_size(experiment, false));
        for (const char* name : {"stationary.Cx0", "participation.input", "single_neuron"}) {
            EXPECT_NE(all[name].is_null(), !all["notes"].contains(name)) << model << name;
        }
    }
}

} // namespace
} // namespace tinymf::host
