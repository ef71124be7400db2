// SPDX-License-Identifier: Apache-2.0
// Two captures of one experiment, held against each other; on recordings written by hand.
#include "compare/bit_comparison.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"

namespace tinymf::host {
namespace {

using observe::ObservedArray;
using stream::EndReason;
using Values = std::vector<double>;
using Steps = std::vector<std::uint32_t>;

/// State of a replica at a step, and its digest.
Values state_at(std::uint32_t step, std::uint32_t replica) {
    return {step + 0.25, step + 0.5, replica + 100.0 * step};
}

CheckpointMark checkpoint_at(std::uint32_t step) {
    CheckpointMark mark;
    mark.header.step = step;
    mark.fields_digest = step + 7;
    return mark;
}

/// A run of 40 steps that told its states and digests at these steps.
Recording telling(const Steps& states, const Steps& digests, std::uint32_t end = 40) {
    Recording recording;
    recording.file = "a.tmf";
    recording.profile = {.replicas = 2, .neurons = 3, .observables = 127, .lags = 8};
    recording.parameters.replicas = 2;
    recording.parameters.steps = 40;
    recording.parameters.stimulus = model::StimulusKind::live;
    for (std::uint32_t replica = 0; replica < 2; ++replica) {
        StateTrace trace;
        for (const std::uint32_t step : states) {
            trace.add(step, state_at(step, replica));
        }
        recording.replicas.push_back(trace);
    }
    recording.fragments.resize(15);
    for (const std::uint32_t step : digests) {
        recording.digests.push_back({step, step + 1000U, 5});
    }
    recording.end = RunEnd{
        .reason = end == 40 ? EndReason::completed : EndReason::stopped, .step = end, .ticks = {}};
    return recording;
}

std::string refusal_of(const Recording& a, Recording b) {
    b.file = "b.tmf";
    try {
        static_cast<void>(compare_recordings(a, b));
    } catch (const HostError& error) {
        EXPECT_EQ(error.exit_code(), exit_bad_input);
        return error.what();
    }
    return "none";
}

TEST(ComparedRecordings, MeetAtTheStepsThatBothTold) {
    const Recording often = telling({0, 10, 20, 30, 40}, {0, 20, 40});
    const Recording seldom = telling({20, 40}, {40});
    for (const auto& [a, b] : {std::pair{often, seldom}, std::pair{seldom, often}}) {
        const BitComparison bits = compare_recordings(a, b);
        EXPECT_TRUE(bits.passed());
        EXPECT_EQ(bits.states_checked, 4U);
        EXPECT_EQ(bits.digests_checked, 1U);
        EXPECT_EQ(bits.steps_checked, 41U);
    }
    EXPECT_FALSE(compare_recordings(telling({10}, {15}), telling({11}, {14})).passed())
        << "nothing in common";
}

TEST(ComparedRecordings, DifferInAnyStateOfAnyReplica) {
    const Recording right = telling({0, 10, 20}, {40});
    for (std::size_t replica = 0; replica < 2; ++replica) {
        for (Eigen::Index row = 0; row < 3; ++row) {
            Recording wrong = right;
            wrong.replicas[replica].x.set(row, 2, wrong.replicas[replica].x(row, 2) + 1.0);
            const BitComparison bits = compare_recordings(wrong, right);
            ASSERT_TRUE(bits.state_difference);
            EXPECT_EQ(bits.state_difference->step, 10U * static_cast<std::uint32_t>(row));
            EXPECT_EQ(bits.state_difference->channel, replica);
            EXPECT_EQ(bits.state_difference->element, 2U);
            EXPECT_EQ(bits.state_difference->recorded - bits.state_difference->expected, 1.0);
            EXPECT_EQ(bits.states_checked, static_cast<std::uint64_t>(2 * row) + 1U);
        }
    }
}

TEST(ComparedRecordings, StopAtTheFirstDifference) {
    const Recording right = telling({0, 10, 20}, {0, 10, 40});
    Recording wrong = right;
    wrong.digests[1].states_digest ^= 1U;
    wrong.replicas[0].x.set(2, 0, wrong.replicas[0].x(2, 0) + 1.0);
    wrong.fault = RecordedFault{.step = 20};
    const BitComparison bits = compare_recordings(wrong, right);
    ASSERT_TRUE(bits.digest_difference);
    EXPECT_EQ(bits.digest_difference->step, 10U);
    EXPECT_EQ(bits.digest_difference->recorded, 1010U ^ 1U);
    EXPECT_EQ(bits.digest_difference->expected, 1010U);
    EXPECT_FALSE(bits.state_difference);
    EXPECT_FALSE(bits.fault_difference);
    Recording couplings = right;
    couplings.digests[2].couplings_digest = 6;
    EXPECT_TRUE(compare_recordings(couplings, right).couplings_difference);
}

/// The last DIGEST and END tell of one step; of a run that was told twice, each telling counts.
TEST(ComparedRecordings, MeetInEveryDigestAndCheckpointOfAStep) {
    Recording right = telling({0}, {0, 40, 40});
    right.checkpoints = {checkpoint_at(25), checkpoint_at(25)};
    EXPECT_TRUE(compare_recordings(right, right).passed());
    EXPECT_EQ(compare_recordings(right, right).digests_checked, 3U) << "each of its own once";
    EXPECT_EQ(compare_recordings(right, right).checkpoints_checked, 2U);
    for (const std::size_t which : {1U, 2U}) {
        Recording wrong = right;
        wrong.digests[which].states_digest ^= 1U;
        for (const auto& [a, b] : {std::pair{wrong, right}, std::pair{right, wrong}}) {
            const BitComparison bits = compare_recordings(a, b);
            ASSERT_TRUE(bits.digest_difference) << which;
            EXPECT_EQ(bits.digest_difference->step, 40U);
            EXPECT_FALSE(bits.couplings_difference);
        }
        wrong.digests[which] = right.digests[which];
        wrong.digests[which].couplings_digest ^= 1U;
        EXPECT_TRUE(compare_recordings(wrong, right).couplings_difference);
        EXPECT_TRUE(compare_recordings(right, wrong).couplings_difference);
        Recording checkpoint = right;
        ++checkpoint.checkpoints[which - 1].fields_digest;
        EXPECT_EQ(compare_recordings(checkpoint, right).checkpoint_difference, 25U);
        EXPECT_EQ(compare_recordings(right, checkpoint).checkpoint_difference, 25U);
    }
}

/// Of states that did not come whole, the elements that both hold.
TEST(ComparedRecordings, MeetInTheirPieces) {
    const Recording whole = telling({0, 10}, {40});
    Recording cut = telling({0}, {40});
    const Values state = state_at(10, 1);
    cut.fragments[1] = {{.step = 10, .first = 0, .values = {state[0]}},
                        {.step = 10, .first = 2, .values = {state[2]}}};
    Recording tail = telling({0}, {40});
    tail.fragments[1] = {{.step = 10, .first = 1, .values = {state[1], state[2]}}};
    for (const auto& [a, b] : {std::pair{whole, cut}, std::pair{cut, whole}, std::pair{cut, tail},
                               std::pair{tail, cut}, std::pair{cut, cut}}) {
        EXPECT_TRUE(compare_recordings(a, b).passed());
    }
    Recording wrong = cut;
    wrong.fragments[1][1].values[0] += 1.0;
    for (const auto& [a, b] :
         {std::pair{whole, wrong}, std::pair{wrong, whole}, std::pair{tail, wrong},
          std::pair{wrong, tail}, std::pair{cut, wrong}}) {
        const BitComparison bits = compare_recordings(a, b);
        ASSERT_TRUE(bits.state_difference);
        EXPECT_EQ(bits.state_difference->step, 10U);
        EXPECT_EQ(bits.state_difference->channel, 1);
        EXPECT_EQ(bits.state_difference->element, 2U);
    }
    // The first element is in none of the pieces of `tail`.
    Recording first = cut;
    first.fragments[1][0].values[0] += 1.0;
    EXPECT_TRUE(compare_recordings(first, tail).passed());
    ASSERT_TRUE(compare_recordings(whole, first).state_difference);
    EXPECT_EQ(compare_recordings(whole, first).state_difference->element, 0U);
}

TEST(ComparedRecordings, OfEqualLengthSaturateAlike) {
    const Recording right = telling({0}, {40});
    Recording saturated = right;
    saturated.saturation = stream::SaturationFrame{.count = 3, .first_step = 7};
    EXPECT_TRUE(compare_recordings(saturated, right).saturation_difference);
    EXPECT_TRUE(compare_recordings(right, saturated).saturation_difference);
    EXPECT_TRUE(compare_recordings(saturated, saturated).passed());
    Recording shorter = telling({0}, {20}, 20);
    shorter.saturation = stream::SaturationFrame{.count = 1, .first_step = 7};
    EXPECT_FALSE(compare_recordings(shorter, saturated).saturation_difference);
}

TEST(ComparedRecordings, HoldEstimatesAndCheckpointsOnlyOfTheSameObservation) {
    Recording a = telling({}, {40});
    a.observed[1].add(16, Values{0.5, 0.25});
    a.checkpoints = {checkpoint_at(25)};
    Recording b = a;
    EXPECT_EQ(compare_recordings(a, b).states_checked, 1U);
    EXPECT_EQ(compare_recordings(a, b).checkpoints_checked, 1U);
    VectorTrace other;
    other.add(16, Values{0.5, 0.125});
    b.observed[1] = other;
    const BitComparison estimates = compare_recordings(a, b);
    ASSERT_TRUE(estimates.state_difference);
    EXPECT_EQ(place_of(*estimates.state_difference, a), "step 16, observed Cx, element 1");
    b.observed[1] = a.observed[1];
    ++b.checkpoints[0].fields_digest;
    EXPECT_EQ(compare_recordings(a, b).checkpoint_difference, 25U);
    // Another block length gives other estimates, and other fields in a checkpoint.
    b.observed[1] = other;
    b.parameters.observation.block *= 2;
    const BitComparison apart = compare_recordings(a, b);
    EXPECT_TRUE(apart.passed());
    EXPECT_EQ(apart.states_checked, 0U);
    EXPECT_EQ(apart.checkpoints_checked, 0U);
    // States are held all the same.
    Recording c = telling({10}, {40});
    Recording d = c;
    d.parameters.observation.block *= 2;
    d.replicas[1].x.set(0, 0, d.replicas[1].x(0, 0) + 1.0);
    EXPECT_TRUE(compare_recordings(c, d).state_difference);
}

TEST(ComparedRecordings, OfEqualLengthFailAndEndAlike) {
    const Recording right = telling({0}, {40});
    Recording failed = right;
    failed.fault = RecordedFault{.cause = firmware::FaultCause::not_finite, .step = 40};
    EXPECT_TRUE(compare_recordings(failed, right).fault_difference);
    EXPECT_TRUE(compare_recordings(right, failed).fault_difference);
    EXPECT_TRUE(compare_recordings(failed, failed).passed());
    Recording stopped = right;
    stopped.end->reason = EndReason::stopped;
    EXPECT_EQ(compare_recordings(stopped, right).end_difference, EndReason::stopped);
    EXPECT_EQ(compare_recordings(right, stopped).end_difference, EndReason::completed);
    // A shorter run says nothing of how the longer one ended.
    Recording shorter = telling({0}, {20}, 20);
    shorter.fault = failed.fault;
    EXPECT_TRUE(compare_recordings(shorter, right).digests_checked == 0);
    EXPECT_FALSE(compare_recordings(shorter, right).fault_difference);
    EXPECT_FALSE(compare_recordings(shorter, right).end_difference);
    // Without END the run is taken to have gone to its last step.
    Recording cut = right;
    cut.end.reset();
    EXPECT_EQ(compare_recordings(right, cut).end_difference, EndReason::completed);
    EXPECT_FALSE(compare_recordings(cut, right).differs());
}

TEST(ComparedRecordings, AreOfOneExperimentAndProfile) {
    const Recording a = telling({0}, {40});
    EXPECT_EQ(refusal_of(a, a), "none");
    Recording other = a;
    other.profile.neurons = 4;
    EXPECT_EQ(refusal_of(a, other), "a.tmf is a run of " + profile_text(a.profile) + ", b.tmf of " +
                                        profile_text(other.profile));
    // One that can do more serves, whichever comes first.
    Recording roomy = a;
    roomy.profile.lags = 16;
    EXPECT_EQ(refusal_of(a, roomy), "none");
    EXPECT_EQ(refusal_of(roomy, a), "none");
    Recording gain = a;
    gain.parameters.gain = 3.0;
    EXPECT_EQ(refusal_of(a, gain), "a.tmf and b.tmf are runs of different parameters");
    Recording seed = a;
    seed.parameters.seed = 3;
    EXPECT_EQ(refusal_of(a, seed), "a.tmf and b.tmf are runs of different parameters");
    // How often they report, and what they observe, changes no number.
    Recording reports = a;
    reports.parameters.state_every = 3;
    reports.parameters.digest_every = 7;
    reports.parameters.observation.observables = 127;
    EXPECT_EQ(refusal_of(a, reports), "none");
}

TEST(ComparedRecordings, AreOfOneInputAsLongAsBothRan) {
    Recording a = telling({0}, {40});
    a.live_inputs = {{0, 0.5}, {19, 1.0}, {20, 2.0}};
    Recording b = a;
    EXPECT_EQ(refusal_of(a, b), "none");
    b.live_inputs[2].value = 2.5;
    EXPECT_EQ(refusal_of(a, b), "a.tmf and b.tmf are runs of different inputs");
    Recording gain = b;
    gain.parameters.gain = 3.0;
    EXPECT_EQ(refusal_of(a, gain), "a.tmf and b.tmf are runs of different inputs");
    // The other ended at step 20: its last step that acts is from 19 to 20.
    Recording shorter = telling({0}, {20}, 20);
    shorter.live_inputs = {{0, 0.5}, {19, 1.0}};
    EXPECT_EQ(refusal_of(a, shorter), "none");
    EXPECT_EQ(refusal_of(shorter, a), "none");
    shorter.live_inputs.push_back({20, -7.0});
    EXPECT_EQ(refusal_of(a, shorter), "none");
    shorter.live_inputs = {{0, 0.5}};
    EXPECT_NE(refusal_of(a, shorter), "none");
    EXPECT_NE(refusal_of(shorter, a), "none");
    // Without END it is taken to have gone on to its last step.
    shorter.end.reset();
    shorter.live_inputs = a.live_inputs;
    EXPECT_EQ(refusal_of(a, shorter), "none");
    shorter.live_inputs.pop_back();
    EXPECT_NE(refusal_of(a, shorter), "none");
}

} // namespace
} // namespace tinymf::host
