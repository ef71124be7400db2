// SPDX-License-Identifier: Apache-2.0
#include "theory/fluctuation_dissipation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "capture_files.hpp"
#include "device/emulated_board.hpp"
#include "device/recorded_run.hpp"
#include "mean_field_runs.hpp"
#include "recording/recorded_mean_field.hpp"
#include "statistics/jackknife.hpp"
#include "statistics/stationary_lags.hpp"
#include "theory/linear_correlation.hpp"
#include "tinymf/mean_field/linear_closure.hpp"

namespace tinymf::host {
namespace {

using model::IntegratorKind;

constexpr double strength = 1.0; // sigma^2, so that T = 1/2

TimeScheme scheme_of(IntegratorKind integrator, double dt) {
    return integrator == IntegratorKind::euler ? TimeScheme::euler(dt)
                                               : TimeScheme::exponential_euler(dt);
}

/// Of an emulated run's populations, sent as frames and read back.
std::vector<StationaryLags> streamed_lags(const std::vector<std::string>& settings) {
    constexpr std::string_view common = "schema = 1\n[model]\nkind = \"mean_field\"\n"
                                        "noise = 1.0\n[stream]\nstate_every = 1\n";
    const test::TestFolder folder;
    const auto capture = folder / "run.tmf";
    EmulatedBoard board;
    static_cast<void>(record_run(parse_experiment(common, "test.toml", settings), board, {},
                                 "emulation", capture));
    std::vector<StationaryLags> late;
    for (const TwoTimeArrays& arrays : recorded_populations(read_recording(capture)).populations) {
        late.push_back(stationary_lags(arrays));
    }
    return late;
}

/// The exact mean field of a linear network, from x = 0 on, at most 1000 times.
StationaryLags linear_lags(double gain, double reciprocity, IntegratorKind integrator, double dt,
                           Eigen::Index points) {
    auto parameters =
        mean_field::white_noise_run<double>(model::ActivationKind::linear, gain, reciprocity, 1.0,
                                            static_cast<std::uint32_t>(points - 1));
    parameters.integrator = integrator;
    parameters.dt = dt;
    parameters.initial = model::InitialKind::zero;
    const auto rows = mean_field::run<mean_field::LinearClosure<double, 1000>>(parameters);
    TwoTimeArrays arrays{.Cx = TwoTimeMatrix::Zero(points, points),
                         .Cphi = {},
                         .Rx = TwoTimeMatrix::Zero(points, points),
                         .Rphi = {},
                         .mean = {}};
    const auto copy = [](TwoTimeMatrix& matrix, const mean_field::TwoTimeRun::Triangle& triangle) {
        for (std::size_t t = 0; t < triangle.size(); ++t) {
            std::ranges::copy(triangle[t], matrix.row(static_cast<Eigen::Index>(t)).begin());
        }
    };
    copy(arrays.Cx, rows.Cx);
    copy(arrays.Rx, rows.Rx);
    return stationary_lags(arrays);
}

// What is left of the start at t' decays as e^{-2 (1 - 2g) t'}, against a C' that decays as
// e^{-(1 - 2g) tau}: below 1e-8 for t' > 50, that is at lags up to a quarter of T = 100.
TEST(FluctuationDissipation, RatioIsOneOnTheGridOfASymmetricLinearNetwork) {
    for (const auto integrator : {IntegratorKind::euler, IntegratorKind::exponential_euler}) {
        const StationaryLags late = linear_lags(0.4, 1.0, integrator, 0.1, 1000);
        const HeatBath bath{scheme_of(integrator, 0.1), strength};
        const auto ratio = fluctuation_dissipation_ratio(late, bath);
        const auto excess = excess_fluctuation(late, bath);
        double largest = 0.0;
        double largest_excess = 0.0;
        for (std::size_t k = 1; k <= 250; ++k) {
            largest = std::max(largest, std::abs(ratio[k] - 1.0));
            largest_excess = std::max(largest_excess, std::abs(excess[k]));
        }
        std::cout << "largest |X - 1| " << largest << ", largest excess " << largest_excess << "\n";
        EXPECT_LT(largest, 1e-6);
        EXPECT_LT(largest_excess, 1e-8);
    }
}

struct OneTimeConstant {
    double response;    ///< chi(1)
    double correlation; ///< (C(0) - C(1))/T
};

OneTimeConstant after_one(double dt, Eigen::Index points) {
    const StationaryLags late = linear_lags(0.4, 1.0, IntegratorKind::euler, dt, points);
    const auto k = static_cast<std::size_t>(std::lround(1.0 / dt));
    return {susceptibility(late, TimeScheme::euler(dt))[k],
            (late.correlation[0] - late.correlation[k]) / (strength / 2.0)};
}

// Richardson: from dt = .1 and .05 the rest is O(dt^2); with dt = .2 as well it is O(dt^3), and
// what the third step size changed bounds what a fourth would.
TEST(FluctuationDissipation, EulerBiasIsRemovedByExtrapolation) {
    const OneTimeConstant widest = after_one(0.2, 500);
    const OneTimeConstant wide = after_one(0.1, 800);
    const OneTimeConstant fine = after_one(0.05, 1000);
    // To the digits of the table: the sum of R against (C(0) - C(1))/T.
    EXPECT_NEAR(wide.response, 0.66264, 5e-6);
    EXPECT_NEAR(wide.correlation, 0.69545, 5e-6);
    EXPECT_NEAR(fine.response, 0.65372, 5e-6);
    EXPECT_NEAR(fine.correlation, 0.66942, 5e-6);

    const LinearModel continuum{
        0.4, 1.0, {Drive::Kind::white, strength, 1.0}, TimeScheme::continuum()};
    const double exact = (linear_correlation(continuum, 0.0) - linear_correlation(continuum, 1.0)) /
                         (strength / 2.0);
    for (const auto part : {&OneTimeConstant::response, &OneTimeConstant::correlation}) {
        const double linear = 2.0 * (fine.*part) - wide.*part;
        const double quadratic = (8.0 * (fine.*part) - 6.0 * (wide.*part) + widest.*part) / 3.0;
        std::cout << "dt = .1 " << wide.*part << ", .05 " << fine.*part << ", extrapolated "
                  << linear << " and " << quadratic << ", continuum " << exact << "\n";
        EXPECT_GT(std::abs(fine.*part - exact), 10.0 * std::abs(quadratic - exact));
        EXPECT_LT(std::abs(quadratic - exact), std::abs(quadratic - linear));
    }
}

struct Temperatures {
    double gain;
    double reciprocity;
    std::vector<double> over_bath; ///< at omega = 0, .5, 1, 2, 5
};

// Zou & Huang's fluctuation-dissipation theorem and its breaking, linear network.
const std::vector<Temperatures> temperatures{
    {.4, 1, {1, 1, 1, 1, 1}},
    {.5, .5, {1.26120387, 1.14260973, 1.07049987, 1.02548677, 1.0048113}},
    {.5, 0, {1.33333333, 1.25, 1.14285714, 1.05263158, 1.00970874}},
    {.5, -.5, {1.3797959, 1.32207004, 1.21149961, 1.08142832, 1.01469494}}};
const std::vector<double> frequencies{0, .5, 1, 2, 5};

std::vector<double> streamed_temperatures(const Temperatures& row, double dt, int steps) {
    const auto late = streamed_lags(
        {"model.activation=linear", "mean_field.method=linear", "mean_field.scalar=float64",
         "mean_field.points=1000", "initial.kind=zero", "model.gain=" + std::to_string(row.gain),
         "model.reciprocity=" + std::to_string(row.reciprocity), "model.dt=" + std::to_string(dt),
         "model.steps=" + std::to_string(steps)});
    auto found =
        effective_temperature(late.front(), {TimeScheme::euler(dt), strength}, frequencies);
    for (double& temperature : found) {
        temperature /= strength / 2.0;
    }
    return found;
}

// What is lost are the lags beyond T/2, where C and R are below e^{-(1 - g(1+eta)) T/2}; T = 200
// makes that 2e-9 in the slowest case. At zero frequency, and at all where the network is in
// equilibrium, the step size does not matter.
TEST(FluctuationDissipation, EffectiveTemperatureOfStreamedRunsIsTheSchemes) {
    for (const Temperatures& row : temperatures) {
        const auto found = streamed_temperatures(row, 0.4, 499);
        const LinearModel model{
            row.gain, row.reciprocity, {Drive::Kind::white, strength, 1.0}, TimeScheme::euler(0.4)};
        double largest = 0.0;
        for (std::size_t j = 0; j < frequencies.size(); ++j) {
            const double theory =
                linear_effective_temperature(model, frequencies[j]) / (strength / 2.0);
            largest = std::max(largest, std::abs(found[j] - theory));
            EXPECT_NEAR(found[j], theory, 1e-6) << row.reciprocity << ' ' << frequencies[j];
            if (j == 0 || row.reciprocity == 1.0) {
                EXPECT_NEAR(found[j], row.over_bath[j], 1e-6);
            }
        }
        std::cout << "g " << row.gain << " eta " << row.reciprocity << ": largest difference "
                  << largest << "\n";
    }
}

// Richardson from dt = .4, .2 and .1: what the coarsest step changes in the result is its error
// bar.
TEST(FluctuationDissipation, EffectiveTemperatureExtrapolatesToTheContinuum) {
    const Temperatures& row = temperatures[1];
    const auto widest = streamed_temperatures(row, 0.4, 499);
    const auto wide = streamed_temperatures(row, 0.2, 599);
    const auto fine = streamed_temperatures(row, 0.1, 999);
    for (std::size_t j = 1; j < frequencies.size(); ++j) {
        const double linear = 2.0 * fine[j] - wide[j];
        const double quadratic = (8.0 * fine[j] - 6.0 * wide[j] + widest[j]) / 3.0;
        const double error = std::abs(quadratic - linear);
        std::cout << "omega " << frequencies[j] << ": dt = .1 " << fine[j] << ", extrapolated "
                  << quadratic << " +- " << error << ", table " << row.over_bath[j] << "\n";
        EXPECT_NEAR(quadratic, row.over_bath[j], error);
        EXPECT_LT(std::abs(quadratic - row.over_bath[j]), std::abs(fine[j] - row.over_bath[j]));
    }
}

struct Excess {
    double value;
    double standard_error; ///< by jackknife over the populations
    double drift;          ///< of C(t,t) over the times used

    [[nodiscard]] double z() const { return value / standard_error; }
};

/// Sampled by 32 x 4000 effective neurons with symmetric couplings, two time constants after the
/// field was switched on.
Excess sampled_excess(const std::string& activation, double gain) {
    constexpr double dt = 0.2;
    constexpr std::size_t lag = 10;
    const auto late = streamed_lags({"model.activation=" + activation, "mean_field.method=forward",
                                     "mean_field.points=100", "mean_field.trajectories=4000",
                                     "mean_field.populations=32", "model.reciprocity=1.0",
                                     "model.dt=" + std::to_string(dt), "model.steps=99",
                                     "initial.scale=0.8", "model.gain=" + std::to_string(gain)});
    const HeatBath bath{TimeScheme::euler(dt), strength};
    const SampledCurve excess = jackknife(
        late, [&bath](const StationaryLags& lags) { return excess_fluctuation(lags, bath); });
    const Excess found{excess.value[lag], excess.standard_error[lag], average_lags(late).drift};
    std::cout << activation << " g = " << gain << ": excess " << found.value << " +- "
              << found.standard_error << ", z " << found.z() << ", drift " << found.drift << "\n";
    return found;
}

// z = 10 has a false-alarm probability below 1e-9 for 32 populations (Student's law, 31 degrees of
// freedom). That the run is not quite stationary changes the excess by less than C(t,t) drifts,
// which the linear network, in equilibrium but for that, shows as well.
TEST(FluctuationDissipation, IsBrokenByTanhInSpiteOfSymmetricCouplings) {
    const Excess equilibrium = sampled_excess("linear", 0.3);
    EXPECT_LT(std::abs(equilibrium.value), std::abs(equilibrium.drift));
    const Excess broken = sampled_excess("tanh", 0.4);
    EXPECT_GT(broken.z(), 10.0);
    EXPECT_GT(broken.value, 2.0 * std::abs(broken.drift));
}

} // namespace
} // namespace tinymf::host
