// SPDX-License-Identifier: Apache-2.0
// Two sampled solutions of the mean field, forward and by iteration, against exact ones, a table
// and each other.
//
// Standard errors come from B independent runs, so z follows Student's t with B - 1 degrees of
// freedom, made slightly narrower by error_of_scatter. False alarm below 1e-6 a test, summed over
// all entries compared: |z| < 8.7 for up to 7000 entries with 39 degrees of freedom, 10.7 for 4200
// with 23. Seeds are fixed.

#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "reference/effective_neurons.hpp"
#include "reference/iterative_scheme.hpp"
#include "reference/linear_two_time.hpp"
#include "reference/two_time_closure.hpp"
#include "reference_mean_fields.hpp"

namespace tinymf::host {
namespace {

using model::ActivationKind;

constexpr int populations = 40;
constexpr double largest_z = 8.7;
constexpr int repetitions = 24;
constexpr double largest_z_of_repetitions = 10.7;

void expect_agreement(const TwoTimeSolution& a, const TwoTimeSolution& b, double allowed) {
    const TwoTimeArrays zero = zero_arrays(a.value.mean.size());
    const TwoTimeArrays& error = b.sampled() ? b.standard_error : zero;
    const auto compare = [&](const char* name, TwoTimeMatrix TwoTimeArrays::*array) {
        const Disagreement found =
            disagreement(a.value.*array, a.standard_error.*array, b.value.*array, error.*array);
        std::printf("  %s: largest z %.2f, mean square %.2f\n", name, found.largest,
                    found.mean_square);
        EXPECT_LT(found.largest, allowed) << name;
    };
    compare("Cx", &TwoTimeArrays::Cx);
    compare("Cphi", &TwoTimeArrays::Cphi);
    compare("Rx", &TwoTimeArrays::Rx);
    compare("Rphi", &TwoTimeArrays::Rphi);
}

TEST(EffectiveNeurons, AgreeWithTheClosureWithoutReciprocity) {
    for (const double sigma : {0.0, 1.0}) {
        const auto problem = mean_field_problem(euler_run(ActivationKind::tanh, 1.5, 0, sigma, 40));
        const TwoTimeSolution sampled =
            solve_effective_neurons(problem, {.paths = 1000, .populations = populations});
        std::printf("sigma = %g, C(4, 4) = %.5f(%.5f)\n", sigma, sampled.value.Cx(40, 40),
                    sampled.standard_error.Cx(40, 40));
        expect_agreement(sampled, solve_two_time_closure(problem), largest_z);
    }
}

/// A number with its standard error.
struct Estimate {
    double value, error;
};

Estimate entry(const TwoTimeSolution& solution, TwoTimeMatrix TwoTimeArrays::*array, Eigen::Index t,
               Eigen::Index s) {
    return {(solution.value.*array)(t, s), (solution.standard_error.*array)(t, s)};
}

/// dt sum_s R_phi(t, s): an error as large as if those of all entries had one sign.
Estimate integrated_response(const TwoTimeSolution& solution, Eigen::Index t, double dt) {
    return {dt * solution.value.Rphi.row(t).sum(), dt * solution.standard_error.Rphi.row(t).sum()};
}

/// The table pools 1.6e6 paths of an independent program.
TEST(EffectiveNeurons, AgreeWithTheTableWithReciprocity) {
    struct Row {
        double gain, reciprocity;
        Eigen::Index last, middle; ///< steps
        Eigen::Index paths;
        std::array<Estimate, 8> table;
    };
    for (const Row& row : {Row{1.0,
                               0.5,
                               49,
                               25,
                               2000,
                               {{{.75239, .00007},
                                 {.83643, .00015},
                                 {.90992, .00017},
                                 {.27356, .00014},
                                 {.37904, .00015},
                                 {.11176, .00011},
                                 {.26376, .00039},
                                 {.76716, .00017}}}},
                           Row{0.8,
                               1.0,
                               99,
                               50,
                               1000,
                               {{{.72348, .00006},
                                 {.85650, .00016},
                                 {.90554, .00021},
                                 {.19772, .00014},
                                 {.37907, .00015},
                                 {.08103, .00015},
                                 {.27012, .00041},
                                 {.96214, .00034}}}}}) {
        const auto problem =
            mean_field_problem(euler_run(ActivationKind::tanh, row.gain, row.reciprocity, 1,
                                         static_cast<std::uint32_t>(row.last)));
        const TwoTimeSolution sampled =
            solve_effective_neurons(problem, {.paths = row.paths, .populations = populations});
        const auto x = [&](Eigen::Index t, Eigen::Index s) {
            return entry(sampled, &TwoTimeArrays::Cx, t, s);
        };
        const auto phi = [&](Eigen::Index t, Eigen::Index s) {
            return entry(sampled, &TwoTimeArrays::Cphi, t, s);
        };
        const std::array<Estimate, 8> found{
            x(10, 10),
            x(row.middle, row.middle),
            x(row.last, row.last),
            x(row.last, row.middle),
            phi(row.last, row.last),
            phi(row.last, row.middle),
            entry(sampled, &TwoTimeArrays::Rphi, row.last, row.last - 10),
            integrated_response(sampled, row.last, 0.1)};
        for (std::size_t j = 0; j < found.size(); ++j) {
            const double error = std::hypot(found[j].error, row.table[j].error);
            const double z = (found[j].value - row.table[j].value) / error;
            std::printf("%.5f(%.5f), table %.5f(%.5f): z = %.2f\n", found[j].value, found[j].error,
                        row.table[j].value, row.table[j].error, z);
            EXPECT_LT(std::abs(z), largest_z);
        }
    }
}

/// Slopes of a power of 0.2 have no variance, and no white noise helps: the truth are networks,
/// 60 of 3000 neurons, by a program of their own in single precision. Those of 1000 neurons give
/// the same. Averages over the responses of single paths are off by half and more.
TEST(EffectiveNeurons, AgreeWithNetworksWhereSlopesHaveNoVariance) {
    auto parameters = euler_run(ActivationKind::power_law, 10.0, -0.9, 0.0, 48);
    parameters.exponent = 0.2;
    parameters.dt = 0.3;
    const TwoTimeSolution sampled = solve_effective_neurons(
        mean_field_problem(parameters), {.paths = 1000, .populations = populations});
    struct Row {
        Eigen::Index t, s;
        Estimate state, output;
    };
    for (const Row& row :
         {Row{12, 12, {93.57, .24}, {2.153, .0014}}, Row{48, 48, {108.9, .22}, {2.255, .0013}},
          Row{48, 24, {92.85, .40}, {1.795, .0085}}, Row{48, 36, {-103.8, .25}, {-2.079, .0048}}}) {
        for (const auto& [found, table] :
             {std::pair{entry(sampled, &TwoTimeArrays::Cx, row.t, row.s), row.state},
              std::pair{entry(sampled, &TwoTimeArrays::Cphi, row.t, row.s), row.output}}) {
            const double z = (found.value - table.value) / std::hypot(found.error, table.error);
            std::printf("(%td, %td): %.4g(%.2g), networks %.4g(%.2g): z = %.2f\n", row.t, row.s,
                        found.value, found.error, table.value, table.error, z);
            EXPECT_LT(std::abs(z), largest_z);
        }
    }
}

/// Before anything acts on silent neurons their field does not vary, and Novikov's theorem has
/// nothing to divide by.
TEST(EffectiveNeurons, OfAPowerLawStaySilentWithoutDrive) {
    auto parameters = euler_run(ActivationKind::power_law, 2.0, 0.5, 0.0, 20);
    parameters.exponent = 0.3;
    parameters.initial = model::InitialKind::zero;
    const TwoTimeArrays silent =
        solve_effective_neurons(mean_field_problem(parameters), {.paths = 50, .populations = 2})
            .value;
    EXPECT_EQ(silent.Cx.cwiseAbs().maxCoeff(), 0.0);
    EXPECT_EQ(silent.Rphi.cwiseAbs().maxCoeff(), 0.0);
}

/// Exact for every activation: the response to the last step is <phi'>, for tanh 1 - <phi^2>.
TEST(EffectiveNeurons, LastStepRespondsByTheMeanSlope) {
    for (const double sigma : {0.0, 1.0}) {
        const auto problem =
            mean_field_problem(euler_run(ActivationKind::tanh, 0.9, -0.6, sigma, 15));
        const TwoTimeSolution sampled =
            solve_effective_neurons(problem, {.paths = 1000, .populations = populations});
        for (const Eigen::Index t : {1, 5, 15}) {
            const double slope = 1.0 - sampled.value.Cphi(t, t);
            // Tangents: an identity of the sample. Novikov: within its error.
            const double tolerance =
                sigma > 0.0 ? largest_z * sampled.standard_error.Rphi(t, t - 1) : 1e-13;
            EXPECT_NEAR(sampled.value.Rphi(t, t - 1), slope, tolerance);
        }
    }
}

TEST(EffectiveNeurons, NovikovAndTangentsGiveOneResponse) {
    auto parameters = euler_run(ActivationKind::tanh, 1.0, 0.5, 1.0, 20);
    const TwoTimeSolution novikov = solve_effective_neurons(
        mean_field_problem(parameters), {.paths = 2000, .populations = populations});
    // Coloured noise of a correlation far below the step is white noise of strength 1/beta^2 nu.
    parameters.noise_kind = model::NoiseKind::colored;
    parameters.noise_time = 0.001;
    parameters.noise = 1.0 / std::sqrt(parameters.dt);
    const TwoTimeSolution tangents = solve_effective_neurons(
        mean_field_problem(parameters), {.paths = 1000, .populations = populations});
    expect_agreement(novikov, tangents, largest_z);
}

IterationSettings quick(Eigen::Index paths) {
    return {.paths = paths, .tolerance = 5e-3, .bundle = 500};
}

TEST(IterativeScheme, AgreesWithTheExactLinearSolution) {
    const auto problem = mean_field_problem(euler_run(ActivationKind::linear, 0.5, 0.5, 1, 25));
    const TwoTimeSolution iterated = solve_by_iteration(problem, quick(1000), repetitions);
    expect_agreement(iterated, solve_linear_two_time(problem), largest_z_of_repetitions);
}

TEST(IterativeScheme, AgreesWithEffectiveNeuronsAtReciprocityOneHalf) {
    for (const double sigma : {1.0, 0.0}) {
        const auto problem = mean_field_problem(euler_run(ActivationKind::tanh, 1, 0.5, sigma, 25));
        std::printf("sigma = %g\n", sigma);
        expect_agreement(
            solve_by_iteration(problem, quick(1000), repetitions),
            solve_effective_neurons(problem, {.paths = 1000, .populations = populations}),
            largest_z_of_repetitions);
    }
}

/// At rest every path has phi' = 1, so that nothing is sampled: the response is the linear one.
TEST(IterativeScheme, SilenceRespondsLinearlyInBothMethods) {
    auto parameters = euler_run(ActivationKind::tanh, 0.8, 0.5, 0, 20);
    parameters.initial = model::InitialKind::zero;
    const auto problem = mean_field_problem(parameters);
    parameters.activation = ActivationKind::linear;
    const TwoTimeSolution exact = solve_linear_two_time(mean_field_problem(parameters));
    const TwoTimeSolution sampled =
        solve_effective_neurons(problem, {.paths = 50, .populations = 2});
    EXPECT_LT(largest_difference(sampled.value, exact.value), 1e-14);
    IterationSettings settings = quick(50);
    settings.tolerance = 1e-9;
    const IterationResult iterated = iterate_two_time(problem, settings);
    std::printf("%d iterations, %.1e\n", iterated.iterations,
                largest_difference(iterated.value, exact.value));
    // R is 1 at most; the damping still removes what the tolerance leaves.
    EXPECT_LT(largest_difference(iterated.value, exact.value), 1e-8);
}

TEST(IterativeScheme, BundlesDoNotChangeTheResult) {
    for (const double sigma : {0.7, 0.0}) {
        const auto problem =
            mean_field_problem(euler_run(ActivationKind::tanh, 1.2, 0.4, sigma, 12));
        IterationSettings settings = quick(1100); // bundles of 500, 500 and 100
        settings.tolerance = 10.0;                // both stop at the first chance
        const IterationResult bundled = iterate_two_time(problem, settings);
        settings.bundle = 1100;
        const IterationResult whole = iterate_two_time(problem, settings);
        const double difference = largest_difference(bundled.value, whole.value);
        std::printf("sigma = %g: %d iterations, %.1e\n", sigma, whole.iterations, difference);
        EXPECT_EQ(bundled.iterations, whole.iterations);
        // Rounding, through 12 iterations and the inverse of L.
        EXPECT_LT(difference, 1e-8);
    }
}

TEST(IterativeScheme, ConvergesToItsMonteCarloFloorAndNoFurther) {
    const auto problem = mean_field_problem(euler_run(ActivationKind::tanh, 1.5, 0.3, 1, 20));
    IterationSettings settings = quick(1000);
    settings.tolerance = 0.0;
    const IterationResult coarse = iterate_two_time(problem, settings);
    settings.paths = 16000;
    const IterationResult fine = iterate_two_time(problem, settings);
    std::printf("C: %.4f (floor %.4f) at 1000 paths, %.4f (%.4f) at 16000\n",
                coarse.correlation.change, coarse.correlation.floor, fine.correlation.change,
                fine.correlation.floor);
    // The floor falls as 1/sqrt(paths), a factor of 4 here; itself sampled to a few percent.
    EXPECT_NEAR(coarse.correlation.floor / fine.correlation.floor, 4.0, 0.6);
    EXPECT_NEAR(coarse.response.floor / fine.response.floor, 4.0, 0.6);
    EXPECT_LT(fine.iterations, settings.longest);
}

TEST(IterativeScheme, SaysWhenItDoesNotConverge) {
    const auto problem = mean_field_problem(euler_run(ActivationKind::tanh, 1.5, 0.5, 1, 20));
    IterationSettings settings = quick(1000);
    settings.longest = 4;
    try {
        static_cast<void>(iterate_two_time(problem, settings));
        FAIL() << "converged";
    } catch (const HostError& error) {
        std::printf("%s\n", error.what());
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        EXPECT_NE(std::string(error.what()).find("did not converge in 4 iterations: C still"),
                  std::string::npos);
    }
}

} // namespace
} // namespace tinymf::host
