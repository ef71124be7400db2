// SPDX-License-Identifier: Apache-2.0
// Networks beside the reference: states are told here as the reference has them, some moved, and
// distances, places, bounds and tolerances are computed once more, the plain way.
#include "compare/reference_comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "reference/drawn_network.hpp"
#include "reference/network_problem.hpp"
#include "reference/rounding_growth.hpp"

namespace tinymf::host {
namespace {

using Steps = std::vector<std::uint32_t>;
using experiment::ScalarKind;

constexpr Eigen::Index neurons = 16;

Recording run_of(ScalarKind scalar, double gain, const Steps& told) {
    Recording recording;
    recording.file = "run.tmf";
    recording.profile = {
        .scalar = scalar, .replicas = 2, .neurons = static_cast<std::uint16_t>(neurons)};
    auto& p = recording.parameters;
    p.gain = gain;
    p.noise = 0.25;
    p.dt = 0.125;
    p.steps = 80;
    p.seed = 5;
    p.replicas = 2;
    recording.written_dt = p.dt;
    recording.replicas.resize(2);
    for (StateTrace& trace : recording.replicas) {
        trace.steps = told;
        trace.x =
            RecordedStates(Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(told.size()), neurons));
    }
    return recording;
}

NetworkProblem problem_of(const Recording& recording, const Steps& steps) {
    return {.parameters = recording.parameters,
            .shape = {.neurons = recording.profile.neurons,
                      .coupling = recording.profile.coupling,
                      .scalar = recording.profile.scalar},
            .live_inputs = {},
            .state_steps = steps};
}

/// A run that has told the states of the reference, and that reference.
struct Told {
    Recording recording;
    NetworkReference reference;
};

Told told(ScalarKind scalar, double gain, const Steps& steps) {
    Told all{run_of(scalar, gain, steps), {}};
    all.reference = solve_network_reference(problem_of(all.recording, steps));
    for (std::size_t r = 0; r < 2; ++r) {
        all.recording.replicas[r].x = RecordedStates(all.reference.replicas[r].scheme_in_run);
    }
    return all;
}

const Steps every_ten{0, 10, 20, 40, 80};

TEST(ReferenceBounds, AreDistancesOverNeuronsAndReplicas) {
    Told run = told(ScalarKind::float64, 0.9, every_ten);
    const double step_error =
        (run.reference.replicas[1].scheme.row(3) - run.reference.replicas[1].solution.row(3))
            .cwiseAbs()
            .maxCoeff();
    EXPECT_EQ(step_error, 0.0) << "under white noise the scheme on the same path is the reference";
    run.recording.replicas[0].x.set(3, 2, run.recording.replicas[0].x(3, 2) + 3e-3);
    run.recording.replicas[1].x.set(3, 7, run.recording.replicas[1].x(3, 7) - 5e-3);
    run.recording.replicas[1].x.set(3, 8, run.recording.replicas[1].x(3, 8) + 4e-3);
    run.recording.replicas[0].x.set(4, 15, run.recording.replicas[0].x(4, 15) + 1e-4);
    const ReferenceComparison found = compare_with_reference(run.recording);
    EXPECT_EQ(found.method, ReferenceMethod::scheme);
    EXPECT_EQ(found.steps, every_ten);
    EXPECT_EQ(found.times, (std::vector<double>{0.0, 1.25, 2.5, 5.0, 10.0}));
    for (const BoundedDistance* distance : {&found.scheme, &found.solution}) {
        EXPECT_NEAR(distance->error.at(3), 5e-3, 1e-12);
        EXPECT_EQ(distance->places.at(3).channel, 1U);
        EXPECT_EQ(distance->places.at(3).element, 7U);
        EXPECT_NEAR(distance->error.at(4), 1e-4, 1e-12);
        EXPECT_EQ(distance->places.at(4).channel, 0U);
        EXPECT_EQ(distance->places.at(4).element, 15U);
        EXPECT_LT(distance->error.at(2), 1e-12);
        EXPECT_EQ(distance->violation(), 3U);
    }
    EXPECT_FALSE(found.passed());
}

/// A tenth of the largest root mean square so far, of any replica.
TEST(ReferenceBounds, SayNothingAboveATenthOfTheState) {
    const Told run = told(ScalarKind::float32, 0.9, every_ten);
    const ReferenceComparison found = compare_with_reference(run.recording);
    double largest = 0.0;
    ASSERT_EQ(found.tolerance.size(), 5U);
    for (Eigen::Index k = 0; k < 5; ++k) {
        for (const ReferenceReplica& replica : run.reference.replicas) {
            double squares = 0.0;
            for (Eigen::Index i = 0; i < neurons; ++i) {
                squares += replica.solution(k, i) * replica.solution(k, i);
            }
            largest = std::max(largest, std::sqrt(squares / neurons));
        }
        EXPECT_NEAR(found.tolerance[static_cast<std::size_t>(k)], 0.1 * largest, 1e-14);
    }
    EXPECT_TRUE(found.passed());
    EXPECT_TRUE(found.scheme.reaches_the_end());
}

/// The rounding bound of the replica that is worse off, and to the solution what the parameters'
/// rounding does on top.
TEST(ReferenceBounds, AreTheLargestOfTheReplicas) {
    Recording recording = run_of(ScalarKind::float32, 0.9, every_ten);
    recording.parameters.gain = 0.9000001; // which no float32 is
    const NetworkProblem problem = problem_of(recording, every_ten);
    const NetworkReference reference = solve_network_reference(problem);
    for (std::size_t r = 0; r < 2; ++r) {
        recording.replicas[r].x = RecordedStates(reference.replicas[r].scheme_in_run);
    }
    const ReferenceComparison found = compare_with_reference(recording);
    const DrawnNetwork drawn = draw_network(problem);
    const auto first = rounding_bounds(problem, drawn, 0, found.tolerance);
    const auto second = rounding_bounds(problem, drawn, 1, found.tolerance);
    ASSERT_EQ(found.scheme.bound.size(), 5U);
    ASSERT_EQ(found.solution.bound.size(), 5U);
    double parameters_do = 0.0;
    for (std::size_t k = 0; k < 5; ++k) {
        EXPECT_EQ(found.scheme.bound[k], std::max(first[k], second[k]));
        double parameter = 0.0;
        double step = 0.0;
        for (const ReferenceReplica& replica : reference.replicas) {
            const auto row = static_cast<Eigen::Index>(k);
            parameter = std::max(
                parameter,
                (replica.scheme_in_run.row(row) - replica.scheme.row(row)).cwiseAbs().maxCoeff());
            step = std::max(
                step, (replica.scheme.row(row) - replica.solution.row(row)).cwiseAbs().maxCoeff());
        }
        parameters_do = std::max(parameters_do, parameter);
        EXPECT_NEAR(found.solution.bound[k], found.scheme.bound[k] + parameter + step, 1e-18);
    }
    EXPECT_GT(parameters_do, 1e-9);
}

/// A differential equation's step size shows in the distance from its solution.
TEST(ReferenceBounds, HoldTheErrorOfTheStepSize) {
    Told run = told(ScalarKind::float64, 0.9, every_ten);
    run.recording.parameters.noise = 0.0;
    const NetworkReference reference =
        solve_network_reference(problem_of(run.recording, every_ten));
    for (std::size_t r = 0; r < 2; ++r) {
        run.recording.replicas[r].x = RecordedStates(reference.replicas[r].scheme_in_run);
    }
    const ReferenceComparison found = compare_with_reference(run.recording);
    EXPECT_EQ(found.method, ReferenceMethod::ode);
    double step = 0.0;
    for (const ReferenceReplica& replica : reference.replicas) {
        step =
            std::max(step, (replica.scheme.row(2) - replica.solution.row(2)).cwiseAbs().maxCoeff());
    }
    ASSERT_GT(step, 1e-3);
    EXPECT_NEAR(found.solution.error.at(2), step, 1e-15);
    EXPECT_NEAR(found.solution.bound.at(2), found.scheme.bound.at(2) + step, 1e-15);
    EXPECT_TRUE(found.passed());
}

/// In chaos the bound soon exceeds what is meaningful: where it does, the horizon ends.
TEST(ReferenceBounds, EndWhereTheyExceedTheTolerance) {
    Steps often;
    for (std::uint32_t step = 0; step <= 80; step += 2) {
        often.push_back(step);
    }
    Told run = told(ScalarKind::float32, 40.0, often);
    const ReferenceComparison found = compare_with_reference(run.recording);
    const std::size_t end = found.scheme.bound.size();
    ASSERT_LT(end, often.size());
    ASSERT_GT(end, 1U);
    for (std::size_t k = 0; k < end; ++k) {
        EXPECT_LE(found.scheme.bound[k], found.tolerance[k]);
    }
    EXPECT_EQ(found.horizon(found.scheme), 0.125 * often[end - 1]);
    EXPECT_LE(found.solution.bound.size(), end);
    EXPECT_EQ(found.scheme.error.size(), often.size());
    EXPECT_TRUE(ReferenceComparison::judges(found.scheme));
    EXPECT_FALSE(ReferenceComparison::judges({.error = {0, 0}, .places = {}, .bound = {0}}));
    EXPECT_TRUE(ReferenceComparison::judges({.error = {0}, .places = {}, .bound = {0}}));
}

TEST(ReferenceBounds, MeetTheStepsThatAllReplicasTold) {
    Told run = told(ScalarKind::float64, 0.9, every_ten);
    StateTrace& second = run.recording.replicas[1];
    second.steps = {0, 15, 20, 80};
    const auto& scheme = run.reference.replicas[1].scheme_in_run;
    Eigen::MatrixXd shorter = Eigen::MatrixXd::Zero(4, neurons);
    shorter.row(0) = scheme.row(0);
    shorter.row(2) = scheme.row(2);
    shorter.row(3) = scheme.row(4);
    second.x = RecordedStates(shorter);
    const ReferenceComparison found = compare_with_reference(run.recording);
    EXPECT_EQ(found.steps, (Steps{0, 20, 80}));
    EXPECT_LT(found.scheme.max_error(), 1e-12);
    EXPECT_TRUE(found.passed());
    second.x.set(3, 0, std::nan(""));
    EXPECT_EQ(compare_with_reference(run.recording).scheme.violation(), 2U);
    for (StateTrace& trace : run.recording.replicas) {
        trace = {};
    }
    const auto refusal = [](const Recording& recording) -> std::string {
        try {
            static_cast<void>(compare_with_reference(recording));
        } catch (const HostError& error) {
            EXPECT_EQ(error.exit_code(), exit_bad_input);
            return error.what();
        }
        return "none";
    };
    const std::string none =
        "run.tmf: it holds no states to compare with the reference; record with "
        "stream.state_every > 0";
    EXPECT_EQ(refusal(run.recording), none);
    run.recording.replicas.clear();
    EXPECT_EQ(refusal(run.recording), none);
}

/// Silent networks: a bound of the scalar's smallest normal number says something still.
TEST(ReferenceBounds, OfASilentNetworkTakeTheSmallestNormalNumber) {
    for (const ScalarKind scalar : {ScalarKind::float32, ScalarKind::float64}) {
        Recording recording = run_of(scalar, 0.9, every_ten);
        recording.parameters.noise = 0.0;
        recording.parameters.initial = model::InitialKind::zero;
        for (StateTrace& trace : recording.replicas) {
            trace.x = RecordedStates(Eigen::MatrixXd::Zero(trace.x.rows(), trace.x.cols()));
        }
        const ReferenceComparison found = compare_with_reference(recording);
        const double smallest = scalar == ScalarKind::float32
                                    ? static_cast<double>(std::numeric_limits<float>::min())
                                    : std::numeric_limits<double>::min();
        EXPECT_EQ(found.tolerance, std::vector<double>(5, smallest));
        EXPECT_TRUE(found.passed());
    }
}

/// Without noise gain 10 makes this network chaotic, with a horizon at some 20 tau in single
/// precision; 0.9 does not. The parts that are solved are those of the whole.
TEST(ReferenceBounds, OfLongRunsAreThoseOfTheWholeUpToTheHorizon) {
    Steps every_step(2500);
    std::iota(every_step.begin(), every_step.end(), 0U);
    for (const double gain : {10.0, 0.9}) {
        Recording recording = run_of(ScalarKind::float32, gain, every_step);
        recording.parameters.noise = 0.0;
        recording.parameters.seed = 7;
        recording.parameters.steps = every_step.back();
        const NetworkProblem problem = problem_of(recording, every_step);
        const NetworkReference whole = solve_network_reference(problem);
        for (std::size_t r = 0; r < 2; ++r) {
            recording.replicas[r].x = RecordedStates(whole.replicas[r].scheme_in_run);
        }
        const ReferenceComparison found = compare_with_reference(recording);
        const bool chaotic = gain > 1.0;
        EXPECT_EQ(found.steps.size(), chaotic ? 1024U : every_step.size());
        EXPECT_EQ(found.scheme.reaches_the_end(), !chaotic);
        const std::vector<double> bounds =
            rounding_bounds(problem, draw_network(problem), 0, found.tolerance);
        ASSERT_GE(bounds.size(), found.scheme.bound.size());
        for (std::size_t k = 0; k < found.scheme.bound.size(); ++k) {
            ASSERT_GE(found.scheme.bound[k], bounds[k]) << k;
        }
        EXPECT_TRUE(found.passed());

        // The last state that is judged, by more than its bound.
        const auto last = static_cast<Eigen::Index>(found.scheme.bound.size() - 1);
        recording.replicas[1].x.set(
            last, 3, recording.replicas[1].x(last, 3) + 2.0 * found.scheme.bound.back());
        EXPECT_EQ(compare_with_reference(recording).scheme.violation(),
                  static_cast<std::size_t>(last));
    }
}

TEST(BoundedDistance, HoldsErrorsUpToItsHorizon) {
    BoundedDistance distance{.error = {1.0, 3.0, 9.0}, .places = {{}, {}, {}}, .bound = {4.0, 3.5}};
    EXPECT_EQ(distance.max_error(), 3.0) << "up to the horizon";
    EXPECT_EQ(distance.max_bound(), 4.0);
    EXPECT_FALSE(distance.reaches_the_end());
    EXPECT_TRUE(distance.within());
    EXPECT_EQ(distance.decisive_bound(), 4.0);
    EXPECT_EQ(distance.nearest(), 1U);
    distance.error[1] = 3.75;
    EXPECT_EQ(distance.violation(), 1U);
    EXPECT_EQ(distance.decisive_bound(), 3.5);
    distance.bound = {1.0, 3.75};
    EXPECT_TRUE(distance.within());
    EXPECT_EQ(distance.nearest(), 0U) << "the first of two that are equally near";
    distance.error = {0.0, 0.0, 0.0};
    distance.bound = {0.0, 0.0, 0.0};
    EXPECT_EQ(distance.nearest(), 0U);
    EXPECT_TRUE(distance.reaches_the_end());
    BoundedDistance none;
    EXPECT_EQ(none.max_error(), 0.0);
    EXPECT_EQ(none.max_bound(), 0.0);
    EXPECT_FALSE(none.nearest());
    EXPECT_TRUE(none.within());
    none.raise(2, 0.5, {1, 7});
    EXPECT_EQ(none.error, (std::vector<double>{0.0, 0.0, 0.5}));
    EXPECT_EQ(none.places.size(), 3U);
    EXPECT_EQ(none.places[2].channel, 1U);
    EXPECT_EQ(none.places[2].element, 7U);
    none.raise(2, 0.5, {0, 1});
    EXPECT_EQ(none.places[2].element, 7U) << "no larger";
    none.raise(2, 0.75, {0, 1});
    EXPECT_EQ(none.error[2], 0.75);
    EXPECT_EQ(none.places[2].element, 1U);
}

} // namespace
} // namespace tinymf::host
