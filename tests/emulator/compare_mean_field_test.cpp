// SPDX-License-Identifier: Apache-2.0
// Mean fields of the emulated board, held against host twin and reference.

#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "base_captures.hpp"
#include "compare/comparison.hpp"
#include "compare/host_twin.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view experiment_text = R"(
schema = 1
[model]
kind = "mean_field"
activation = "tanh"
gain = 1.2
noise = 0.5
dt = 0.1
steps = 60
[mean_field]
method = "gaussian_closure"
)";

class CompareMeanField : public testing::Test, public test::CapturedRuns {
protected:
    CompareMeanField() : CapturedRuns(experiment_text) {}
};

const std::vector<std::vector<std::string>> exact_runs{
    {},
    {"mean_field.scalar='float64'"},
    {"model.activation='erf'", "model.noise_kind='colored'"},
    {"model.activation='relu'", "model.gain=1.0", "stimulus.kind='constant'",
     "stimulus.amplitude=0.5"},
    {"model.activation='pade'", "model.noise_kind='static'", "mean_field.row_every=7"},
    {"stimulus.kind='sine'", "stimulus.amplitude=0.5", "stimulus.frequency=0.2",
     "model.integrator='exponential_euler'"},
    // Variances whose squares vanish in single precision.
    {"model.activation='relu'", "model.gain=0.0154465", "model.noise=0.0", "model.dt=0.746576",
     "initial.scale=7.45284e-06"},
    // Means of many deviations, and of both signs.
    {"model.activation='relu'", "model.gain=27.3367", "model.noise=0.0347324",
     "model.dt=0.00950498", "model.integrator='exponential_euler'", "initial.scale=6.50247e-05",
     "stimulus.kind='sine'", "stimulus.amplitude=24.89", "stimulus.frequency=0.087217",
     "mean_field.scalar='float64'"},
    {"model.activation='relu'", "model.gain=0.8", "model.noise=0.2", "stimulus.kind='constant'",
     "stimulus.amplitude=-1.0", "mean_field.scalar='float64'"},
    {"model.activation='relu'", "model.gain=0.8", "model.noise=0.2", "stimulus.kind='sine'",
     "stimulus.amplitude=-2.0", "stimulus.frequency=0.3"},
    // Means so far in the tail that single precision hardly holds an output.
    {"model.activation='relu'", "model.gain=0.999641", "model.noise=0.363928", "model.dt=0.0512027",
     "model.steps=33", "model.integrator='exponential_euler'", "stimulus.kind='constant'",
     "stimulus.amplitude=-33.4809"},
    // A power law of any exponent has no series, and so leaves nothing out.
    {"model.activation='power_law'", "model.exponent=0.3", "mean_field.scalar='float64'"},
    {"model.activation='power_law'", "model.exponent=0.9"},
    {"mean_field.method='linear'", "model.activation='linear'", "model.gain=0.5",
     "model.reciprocity=0.5"},
    {"mean_field.method='linear'", "model.activation='linear'", "model.gain=0.5",
     "model.reciprocity=-1.0", "mean_field.scalar='float64'", "initial.kind='uniform'"},
    {"mean_field.method='stationary'"},
    {"mean_field.method='stationary'", "mean_field.scalar='float64'", "model.noise=0.0"},
    {"mean_field.method='stationary'", "model.activation='erf'", "model.noise_kind='static'"},
};

TEST_F(CompareMeanField, RunsWithoutSamplingStayWithinTheBound) {
    for (const auto& overrides : exact_runs) {
        const Comparison comparison = compare_capture(capture(overrides), {});
        ASSERT_TRUE(comparison.mean_field) << to_text(comparison);
        EXPECT_EQ(comparison.exit_code(), exit_passed) << to_text(comparison);
        const BoundedDistance& distance = comparison.mean_field->distance;
        std::printf("%-70s error %.2g, bound %.2g\n", overrides.empty() ? "" : overrides[0].c_str(),
                    distance.max_error(), distance.max_bound());
    }
}

/// The bound is no wide gate: a gain that is off by 1 % lies outside it.
TEST_F(CompareMeanField, AnotherGainLiesOutsideTheBound) {
    for (const auto& overrides : exact_runs) {
        Recording recording = read_recording(capture(overrides));
        recording.parameters.gain *= 1.01;
        const MeanFieldDistance moved = recording.profile.method == mean_field::Method::stationary
                                            ? compare_stationary_mean_field(recording)
                                            : compare_exact_mean_field(recording);
        EXPECT_FALSE(moved.passed()) << (overrides.empty() ? "" : overrides[0]);
    }
}

/// Seeds are fixed. For fresh ones, 13 numbers with |z| < 4.5 and 15 populations' scatter fail by
/// chance in less than 0.6 % of runs.
TEST_F(CompareMeanField, SampledRunsAgreeWithinTheirErrors) {
    const std::vector<std::vector<std::string>> runs{
        {"mean_field.populations=16"},
        {"mean_field.populations=16", "model.reciprocity=0.5"},
        {"mean_field.populations=1", "mean_field.trajectories=4000"},
        {"mean_field.populations=16", "mean_field.storage='fixed16'", "model.reciprocity=-0.5"},
    };
    for (auto overrides : runs) {
        overrides.emplace_back("mean_field.method='forward'");
        const Comparison comparison = compare_capture(capture(overrides), {});
        ASSERT_TRUE(comparison.theory) << to_text(comparison);
        EXPECT_EQ(comparison.exit_code(), exit_passed) << to_text(comparison);
        std::printf("%s\n", to_text(comparison).c_str());
    }
}

TEST_F(CompareMeanField, ASampleOfAnotherGainIsFound) {
    Recording recording =
        read_recording(capture({"mean_field.method='forward'", "mean_field.populations=16"}));
    recording.parameters.gain *= 1.1;
    EXPECT_FALSE(compare_sampled_mean_field(recording).passed());
}

TEST_F(CompareMeanField, NamesTheFirstDifferingEntry) {
    Recording recording = read_recording(capture({}));
    VectorTrace damaged;
    const VectorTrace& rows = recording.arrays[0];
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::vector<double> row(rows[i].begin(), rows[i].end());
        if (rows.steps()[i] == 9) {
            row[3] += 1.0;
        }
        damaged.add(rows.steps()[i], row);
    }
    recording.arrays[0] = damaged;
    const BitComparison bits = compare_with_host_twin(recording);
    ASSERT_TRUE(bits.state_difference);
    EXPECT_EQ(place_of(*bits.state_difference, recording), "row 9 of Cx, column 3, population 0");
}

} // namespace
} // namespace tinymf::host
