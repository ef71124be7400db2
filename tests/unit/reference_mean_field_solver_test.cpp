// SPDX-License-Identifier: Apache-2.0
// Which solver an experiment gets, what is refused and how it is said, and what is written.

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "reference/mean_field_problem.hpp"
#include "reference/mean_field_reference.hpp"
#include "reference/stationary_reference.hpp"

namespace tinymf::host {
namespace {

Experiment experiment_of(const std::string& model, const std::string& method,
                         const std::string& rest = "") {
    return parse_experiment("schema = 1\n[model]\nkind = \"mean_field\"\n" + model +
                                "\n[mean_field]\nmethod = \"" + method + "\"\n" + rest,
                            "test.toml");
}

/// What solving says, or nothing.
template <class Solve>
std::string refusal(Solve&& solve) {
    try {
        solve();
    } catch (const HostError& error) {
        std::printf("%s\n", error.what());
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "";
}

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(MeanFieldReference, ChoosesAnExactSolverWhereThereIsOne) {
    const auto chosen = [](const std::string& model, const std::string& rest = "") {
        return best_solver(experiment_of(model, "forward", rest));
    };
    EXPECT_EQ(chosen("activation = \"linear\"\nreciprocity = 0.5"), MeanFieldSolver::linear);
    EXPECT_EQ(chosen("activation = \"power_law\"\nexponent = 1.0"), MeanFieldSolver::linear);
    EXPECT_EQ(chosen("activation = \"tanh\""), MeanFieldSolver::closure);
    EXPECT_EQ(chosen("activation = \"tanh\"\nreciprocity = 0.5"), MeanFieldSolver::sample);
    EXPECT_EQ(chosen("activation = \"tanh\"", "[initial]\nkind = \"uniform\""),
              MeanFieldSolver::sample);
}

TEST(MeanFieldReference, SolvesTheExperimentOnItsOwnGrid) {
    const Experiment experiment = experiment_of(
        "activation = \"tanh\"\ngain = 1.5\ndt = 0.1\nsteps = 20", "gaussian_closure");
    const TwoTimeSolution solution = solve_mean_field_reference(experiment);
    ASSERT_EQ(solution.times.size(), 21U);
    EXPECT_DOUBLE_EQ(solution.times.back(), 2.0);
    EXPECT_NEAR(solution.value.Cx(20, 20), .348348728034, 1e-12); // an independent program's
    EXPECT_FALSE(solution.sampled());
}

TEST(MeanFieldReference, Refuses) {
    const auto solve = [](const Experiment& experiment, MeanFieldSolver solver) {
        return refusal([&] { static_cast<void>(solve_mean_field_reference(experiment, solver)); });
    };
    const Experiment reciprocal =
        experiment_of("activation = \"tanh\"\nreciprocity = 0.5\nsteps = 5", "forward");
    EXPECT_TRUE(says(solve(reciprocal, MeanFieldSolver::closure), "needs reciprocity 0"));
    EXPECT_TRUE(says(solve(reciprocal, MeanFieldSolver::linear), "needs a linear activation"));

    Experiment stages = reciprocal;
    stages.parameters.integrator = model::IntegratorKind::heun;
    EXPECT_TRUE(says(solve(stages, best_solver(stages)), "model.integrator"));

    experiment::Parameters<double> parameters;
    const auto grid = [&] {
        return refusal([&] { static_cast<void>(mean_field_problem(parameters)); });
    };
    parameters.stimulus = model::StimulusKind::live;
    EXPECT_TRUE(says(grid(), "stimulus.kind"));
    parameters.stimulus = model::StimulusKind::none;
    parameters.steps = 100000;
    EXPECT_TRUE(says(grid(), "at most 8191 steps"));
}

/// Experiment files refuse reciprocity and unstable gains here; the solver has a say of its own.
std::string stationary_refusal(const std::string& model, double gain, double reciprocity) {
    Experiment experiment = experiment_of(model + "gain = 0.5", "stationary");
    experiment.parameters.gain = gain;
    experiment.parameters.reciprocity = reciprocity;
    return refusal([&] { static_cast<void>(solve_stationary_reference(experiment)); });
}

TEST(StationaryReference, UnstableLinearPointIsNamed) {
    const std::string linear = "activation = \"linear\"\nnoise = 1.0\n";
    EXPECT_TRUE(
        says(stationary_refusal(linear, 1.0, 0.0), "no stationary state: unstable linear point"));
    EXPECT_TRUE(
        says(stationary_refusal(linear, 0.7, 0.5), "critical gain 1/(1 + reciprocity) = 0.666667"));
    EXPECT_EQ(stationary_refusal(linear, 0.6, 0.5), "");
}

TEST(StationaryReference, NonlinearReciprocityHasNoTheory) {
    EXPECT_TRUE(says(stationary_refusal("activation = \"tanh\"\n", 1.0, 0.5), "no closed theory"));
}

TEST(StationaryReference, ChaosAgainstTheTable) {
    const StationarySolution solution = solve_stationary_reference(
        experiment_of("activation = \"tanh\"\ngain = 1.5\ndt = 0.5\nsteps = 10", "stationary"));
    ASSERT_EQ(solution.lags.size(), 11U);
    EXPECT_NEAR(solution.Cx[0], .747686380553, 1e-12);
    EXPECT_NEAR(solution.Cx[1], .7449427509, 1e-10);
    EXPECT_NEAR(solution.Cx[10], .5413578992, 2e-10); // the table's accuracy is 1e-10
    EXPECT_NEAR(solution.Cphi[0], .342093488684, 1e-12);
    EXPECT_NEAR(solution.Cphi[2], .3364920145, 1e-10);
    EXPECT_DOUBLE_EQ(solution.Rx[0], 1.0);
    EXPECT_NEAR(solution.Rx[2], std::exp(-1.0), 1e-15);
    EXPECT_NEAR(solution.Rphi[0], 1.0 - .342093488684, 1e-12);
    ASSERT_TRUE(solution.lyapunov.has_value());
    EXPECT_NEAR(*solution.lyapunov, .046746220, 1e-7);
}

TEST(MeanFieldReference, WritesTheArraysOfTheContract) {
    const std::filesystem::path path =
        std::filesystem::path(testing::TempDir()) / "mean_field_reference.npz";
    const auto contents = [&] {
        std::ifstream file(path, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const Experiment sampled = experiment_of(
        "activation = \"tanh\"\nreciprocity = 0.5\nnoise = 1.0\nsteps = 3", "forward");
    write_mean_field_reference(path, sampled, MeanFieldSolver::sample,
                               solve_mean_field_reference(sampled));
    const std::string two_time = contents();
    for (const char* name : {"t", "Cx", "Cphi", "Rx", "Rphi", "mean", "Cx_se", "Cphi_se", "Rx_se",
                             "Rphi_se", "mean_se", "metadata"}) {
        EXPECT_TRUE(says(two_time, std::string(name) + ".npy")) << name;
    }
    EXPECT_TRUE(says(two_time, "(4, 4)"));

    const Experiment stationary =
        experiment_of("activation = \"tanh\"\ngain = 1.5\nsteps = 3", "stationary");
    write_stationary_reference(path, stationary, solve_stationary_reference(stationary));
    const std::string lags = contents();
    for (const char* name : {"tau", "Cx", "Cphi", "Rx", "Rphi", "lyapunov", "metadata"}) {
        EXPECT_TRUE(says(lags, std::string(name) + ".npy")) << name;
    }
    std::filesystem::remove(path);
}

} // namespace
} // namespace tinymf::host
