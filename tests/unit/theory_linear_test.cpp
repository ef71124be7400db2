// SPDX-License-Identifier: Apache-2.0
// Linear mean field against tables computed independently (time-domain recursions and closed forms)
// and printed to the digits used here. Tolerances: one unit of the last printed digit, unless said.

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "theory/linear_correlation.hpp"
#include "theory/linear_response.hpp"
#include "theory/linear_scheme_variance.hpp"
#include "theory/participation.hpp"
#include "theory/prediction.hpp"
#include "theory_parameters.hpp"

namespace tinymf::host {
namespace {

using model::IntegratorKind;
using model::NoiseKind;

Prediction discrete(Parameters parameters, double dt,
                    IntegratorKind integrator = IntegratorKind::euler,
                    std::vector<double> tau = {0.5}) {
    parameters.dt = dt;
    parameters.integrator = integrator;
    return predict(parameters, {.tau = std::move(tau), .discrete = true});
}

TEST(LinearTheory, ContinuumCorrelationAndResponse) {
    struct Row {
        double gain, reciprocity, variance, static_response, c1, c2, c5, r1, r5;
    };
    const double e1 = std::exp(-1.0);
    const double e5 = std::exp(-5.0);
    const double k9 = std::sqrt(1.0 - 0.81);
    for (const Row& row : std::vector<Row>{
             {.2, .5, .515883607547, 1.020842383436, .1976606205, .0772000449, .0050995056,
              .3715705187, .0085688052},
             {.4, 1, .625, 1.25, .3024210592, .1654063037, .0412376117, .3981051542, .0328793795},
             {.45, 1, .696432229193, 1.392864458385, .3720896154, .2291072808, .0823826762,
              .4064057776, .0460852299},
             {.5, 0, .577350269190, 1, .2428450853, .1021455061, .0076013215, e1, e5},
             {.5, .5, .650851862425, 1.171572875254, .3196008210, .1723628095, .0374605568,
              .3913559369, .0244254915},
             {.5, -.5, .532369737663, .898979485566, .1956687040, .0633981051, .0006523790,
              .3453610272, .0004668166},
             {.8, 0, .833333333333, 1, .4573430301, .2509951766, .0414892236, e1, e5},
             {.8, -1, .5, .692809551884, .1310331239, .0110528008, .0001976209, .2620662477,
              .0003952418},
             {.9, 0, 1.0 / (2.0 * k9), 1, .7418030729, .4797158326, .1297389338, e1, e5}}) {
        const Prediction p =
            predict(linear_parameters(row.gain, row.reciprocity), {.tau = {1.0, 2.0, 5.0}});
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, 1e-12);
        EXPECT_NEAR(static_linear_response(row.reciprocity * row.gain * row.gain),
                    row.static_response, 1e-12);
        const auto& c = p.stationary.input_correlation.value();
        EXPECT_NEAR(c[0], row.c1, 1e-10);
        EXPECT_NEAR(c[1], row.c2, 1e-10);
        EXPECT_NEAR(c[2], row.c5, 1e-10);
        EXPECT_NEAR(p.stationary.response.value()[0], row.r1, 1e-10);
        EXPECT_NEAR(p.stationary.response.value()[2], row.r5, 1e-10);
    }
}

TEST(LinearTheory, EulerVariance) {
    struct Row {
        double gain, reciprocity;
        std::vector<std::pair<double, double>> variances;
    };
    for (const Row& row : std::vector<Row>{{.5,
                                            0,
                                            {{.2, .6424925662},
                                             {.1, .6079476701},
                                             {.05, .5922027931},
                                             {.02, .5831895280},
                                             {.01, .5802533584},
                                             {.005, .5787977168}}},
                                           {.5, .5, {{.1, .6796592834}}},
                                           {.4,
                                            1,
                                            {{.2, .6806657306},
                                             {.1, .6513274633},
                                             {.05, .6378218617},
                                             {.02, .6300505875},
                                             {.01, .6275125730},
                                             {.005, .6262531341}}},
                                           {.5,
                                            -.5,
                                            {{.2, .6010455332},
                                             {.1, .5644709381},
                                             {.05, .5479168990},
                                             {.02, .5384740446},
                                             {.01, .5354032891},
                                             {.005, .5338819075}}},
                                           {.2,
                                            .5,
                                            {{.2, .5721028756},
                                             {.1, .5424910139},
                                             {.05, .5288419578},
                                             {.02, .5209875522},
                                             {.01, .5184226240},
                                             {.005, .5171499021}}}}) {
        for (const auto& [dt, variance] : row.variances) {
            const LinearModel model{
                row.gain, row.reciprocity, {Drive::Kind::white, 1.0, 1.0}, TimeScheme::euler(dt)};
            EXPECT_NEAR(linear_variance(model), variance, 1e-10)
                << row.gain << " " << row.reciprocity << " " << dt;
        }
    }
}

TEST(LinearTheory, DiscreteVarianceAndDimension) {
    struct Row {
        IntegratorKind integrator;
        double gain, reciprocity, dt, variance, dimension;
    };
    constexpr auto euler = IntegratorKind::euler;
    constexpr auto exponential = IntegratorKind::exponential_euler;
    for (const Row& row : std::vector<Row>{{euler, .5, 0, .1, .607948, .858617},
                                           {euler, .8, 0, .1, .877972, .469069},
                                           {euler, .5, .5, .1, .679659, .721429},
                                           {euler, .5, -.5, .1, .564471, .940999},
                                           {euler, .4, 1, .1, .651327, .765625},
                                           {exponential, .5, .5, .1, .645922, .720612},
                                           {exponential, .5, -.5, .1, .536043, .940743},
                                           {exponential, .4, 1, .1, .619062, .764839},
                                           {exponential, .5, 0, .02, .577357, .849831},
                                           {exponential, .5, 0, .1, .577530, .858074},
                                           {exponential, .5, 0, .5, .581729, .894539},
                                           {exponential, .8, 0, .02, .833360, .457307},
                                           {exponential, .8, 0, .1, .834000, .468332},
                                           {exponential, .8, 0, .5, .849805, .521953}}) {
        const Prediction p =
            discrete(linear_parameters(row.gain, row.reciprocity), row.dt, row.integrator);
        EXPECT_NEAR(p.stationary.input_variance.value(), row.variance, 1e-6);
        EXPECT_NEAR(p.participation.input.value(), row.dimension, 1e-6);
        EXPECT_DOUBLE_EQ(p.participation.input.value(), p.participation.output.value());
    }
}

TEST(LinearTheory, VarianceByScheme) {
    struct Row {
        IntegratorKind integrator;
        std::vector<double> variances; ///< (g, eta) = (0, 0), (.5, 0), (.8, 0), (.4, 1), (.8, -1)
    };
    const std::vector<std::pair<double, double>> models{
        {0, 0}, {.5, 0}, {.8, 0}, {.4, 1}, {.8, -1}};
    for (const Row& row :
         std::vector<Row>{{IntegratorKind::euler,
                           {.5263157895, .6079476701, .8779715851, .6513274633, .5453497993}},
                          {IntegratorKind::heun,
                           {.4986876640, .5758664911, .8315229694, .6236778364, .4979574219}},
                          {IntegratorKind::rk4,
                           {.4995832978, .5768779522, .8327506691, .6245832612, .4993188619}}}) {
        for (std::size_t j = 0; j < models.size(); ++j) {
            EXPECT_NEAR(
                linear_scheme_variance(row.integrator, 0.1, models[j].first, models[j].second)
                    .value(),
                row.variances[j], 1e-10);
        }
    }
    EXPECT_FALSE(linear_scheme_variance(IntegratorKind::heun, 0.1, 0.5, 0.5).has_value());
}

TEST(LinearTheory, EffectiveTemperature) {
    struct Row {
        double gain, reciprocity;
        std::vector<double> temperatures; ///< over T, at omega = 0, .5, 1, 2, 5
    };
    for (const Row& row :
         std::vector<Row>{{.4, 1, {1, 1, 1, 1, 1}},
                          {.5, .5, {1.26120387, 1.14260973, 1.07049987, 1.02548677, 1.0048113}},
                          {.5, 0, {1.33333333, 1.25, 1.14285714, 1.05263158, 1.00970874}},
                          {.5, -.5, {1.3797959, 1.32207004, 1.21149961, 1.08142832, 1.01469494}}}) {
        const Prediction p = predict(linear_parameters(row.gain, row.reciprocity));
        const auto& fdt = p.fluctuation_dissipation;
        EXPECT_DOUBLE_EQ(fdt.temperature.value(), 0.5);
        for (std::size_t j = 0; j < row.temperatures.size(); ++j) {
            EXPECT_NEAR(fdt.effective_temperature.value()[j] / fdt.temperature.value(),
                        row.temperatures[j], 1e-8);
        }
    }
}

// X(tau) = T R / (-C'), C' by the central difference of fourth order (h = 0.01): its error is below
// 1e-9, and 1e-11 that C may be off makes 1e-9 of it.
TEST(LinearTheory, RatioInTime) {
    struct Row {
        double gain, reciprocity;
        std::vector<double> ratios; ///< at tau = .5, 1, 2, 4
    };
    constexpr double h = 0.01;
    const std::vector<double> tau{.5, 1, 2, 4};
    for (const Row& row :
         std::vector<Row>{{.4, 1, {1, 1, 1, 1}},
                          {.5, .5, {.96438755, .92858819, .86053372, .75206359}},
                          {.5, 0, {.93520708, .87461228, .76494665, .58514337}},
                          {.5, -.5, {.91006138, .83049329, .68823499, .3945394}}}) {
        const LinearModel model{row.gain, row.reciprocity, {Drive::Kind::white, 1.0, 1.0}, {}};
        for (std::size_t j = 0; j < tau.size(); ++j) {
            const auto difference = [&](double by) {
                return linear_correlation(model, tau[j] + by) -
                       linear_correlation(model, tau[j] - by);
            };
            const double slope = (8.0 * difference(h) - difference(2.0 * h)) / (12.0 * h);
            EXPECT_NEAR(-0.5 * linear_response_at(tau[j], model.kappa()) / slope, row.ratios[j],
                        1e-8);
        }
    }
}

// Exact for reciprocity 1: R[k] = (C[k-1] - C[k+1]) / nu; rounding only.
TEST(LinearTheory, DiscreteFluctuationDissipation) {
    for (const TimeScheme& scheme : {TimeScheme::euler(0.1), TimeScheme::exponential_euler(0.2)}) {
        const LinearModel model{0.4, 1.0, {Drive::Kind::white, 1.0, 1.0}, scheme};
        const auto response = discrete_linear_response(scheme, model.kappa(), 40);
        for (std::size_t k = 1; k < 40; ++k) {
            const double lag = static_cast<double>(k) * scheme.dt();
            const double difference = linear_correlation(model, lag - scheme.dt()) -
                                      linear_correlation(model, lag + scheme.dt());
            EXPECT_NEAR(response[k], difference / scheme.step_variance(1.0), 1e-12);
        }
    }
}

TEST(LinearTheory, Dimension) {
    struct Row {
        double reciprocity, gain, frozen_variance, frozen, white_variance, white;
    };
    for (const Row& row : std::vector<Row>{{0, .2, 1.041667, .921600, .510310, .979386},
                                           {0, .4, 1.190476, .705600, .545545, .909435},
                                           {0, .5, 1.333333, .562500, .577350, .847730},
                                           {0, .7, 1.960784, .260100, .700140, .633381},
                                           {0, .8, 2.777778, .129600, .833333, .454545},
                                           {0, .95, 10.256410, .009506, 1.601282, .085883},
                                           {-1, .3, .923280, .994114, .5, 1},
                                           {-1, .5, .828427, .970563, .5, 1},
                                           {-.5, .3, 1.001864, .914017, .511383, .977258},
                                           {-.5, .5, 1.012789, .779842, .532370, .935758},
                                           {.5, .3, 1.222839, .734882, .538667, .922782},
                                           {.5, .5, 2.089631, .305087, .650852, .705226},
                                           {1, .4, 2.083333, .337500, .625, .75}}) {
        const Prediction frozen =
            predict(linear_parameters(row.gain, row.reciprocity, NoiseKind::frozen));
        const Prediction white = predict(linear_parameters(row.gain, row.reciprocity));
        EXPECT_NEAR(frozen.stationary.input_variance.value(), row.frozen_variance, 1e-6);
        EXPECT_NEAR(frozen.participation.input.value(), row.frozen, 1e-6);
        EXPECT_NEAR(white.stationary.input_variance.value(), row.white_variance, 1e-6);
        EXPECT_NEAR(white.participation.input.value(), row.white, 1e-6);
        EXPECT_DOUBLE_EQ(white.participation.long_window.value(),
                         frozen.participation.input.value());
    }
}

// N Var(C_ij) / C_ii^2 = 1/D - 1, printed to six decimals.
TEST(LinearTheory, CovarianceSpread) {
    struct Row {
        double gain, frozen, white;
    };
    for (const Row& row : std::vector<Row>{{.2, .085069, .021048},
                                           {.4, .417234, .099584},
                                           {.5, .777778, .179620},
                                           {.7, 2.844675, .578830},
                                           {.8, 6.716049, 1.2},
                                           {.95, 104.193951, 10.643761}}) {
        const auto relative = [&](NoiseKind kind) {
            const Prediction p = predict(linear_parameters(row.gain, 0.0, kind));
            const double variance = p.stationary.input_variance.value();
            return p.covariance.input_spread.value() / (variance * variance);
        };
        EXPECT_NEAR(relative(NoiseKind::frozen), row.frozen, 1e-6);
        EXPECT_NEAR(relative(NoiseKind::white), row.white, 1e-6);
    }
}

// D = 8 k^3 / (3 - 2k + 4k^2 + 2k^3 + k^4), k = sqrt(1 - g^2); the quadrature converged to
// rounding.
TEST(LinearTheory, DimensionClosedForm) {
    for (const double gain : {0.1, 0.6, 0.9, 0.99}) {
        const double k = std::sqrt(1.0 - gain * gain);
        const double d = 8 * k * k * k / (3 - 2 * k + 4 * k * k + 2 * k * k * k + k * k * k * k);
        EXPECT_NEAR(predict(linear_parameters(gain, 0.0)).participation.input.value(), d, 1e-10);
    }
}

// C_x(0) = s2 tc / (1 + tc) without couplings; the map x' = g J x + noise has D = 1 - g^4.
TEST(LinearTheory, LimitingCases) {
    Parameters colored = linear_parameters(0.0, 0.0, NoiseKind::colored);
    colored.noise_time = 3.0;
    EXPECT_NEAR(predict(colored).stationary.input_variance.value(), 0.75, 1e-12);
    const Prediction map = discrete(linear_parameters(0.8, 0.0), 1.0);
    EXPECT_NEAR(map.participation.input.value(), 1.0 - std::pow(0.8, 4), 1e-12);
    EXPECT_NEAR(map.stationary.input_variance.value(), 1.0 / (1.0 - 0.64), 1e-12);
    const Prediction free =
        discrete(linear_parameters(0.0, 0.0), 0.3, IntegratorKind::exponential_euler);
    EXPECT_NEAR(free.stationary.input_variance.value(), 0.5, 1e-12);
}

TEST(LinearTheory, Stability) {
    const Prediction stable = predict(linear_parameters(0.5, 0.5));
    EXPECT_EQ(stable.stationary.regime.value(), "fluctuating");
    EXPECT_DOUBLE_EQ(stable.critical_gain.value(), 1.0 / 1.5);
    EXPECT_DOUBLE_EQ(stable.largest_lyapunov_exponent.value(), -0.25);
    const Prediction unstable = predict(linear_parameters(0.7, 0.5));
    EXPECT_EQ(unstable.stationary.regime.value(), "unstable");
    EXPECT_FALSE(unstable.stationary.input_variance.known());
    EXPECT_NE(unstable.stationary.input_variance.reason().find("unstable linear point"),
              std::string::npos);
    // Euler overshoots modes that rotate: |1 - dt + 2 i g dt| = 1 at g = sqrt((2 - dt) dt) / (2
    // dt).
    EXPECT_NEAR(discrete(linear_parameters(0.5, -1.0), 0.1).critical_gain.value(),
                std::sqrt(1.9 * 0.1) / 0.2, 1e-12);
}

} // namespace
} // namespace tinymf::host
