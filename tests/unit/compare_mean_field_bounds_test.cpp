// SPDX-License-Identifier: Apache-2.0
// Mean fields beside the reference: rows are told here as the reference has them, one number moved,
// and distance, place and bound are computed once more, the plain way.
#include "compare/mean_field_comparison.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "reference/mean_field_reference.hpp"
#include "unit/told_mean_fields.hpp"

namespace tinymf::host {
namespace {

using experiment::ScalarKind;

double unit(ScalarKind scalar) {
    return scalar == ScalarKind::float32 ? std::exp2(-24) : std::exp2(-53);
}

/// Of one array at row t: how far the solution moves with g^2, relatively, and how large it is.
double bound_of(const Experiment& experiment, ScalarKind scalar, const TwoTimeArrays& solved,
                const TwoTimeArrays& with_gain, TwoTimeArray array, Index t, double relative_error,
                double steps_of_coefficients) {
    const std::vector<double> here = row_of(solved, array, t);
    const std::vector<double> there = row_of(with_gain, array, t);
    double rate = 0.0;
    double scale = 0.0;
    for (std::size_t s = 0; s < here.size(); ++s) {
        rate = std::max(rate, std::abs(there[s] - here[s]) / 1e-4);
        scale = std::max(scale, std::abs(here[s]));
    }
    if (array == mean) {
        scale = std::sqrt(solved.Cx(t, t));
    }
    const double smallest = scalar == ScalarKind::float32
                                ? static_cast<double>(std::numeric_limits<float>::denorm_min())
                                : std::numeric_limits<double>::denorm_min();
    const double gain = experiment.parameters.gain;
    return (relative_error + 6.0 * unit(scalar) * steps_of_coefficients) * (rate + scale) +
           (2.0 * static_cast<double>(t) + 8.0) * smallest * std::max(1.0, gain * gain);
}

double rounding(ScalarKind scalar) {
    return 5.0 * unit(scalar) * std::sqrt(2.0 * steps + 8.0);
}

/// An activation with closed forms: nothing is left out of its average.
TEST(MeanFieldBounds, AreRoundingTimesHowFarTheSolutionMoves) {
    for (const ScalarKind scalar : {ScalarKind::float32, ScalarKind::float64}) {
        for (const auto integrator :
             {model::IntegratorKind::euler, model::IntegratorKind::exponential_euler}) {
            Experiment experiment =
                experiment_of(Method::gaussian_closure, model::ActivationKind::erf, 1.5);
            experiment.parameters.integrator = integrator;
            const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
            Experiment changed = experiment;
            changed.parameters.gain *= 1.0 + 0.5e-4;
            const TwoTimeArrays with_gain = solve_mean_field_reference(changed).value;
            const std::vector<Moved> moved{{state_correlation, 3, 2, 1e-9},
                                           {output_correlation, 7, 7, -2e-9},
                                           {mean, 8, 0, 3e-9}};
            const MeanFieldDistance found =
                compare_exact_mean_field(told(experiment, scalar, solved, moved));
            const double relative = rounding(scalar) + 1e-10;
            EXPECT_NEAR(found.relative_error, relative, 1e-9 * relative);
            EXPECT_EQ(found.method, "closure");
            EXPECT_FALSE(found.by_lag);
            ASSERT_EQ(found.rows.size(), steps + 1U);
            EXPECT_EQ(found.times[3], 3 * 0.125);
            for (const Moved& change : moved) {
                const auto k = static_cast<std::size_t>(change.row);
                EXPECT_NEAR(found.distance.error[k], std::abs(change.by), 1e-15);
                EXPECT_EQ(found.distance.places[k].channel, static_cast<unsigned>(change.array));
                EXPECT_EQ(found.distance.places[k].element, change.column);
                const double t = static_cast<double>(change.row);
                const double of_steps = integrator == model::IntegratorKind::euler
                                            ? t
                                            : t + 1.0 / (1.0 - std::exp(-0.125));
                const double bound = bound_of(experiment, scalar, solved, with_gain, change.array,
                                              change.row, relative, of_steps);
                EXPECT_NEAR(found.distance.bound[k], bound, 1e-9 * bound);
            }
            EXPECT_EQ(found.distance.error[5], 0.0);
            EXPECT_TRUE(found.distance.reaches_the_end());
            EXPECT_EQ(found.passed(), scalar == ScalarKind::float32) << "1e-9 is 1e7 roundings";
        }
    }
}

/// Of the arrays the one that takes the largest share of its bound, not the largest error.
TEST(MeanFieldBounds, TellOfTheNumberThatIsNearestToItsBound) {
    const Experiment experiment =
        experiment_of(Method::gaussian_closure, model::ActivationKind::erf, 1.5);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    Experiment changed = experiment;
    changed.parameters.gain *= 1.0 + 0.5e-4;
    const TwoTimeArrays with_gain = solve_mean_field_reference(changed).value;
    const double relative = rounding(ScalarKind::float32) + 1e-10;
    const auto bound = [&](TwoTimeArray array) {
        return bound_of(experiment, ScalarKind::float32, solved, with_gain, array, 9, relative,
                        9.0);
    };
    const auto [low, high] = bound(mean) < bound(state_correlation)
                                 ? std::pair{mean, state_correlation}
                                 : std::pair{state_correlation, mean};
    ASSERT_GT(bound(high), 1.2 * bound(low));
    // The larger error is the smaller share.
    const double error = 0.1 * bound(low);
    const double larger = error * std::sqrt(bound(high) / bound(low));
    const MeanFieldDistance found = compare_exact_mean_field(
        told(experiment, ScalarKind::float32, solved, {{low, 9, 0, error}, {high, 9, 0, larger}}));
    EXPECT_EQ(found.distance.places[9].channel, static_cast<unsigned>(low));
    EXPECT_NEAR(found.distance.error[9], error, 1e-15);
}

/// h_k^2 of an odd function by quadrature, with Hermite polynomials written out.
double left_out_of_tanh(double variance, int terms) {
    double total = 0.0;
    double weights = 0.0;
    std::vector<double> coefficients(static_cast<std::size_t>(terms));
    for (double z = -9.0; z <= 9.0; z += 1.0 / 64.0) {
        const double weight = std::exp(-z * z / 2.0);
        const double value = std::tanh(std::sqrt(variance) * z);
        weights += weight;
        total += weight * value * value;
        std::vector<double> he{1.0, z}; // He_k/sqrt k!
        for (int k = 2; k < 2 * terms; ++k) {
            he.push_back((z * he[static_cast<std::size_t>(k) - 1] -
                          std::sqrt(k - 1.0) * he[static_cast<std::size_t>(k) - 2]) /
                         std::sqrt(static_cast<double>(k)));
        }
        for (int n = 0; n < terms; ++n) {
            coefficients[static_cast<std::size_t>(n)] +=
                weight * value * he[static_cast<std::size_t>(2 * n + 1)];
        }
    }
    double held = 0.0;
    for (const double coefficient : coefficients) {
        held += std::pow(coefficient / weights, 2);
    }
    return total / weights - held;
}

TEST(MeanFieldBounds, HoldWhatAHermiteExpansionLeavesOut) {
    const Experiment experiment =
        experiment_of(Method::gaussian_closure, model::ActivationKind::tanh, 1.5);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    double largest = 0.0;
    for (Index t = 0; t <= steps; ++t) {
        largest = std::max(largest, left_out_of_tanh(solved.Cx(t, t), 6) / solved.Cphi(t, t));
    }
    ASSERT_GT(largest, 1e-7);
    const MeanFieldDistance single =
        compare_exact_mean_field(told(experiment, ScalarKind::float32, solved, {}));
    EXPECT_NEAR(single.relative_error, rounding(ScalarKind::float32) + 1e-10 + largest,
                1e-6 * largest);
    // 64 terms of the expansion leave out next to nothing.
    const MeanFieldDistance wide =
        compare_exact_mean_field(told(experiment, ScalarKind::float64, solved, {}));
    EXPECT_LT(wide.relative_error, 1e-9);
    EXPECT_GE(wide.relative_error, rounding(ScalarKind::float64) + 1e-10);
}

/// What an average is off besides rounding: nothing where it has a closed form; what stands in the
/// headers of averages that were measured; else what a Hermite expansion leaves out, which is none
/// of these numbers.
TEST(MeanFieldBounds, TakeTheErrorOfTheRunsOwnAverage) {
    constexpr double nothing = 0.0;
    constexpr double relu = 1e-6; // mean_field/relu_average.hpp, float32
    constexpr double expanded = -1.0;
    for (const auto& [activation, stimulus, error] :
         {std::tuple{model::ActivationKind::erf, model::StimulusKind::none, nothing},
          std::tuple{model::ActivationKind::erf, model::StimulusKind::constant, expanded},
          std::tuple{model::ActivationKind::relu, model::StimulusKind::none, relu},
          std::tuple{model::ActivationKind::relu, model::StimulusKind::constant, relu},
          std::tuple{model::ActivationKind::linear, model::StimulusKind::constant, nothing},
          std::tuple{model::ActivationKind::tanh, model::StimulusKind::constant, expanded}}) {
        Experiment experiment = experiment_of(Method::gaussian_closure, activation, 0.9);
        experiment.parameters.stimulus = stimulus;
        experiment.parameters.stimulus_amplitude = 0.5;
        const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
        const double found =
            compare_exact_mean_field(told(experiment, ScalarKind::float32, solved, {}))
                .relative_error -
            rounding(ScalarKind::float32) - 1e-10;
        if (error == expanded) {
            EXPECT_GT(found, 1e-8) << static_cast<int>(activation);
            EXPECT_GT(std::abs(found - relu), 1e-10);
        } else {
            EXPECT_NEAR(found, error, 1e-12) << static_cast<int>(activation);
        }
    }
}

TEST(MeanFieldBounds, JudgeResponsesOfTheLinearMethodAlone) {
    for (const Method method : {Method::linear, Method::gaussian_closure}) {
        const Experiment experiment = experiment_of(method, model::ActivationKind::linear, 0.5);
        const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
        for (const auto array : {state_response, output_response}) {
            const MeanFieldDistance found = compare_exact_mean_field(
                told(experiment, ScalarKind::float64, solved, {{array, 6, 4, 0.5}}));
            EXPECT_EQ(found.passed(), method != Method::linear);
            if (method == Method::linear) {
                EXPECT_EQ(found.distance.violation(), 6U);
                EXPECT_EQ(found.distance.places[6].channel, static_cast<unsigned>(array));
                EXPECT_EQ(found.distance.places[6].element, 4U);
            }
        }
        for (const auto array : {state_correlation, output_correlation, mean}) {
            const MeanFieldDistance found = compare_exact_mean_field(
                told(experiment, ScalarKind::float64, solved, {{array, steps, 0, 0.5}}));
            EXPECT_EQ(found.distance.violation(), std::size_t{steps});
            EXPECT_EQ(found.distance.places[steps].channel, static_cast<unsigned>(array));
        }
    }
}

TEST(MeanFieldBounds, AreTakenAtTheToldRows) {
    const Experiment experiment =
        experiment_of(Method::gaussian_closure, model::ActivationKind::erf, 1.5);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    const MeanFieldDistance found = compare_exact_mean_field(
        told(experiment, ScalarKind::float32, solved, {{state_correlation, 8, 3, 1e-2}}, 4));
    EXPECT_EQ(found.rows, (std::vector<std::uint32_t>{0, 4, 8, 12}));
    EXPECT_EQ(found.times, (std::vector<double>{0.0, 0.5, 1.0, 1.5}));
    EXPECT_EQ(found.horizon(), 1.5);
    EXPECT_EQ(found.distance.violation(), 2U);
    EXPECT_EQ(found.distance.places[2].element, 3U);
}

TEST(MeanFieldBounds, NothingHoldsARowOfAnotherLengthOrWhatIsNoNumber) {
    const Experiment experiment =
        experiment_of(Method::gaussian_closure, model::ActivationKind::erf, 1.5);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    Recording recording = told(experiment, ScalarKind::float32, solved, {});
    VectorTrace shorter;
    for (std::size_t t = 0; t < recording.arrays[1].size(); ++t) {
        const auto row = recording.arrays[1][t];
        shorter.add(static_cast<std::uint32_t>(t), row.first(t == 5 ? 4 : row.size()));
    }
    recording.arrays[1] = shorter;
    const MeanFieldDistance found = compare_exact_mean_field(recording);
    EXPECT_EQ(found.distance.violation(), 5U);
    EXPECT_EQ(found.distance.error[5], std::numeric_limits<double>::infinity());
    EXPECT_EQ(found.distance.places[5].channel, 1U);
    const MeanFieldDistance no_number = compare_exact_mean_field(
        told(experiment, ScalarKind::float32, solved, {{mean, 5, 0, std::nan("")}}));
    EXPECT_EQ(no_number.distance.violation(), 5U);
    EXPECT_EQ(no_number.distance.places[5].channel, static_cast<unsigned>(mean));
    MeanFieldDistance none;
    EXPECT_FALSE(none.passed()) << "nothing was judged";
}

} // namespace
} // namespace tinymf::host
