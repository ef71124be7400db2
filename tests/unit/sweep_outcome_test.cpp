// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "base/worker_pool.hpp"
#include "sweep/outcome.hpp"
#include "sweep/sweep_result.hpp"

namespace tinymf::host {
namespace {

/// Two replicas of four neurons, with states 0.5 apart.
Recording recording_of(const Eigen::Matrix4d& first, const Eigen::Matrix4d& second) {
    Recording recording;
    recording.written_dt = 0.5;
    recording.parameters.activation = model::ActivationKind::tanh;
    recording.replicas = {{{0, 1, 2, 3}, RecordedStates(first)},
                          {{0, 1, 2, 3}, RecordedStates(second)}};
    return recording;
}

double value(const Recording& recording, std::string_view name, double after = 0.0) {
    return outcome_named(name).value(recording, after).get<double>();
}

const Eigen::Matrix4d ramp{{1, 2, 3, 4}, {2, 3, 4, 5}, {-1, -2, -3, -4}, {0.5, 0.5, 0.5, 0.5}};

TEST(SweepOutcome, MomentsAreMeansOverNeuronsStatesAndReplicas) {
    const Recording recording = recording_of(ramp, Eigen::Matrix4d::Zero());
    EXPECT_DOUBLE_EQ(value(recording, "states.mean_x"), (10.0 + 14.0 - 10.0 + 2.0) / 32.0);
    EXPECT_DOUBLE_EQ(value(recording, "states.Cx0"), (30.0 + 54.0 + 30.0 + 1.0) / 32.0);
    const double tanh_half = std::tanh(0.5);
    EXPECT_DOUBLE_EQ(value(recording, "states.mean_phi", 1.5), 4.0 * tanh_half / 8.0);
    EXPECT_DOUBLE_EQ(value(recording, "states.Cphi0", 1.5), 4.0 * tanh_half * tanh_half / 8.0);
}

TEST(SweepOutcome, NothingIsLeftBeyondTheLastState) {
    EXPECT_TRUE(outcome_named("states.Cx0").value(recording_of(ramp, ramp), 1.6).is_null());
    EXPECT_TRUE(
        outcome_named("states.participation_input").value(recording_of(ramp, ramp), 1.4).is_null());
}

TEST(SweepOutcome, ParticipationCountsDirections) {
    // Columns of +-1 orthogonal to each other and to the constant: three directions of four.
    const Eigen::Matrix4d three{{1, 1, 1, 0}, {-1, 1, -1, 0}, {1, -1, -1, 0}, {-1, -1, 1, 0}};
    EXPECT_DOUBLE_EQ(value(recording_of(three, three), "states.participation_input"), 0.75);
    const Eigen::Matrix4d one = Eigen::Vector4d(1, -1, 1, -1) * Eigen::RowVector4d(1, 2, -1, 3);
    EXPECT_DOUBLE_EQ(value(recording_of(one, one), "states.participation_input"), 0.25);
}

TEST(SweepOutcome, TheoryOffersNumbersByTheirDottedNames) {
    const auto names = theory_names();
    const std::set<std::string> offered(names.begin(), names.end());
    for (const char* name : {"stationary.Cx0", "stationary.regime", "lyapunov.max",
                             "participation.long_window", "covariance.N_var_output"}) {
        EXPECT_TRUE(offered.contains(name)) << name;
    }
    EXPECT_FALSE(offered.contains("stationary.Cx")) << "a function of the lag";
}

TEST(SweepResult, ErrorsAreTheScatterOverTheSeeds) {
    Sweep sweep;
    sweep.seeds = 3;
    sweep.collect.run = {"states.Cx0", "digest"};
    const SweepResult result = reduce(sweep, {{{"states.Cx0", 1.0}, {"digest", "aa"}},
                                              {{"failure", "left the finite numbers"}},
                                              {{"states.Cx0", 2.0}, {"digest", "bb"}}});
    ASSERT_EQ(result.run_names, std::vector<std::string>{"states.Cx0"});
    EXPECT_DOUBLE_EQ(result.points[0].run[0].mean.value(), 1.5);
    EXPECT_DOUBLE_EQ(result.points[0].run[0].standard_error.value(), 0.5); // sd sqrt(1/2), 2 runs
    EXPECT_EQ(result.failures(), 1U);
    EXPECT_EQ(points_csv(result), "point,failures,states.Cx0,states.Cx0_se\n0,1,1.5,0.5\n");
}

TEST(WorkerPool, EveryIndexIsTakenOnce) {
    for (const unsigned workers : {1U, 2U, 7U}) {
        std::vector<int> taken(100, 0);
        std::size_t last_done = 0;
        for_each_index(
            taken.size(), workers, [&taken](std::size_t index) { ++taken[index]; },
            [&last_done](std::size_t done) { last_done = done; });
        EXPECT_EQ(taken, std::vector<int>(100, 1)) << workers;
        EXPECT_EQ(last_done, 100U);
    }
}

TEST(WorkerPool, AFailureEndsTheWorkAndReachesTheCaller) {
    std::size_t done = 0;
    const auto run = [&done] {
        for_each_index(
            1000, 2,
            [](std::size_t index) {
                if (index == 10) {
                    throw HostError(exit_link_failed, "the tenth");
                }
            },
            [&done](std::size_t count) { done = count; });
    };
    EXPECT_THROW(run(), HostError);
    EXPECT_LT(done, 1000U);
}

} // namespace
} // namespace tinymf::host
