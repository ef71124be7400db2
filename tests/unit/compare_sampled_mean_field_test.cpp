// SPDX-License-Identifier: Apache-2.0
// Stationary and sampled mean fields beside the reference: told here as the reference has them,
// some numbers moved, with distances, bounds and errors computed once more, the plain way.
#include "compare/mean_field_comparison.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "reference/effective_neurons.hpp"
#include "reference/mean_field_problem.hpp"
#include "reference/mean_field_reference.hpp"
#include "reference/stationary_reference.hpp"
#include "unit/told_mean_fields.hpp"

namespace tinymf::host {
namespace {

using experiment::ScalarKind;

/// C and R of 161 lags as the reference has them, 0.125 tau apart: 20 tau.
Recording stationary(const Experiment& experiment, ScalarKind scalar,
                     const StationarySolution& solved, const std::vector<Moved>& moved) {
    Recording recording = empty_run(experiment, scalar);
    for (std::uint32_t row = 0; row < solved.Cx.size(); row += 4) {
        const auto add = [&](TwoTimeArray array, double value) {
            for (const Moved& change : moved) {
                value += change.array == array && change.row == row ? change.by : 0.0;
            }
            recording.arrays[static_cast<std::size_t>(array)].add(row, std::vector{value});
        };
        add(state_correlation, solved.Cx[row]);
        add(output_correlation, solved.Cphi[row]);
        add(state_response, 0.0);
        add(output_response, 0.0);
    }
    return recording;
}

TEST(StationaryBounds, GrowWithTheLagUpToATenthOfTheVariance) {
    Experiment experiment = experiment_of(Method::stationary, model::ActivationKind::tanh, 1.5);
    experiment.parameters.steps = 160;
    const StationarySolution solved = solve_stationary_reference(experiment);
    for (const auto& [scalar, accuracy] :
         {std::pair{ScalarKind::float32, 1e-5}, std::pair{ScalarKind::float64, 1e-9}}) {
        EXPECT_EQ(accuracy_of_stationary_run(scalar), accuracy);
        const std::vector<Moved> moved{{state_correlation, 8, 0, 0.5 * accuracy},
                                       {output_correlation, 12, 0, -0.25 * accuracy},
                                       {state_correlation, 12, 0, 0.125 * accuracy}};
        const MeanFieldDistance found =
            compare_stationary_mean_field(stationary(experiment, scalar, solved, moved));
        EXPECT_TRUE(found.by_lag);
        EXPECT_EQ(found.relative_error, accuracy);
        EXPECT_EQ(found.rows[2], 8U);
        EXPECT_EQ(found.times[2], 1.0);
        EXPECT_EQ(found.method, "collocation");
        EXPECT_NEAR(found.distance.error[2], 0.5 * accuracy, 3e-12);
        EXPECT_EQ(found.distance.places[2].channel, static_cast<unsigned>(state_correlation));
        EXPECT_NEAR(found.distance.error[3], 0.25 * accuracy, 3e-12);
        EXPECT_EQ(found.distance.places[3].channel, static_cast<unsigned>(output_correlation));
        EXPECT_EQ(found.distance.error.size(), 41U);
        // ln(0.1/accuracy) tau, at lags half a tau apart.
        const auto within = static_cast<std::size_t>(std::log(0.1 / accuracy) / 0.5) + 1;
        ASSERT_EQ(found.distance.bound.size(), within);
        for (std::size_t k = 0; k < within; ++k) {
            const bool state =
                found.distance.places[k].channel == static_cast<unsigned>(state_correlation);
            const double bound = accuracy * (state ? solved.Cx : solved.Cphi)[0] *
                                 std::exp(0.5 * static_cast<double>(k));
            EXPECT_NEAR(found.distance.bound[k], bound, 1e-10 * bound);
        }
        EXPECT_TRUE(found.passed());
        EXPECT_FALSE(compare_stationary_mean_field(
                         stationary(experiment, scalar, solved,
                                    {{output_correlation, 8, 0, 3.0 * accuracy * solved.Cx[0]}}))
                         .passed());
    }
}

// Under static noise a power law below 1 stays at its fixed points up to a gain; there no
// potentials are balanced against each other.
TEST(StationaryBounds, OfFixedPointsAreThoseOfTheRunAlone) {
    Experiment experiment =
        experiment_of(Method::stationary, model::ActivationKind::power_law, 0.5);
    experiment.parameters.exponent = 0.75;
    experiment.parameters.noise_kind = model::NoiseKind::frozen;
    experiment.parameters.steps = 40;
    const StationarySolution solved = solve_stationary_reference(experiment);
    ASSERT_EQ(solved.Cx.front(), solved.Cx.back());
    for (const ScalarKind scalar : {ScalarKind::float32, ScalarKind::float64}) {
        EXPECT_EQ(compare_stationary_mean_field(stationary(experiment, scalar, solved, {}))
                      .relative_error,
                  accuracy_of_stationary_run(scalar));
    }
}

// v = sigma^2 + g^2 (v - 6 c v^2) for phi = x/(1 + c x^2) of small v: g^2 F' = g^2 (1 - 12 c v).
TEST(StationaryBounds, OfFixedPointsNextToTheirStabilityGrowWithTheRoundings) {
    Experiment experiment = experiment_of(Method::stationary, model::ActivationKind::pade, 1.00098);
    auto& p = experiment.parameters;
    p.pade_denominator = {0.0279321};
    p.noise = 0.00785405;
    p.noise_kind = model::NoiseKind::frozen;
    p.steps = 40;
    const StationarySolution solved = solve_stationary_reference(experiment);
    const double left = 1.0 - p.gain * p.gain * (1.0 - 12.0 * 0.0279321 * solved.Cx[0]);
    const double single =
        compare_stationary_mean_field(stationary(experiment, ScalarKind::float32, solved, {}))
            .relative_error;
    EXPECT_NEAR(single, 8.0 * 0x1p-24 / left, 0.05 * single); // of order (c v)^2/(c v)
    EXPECT_EQ(compare_stationary_mean_field(stationary(experiment, ScalarKind::float64, solved, {}))
                  .relative_error,
              1e-9);
    const auto passes = [&](double by) {
        return compare_stationary_mean_field(stationary(experiment, ScalarKind::float32, solved,
                                                        {{state_correlation, 0, 0, by}}))
            .passed();
    };
    EXPECT_TRUE(passes(0.9 * single * solved.Cx[0]));
    EXPECT_FALSE(passes(1.1 * single * solved.Cx[0]));
}

/// Linear neurons, whose reference is exact; the populations are told half a number apart.
Recording sampled(const Experiment& experiment, const TwoTimeArrays& solved, int populations,
                  std::uint8_t path_bits) {
    Recording recording = empty_run(experiment, ScalarKind::float64);
    recording.profile.path_bits = path_bits;
    recording.parameters.replicas = static_cast<std::uint8_t>(populations);
    for (int b = 0; b < populations; ++b) {
        for (Index t = 0; t <= steps; ++t) {
            for (const TwoTimeArray array :
                 {state_correlation, output_correlation, state_response, output_response, mean}) {
                std::vector<double> row = row_of(solved, array, t);
                for (double& value : row) {
                    value += 0.5 * b;
                }
                if (!row.empty()) {
                    recording.arrays[static_cast<std::size_t>(array)].add(
                        static_cast<std::uint32_t>(b) * (steps + 1) + static_cast<std::uint32_t>(t),
                        row);
                }
            }
        }
    }
    return recording;
}

// An exact reference has no populations of its own that would be fewer than the run's.
TEST(SampledMeanField, FreedomIsThatOfItsPopulationsBesideAnExactReference) {
    const Experiment experiment =
        experiment_of(Method::forward, model::ActivationKind::linear, 0.5);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    EXPECT_EQ(compare_sampled_mean_field(sampled(experiment, solved, 40, 32)).freedom, 39.0);
}

TEST(SampledMeanField, AddsBiasAndStorageToTheScatterOfItsPopulations) {
    const Experiment experiment =
        experiment_of(Method::forward, model::ActivationKind::linear, 0.5);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    for (const std::uint8_t bits : {std::uint8_t{32}, std::uint8_t{16}}) {
        const TheoryComparison theory =
            compare_sampled_mean_field(sampled(experiment, solved, 4, bits));
        ASSERT_EQ(theory.rows.size(), 13U);
        EXPECT_EQ(theory.curves.size(), 5U);
        EXPECT_EQ(theory.freedom, 3.0);
        EXPECT_EQ(theory.largest_z, allowed_z(3.0));
        EXPECT_EQ(theory.against, "the reference by the method linear");
        // 0, 0.5, 1, 1.5: a variance of 5/12, and Student's factor of three.
        const double scatter = std::sqrt(5.0 / 12.0 / 4.0 * 3.0);
        const TheoryRow& row = theory.rows[3];
        EXPECT_EQ(row.name, "Cx(1.5,1.5)");
        EXPECT_NEAR(row.predicted, solved.Cx(steps, steps), 1e-14);
        EXPECT_NEAR(row.observed, row.predicted + 0.75, 1e-12);
        EXPECT_NEAR(row.standard_error,
                    std::hypot(scatter, row.predicted / 40.0, bits == 16 ? 1e-4 : 0.0), 1e-12);
        EXPECT_EQ(row.origin,
                  std::string("sampling of 4 populations of 40 paths; bias of order 1/paths") +
                      (bits == 16 ? "; 16-bit storage" : ""));
    }
}

/// Fewer than four populations take the scatter of the reference's own, of the same size.
TEST(SampledMeanField, OfFewPopulationsTakesTheScatterOfTheReference) {
    const Experiment experiment =
        experiment_of(Method::forward, model::ActivationKind::linear, 0.5);
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    const TwoTimeSolution sample = solve_effective_neurons(
        mean_field_problem(experiment.parameters), {.paths = 40, .populations = 16});
    for (const int populations : {1, 3}) {
        const TheoryComparison theory =
            compare_sampled_mean_field(sampled(experiment, solved, populations, 32));
        EXPECT_EQ(theory.freedom, 15.0);
        const double scale = std::sqrt(16.0 / populations);
        const TheoryRow& corner = theory.rows[4];
        EXPECT_EQ(corner.name, "Cx(1.5,0.75)");
        EXPECT_NEAR(corner.standard_error,
                    std::hypot(scale * sample.standard_error.Cx(12, 6), corner.predicted / 40.0),
                    1e-12);
        const TheoryRow& integral = theory.rows[12];
        EXPECT_NEAR(integral.standard_error,
                    std::hypot(scale * 0.125 * sample.standard_error.Rphi.row(12).sum(),
                               integral.predicted / 40.0),
                    1e-12);
        EXPECT_NEAR(
            theory.rows[9].standard_error,
            std::hypot(scale * sample.standard_error.Cphi(12, 12), theory.rows[9].predicted / 40.0),
            1e-12);
    }
}

/// One population that tells the reference's own solution, but for what is moved.
TheoryComparison judged(const Experiment& experiment, ScalarKind scalar,
                        const std::vector<Moved>& moved = {}, std::uint8_t populations = 1) {
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    Recording recording = told(experiment, scalar, solved, moved);
    recording.parameters.replicas = populations;
    return compare_sampled_mean_field(recording);
}

/// tanh, driven to x = 12, where its slope is 1e-10.
Experiment saturated() {
    Experiment experiment = experiment_of(Method::forward, model::ActivationKind::tanh, 0.05);
    experiment.parameters.noise = 0.1;
    experiment.parameters.initial = model::InitialKind::zero;
    experiment.parameters.stimulus = model::StimulusKind::constant;
    experiment.parameters.stimulus_amplitude = 15.5;
    return experiment;
}

TEST(SampledMeanField, MayLoseSlopesBelowTheUnitOfItsScalar) {
    const Experiment experiment = saturated();
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    ASSERT_GT(solved.Rphi(steps, steps - 1), 1e-11);
    ASSERT_LT(solved.Rphi(steps, steps - 1), 1e-9);
    std::vector<Moved> none;
    for (std::size_t s = 0; s < steps; ++s) {
        none.push_back({output_response, steps, s, -solved.Rphi(steps, static_cast<Index>(s))});
    }
    EXPECT_TRUE(judged(experiment, ScalarKind::float32, none).passed());
    const TheoryComparison wide = judged(experiment, ScalarKind::float64, none);
    EXPECT_FALSE(wide.passed());
    EXPECT_GT(std::abs(wide.rows[12].z()), wide.largest_z);
}

/// An ulp of 1 in each slope and no more: 2^-23 times the sum of R_x.
TEST(SampledMeanField, IsRefusedForSlopesOffByMoreThanTheUnitOfItsScalar) {
    const Experiment experiment = saturated();
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    const double unit = std::ldexp(solved.Rx.row(steps).sum(), -23);
    for (const double units : {-1.1, -0.9, 0.9, 1.1}) {
        const TheoryComparison theory = judged(experiment, ScalarKind::float32,
                                               {{output_response, steps, steps - 1, units * unit}});
        EXPECT_EQ(theory.passed(), std::abs(units) < 1.0) << units << ", z " << theory.rows[12].z();
    }
}

TEST(SampledMeanField, MayLoseVariancesBelowTheSmallestNumberOfItsScalar) {
    Experiment experiment = experiment_of(Method::forward, model::ActivationKind::linear, 0.5);
    experiment.parameters.noise = 0.0;
    experiment.parameters.initial_scale = 1e-25;
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    std::vector<Moved> none;
    for (Index t = 0; t <= steps; ++t) {
        for (Index s = 0; s <= t; ++s) {
            none.push_back({state_correlation, t, static_cast<std::size_t>(s), -solved.Cx(t, s)});
        }
    }
    EXPECT_TRUE(judged(experiment, ScalarKind::float32, none).passed());
    EXPECT_FALSE(judged(experiment, ScalarKind::float64, none).passed());
}

/// C(T,T/2) = 0 between states of opposite signs is a sum of terms as large as C(T,T).
TEST(SampledMeanField, MayRoundWhatCancelsAsWhatItCancels) {
    const Experiment experiment =
        experiment_of(Method::forward, model::ActivationKind::linear, 0.5);
    const TheoryComparison theory = judged(experiment, ScalarKind::float32);
    const TheoryComparison wide = judged(experiment, ScalarKind::float64);
    for (const std::size_t k : {3U, 4U, 5U}) {
        EXPECT_GT(theory.rows[k].standard_error, wide.rows[k].standard_error);
    }
}

/// Euler with dt = 1 forgets its state: C(t,t) = g^2 C(t-1,t-1) = g^(2t) C(0,0), and what raises
/// the variance of the field by a share raises it in every step.
TEST(SampledMeanField, KnowsWhatItsSamplerAddsToTheField) {
    Experiment experiment = experiment_of(Method::forward, model::ActivationKind::linear, 2.0);
    experiment.parameters.noise = 0.0;
    experiment.parameters.dt = 1.0;
    experiment.parameters.initial_scale = 1e-3;
    const TwoTimeArrays solved = solve_mean_field_reference(experiment).value;
    const double last = std::ldexp(1e-6, 2 * static_cast<int>(steps));
    ASSERT_NEAR(solved.Cx(steps, steps), last, 1e-12 * last);
    const double paths = 4000.0;
    const auto error = [&](ScalarKind scalar, std::uint8_t bits) {
        Recording recording = told(experiment, scalar, solved, {});
        recording.profile.trajectories = static_cast<std::uint16_t>(paths);
        recording.profile.path_bits = bits;
        const TheoryComparison theory = compare_sampled_mean_field(recording);
        EXPECT_EQ(theory.rows[3].name, "Cx(12,12)");
        return theory.rows[3].standard_error;
    };
    const double allowed = allowed_z(15.0);
    const double share = 1e-4 * steps * last;
    const double rounding = 0x1p-24 * (5.0 * std::sqrt(2.0 * steps + 8.0) + 6.0 * steps) * last;
    EXPECT_NEAR(error(ScalarKind::float64, 64), last / paths, 1e-6 * last / paths);
    EXPECT_NEAR(error(ScalarKind::float32, 32),
                std::hypot(last / paths, (share + rounding) / allowed), 1e-3 * last / paths);
    // A twelfth of the squared unit 2^-12 at every time; what one raises of the other is left out.
    const double storage =
        0x1p-24 / 12.0 * (4.0 / 3.0) * std::ldexp(1.0, 2 * static_cast<int>(steps));
    EXPECT_NEAR(error(ScalarKind::float32, 16),
                std::hypot(std::hypot(last / paths, 1e-4), (share + rounding + storage) / allowed),
                5e-3 * last / paths);
}

TEST(SampledMeanField, LeavesOutResponsesThatNoScatterCanJudge) {
    const auto judged_numbers = [](double exponent, double reciprocity, model::NoiseKind noise,
                                   std::uint8_t populations) {
        Experiment experiment =
            experiment_of(Method::forward, model::ActivationKind::power_law, 0.8);
        experiment.parameters.exponent = exponent;
        experiment.parameters.reciprocity = reciprocity;
        experiment.parameters.noise_kind = noise;
        const TwoTimeArrays solved =
            solve_effective_neurons(mean_field_problem(experiment.parameters),
                                    {.paths = 40, .populations = 2})
                .value;
        const TheoryComparison theory =
            compare_sampled_mean_field(sampled(experiment, solved, populations, 32));
        EXPECT_EQ(theory.notes.size(), 13U - theory.rows.size());
        for (const std::string& note : theory.notes) {
            EXPECT_NE(note.find(reciprocity == 0.0 ? "have no variance" : "fewer than 4"),
                      std::string::npos)
                << note;
        }
        return theory.rows.size();
    };
    using enum model::NoiseKind;
    for (const std::uint8_t populations : {std::uint8_t{1}, std::uint8_t{4}}) {
        EXPECT_EQ(judged_numbers(0.5, 0.0, white, populations), 12U);
        EXPECT_EQ(judged_numbers(0.51, 0.0, white, populations), 13U);
        EXPECT_EQ(judged_numbers(0.5, 0.3, white, populations), 13U);
        EXPECT_EQ(judged_numbers(0.5, 0.3, colored, populations), populations == 1 ? 12U : 13U);
        EXPECT_EQ(judged_numbers(0.99, 0.3, colored, populations), populations == 1 ? 12U : 13U);
        EXPECT_EQ(judged_numbers(1.0, 0.3, colored, populations), 13U);
    }
}

} // namespace
} // namespace tinymf::host
