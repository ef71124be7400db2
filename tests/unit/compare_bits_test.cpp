// SPDX-License-Identifier: Apache-2.0
// Word by word: which differences of two runs are noticed, where, and what counts as compared. On
// recordings written by hand.
#include "compare/bit_comparison.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "compare/bit_checker.hpp"

namespace tinymf::host {
namespace {

using experiment::ScalarKind;
using observe::ObservedArray;
using stream::EndReason;
using Values = std::vector<double>;

StateTrace states(const std::vector<std::pair<std::uint32_t, Values>>& rows) {
    StateTrace trace;
    for (const auto& [step, values] : rows) {
        trace.add(step, values);
    }
    return trace;
}

CheckpointMark checkpoint_at(std::uint32_t step) {
    CheckpointMark mark;
    mark.header.step = step;
    mark.header.digest = 77;
    mark.fields_digest = 88;
    return mark;
}

/// Two replicas of three neurons, 40 steps, to the end.
Recording network() {
    Recording recording;
    recording.file = "run.tmf";
    recording.profile = {.scalar = ScalarKind::float32, .replicas = 2, .neurons = 3};
    recording.parameters.replicas = 2;
    recording.parameters.steps = 40;
    recording.replicas = {states({{0, {1, 2, 3}}, {20, {4, 5, 6}}, {40, {7, 8, 9}}}),
                          states({{0, {-1, -2, -3}}, {20, {-4, -5, -6}}, {40, {-7, -8, -9}}})};
    recording.observed[0].add(10, Values{0.5, 0.25});
    recording.observed[12].add(10, Values{1.0, 2.0});
    recording.fragments.resize(15);
    recording.digests = {{0, 100, 9}, {15, 115, 9}, {40, 140, 9}};
    recording.checkpoints = {checkpoint_at(25)};
    recording.end = RunEnd{.reason = EndReason::completed, .step = 40, .ticks = {}};
    return recording;
}

Recording mean_field() {
    Recording recording;
    recording.profile = {.kind = experiment::ModelKind::mean_field};
    recording.parameters.steps = 9;
    recording.parameters.replicas = 3;
    return recording;
}

std::vector<std::uint32_t> steps_of(const Recording& recording) {
    BitChecker checker(recording);
    std::vector<std::uint32_t> steps;
    while (const auto step = checker.next_step()) {
        steps.push_back(*step);
    }
    return steps;
}

TEST(BitChecker, StopsAtEveryStepThatAnythingTellsOf) {
    Recording recording = network();
    recording.fragments[14] = {{.step = 12, .first = 1, .values = {1.0}}};
    EXPECT_EQ(steps_of(recording), (std::vector<std::uint32_t>{0, 10, 12, 15, 20, 25, 40}));
    EXPECT_TRUE(steps_of(Recording{}).empty());
}

/// Goes to the step.
void go_to(BitChecker& checker, std::uint32_t step) {
    while (const auto next = checker.next_step()) {
        if (*next == step) {
            return;
        }
    }
    ADD_FAILURE() << "no step " << step;
}

TEST(BitChecker, CountsStatesAndSteps) {
    const Recording recording = network();
    BitChecker checker(recording);
    go_to(checker, 0);
    checker.check(0, Values{1, 2, 3});
    EXPECT_EQ(checker.result().steps_checked, 1U);
    checker.check(1, Values{-1, -2, -3});
    EXPECT_EQ(checker.result().states_checked, 2U);
    EXPECT_EQ(checker.result().steps_checked, 1U) << "one step, two replicas";
    checker.check_digest(100, 9);
    EXPECT_EQ(checker.result().digests_checked, 1U);
    EXPECT_EQ(checker.result().steps_checked, 1U);
    go_to(checker, 15);
    checker.check(0, Values{0, 0, 0});
    EXPECT_EQ(checker.result().states_checked, 2U) << "nothing is recorded here";
    checker.check_digest(115, 9);
    EXPECT_EQ(checker.result().steps_checked, 16U) << "a digest covers all steps from 0 on";
    go_to(checker, 20);
    checker.check(0, Values{4, 5, 6});
    EXPECT_EQ(checker.result().steps_checked, 17U);
    checker.check_digest(1, 1);
    EXPECT_EQ(checker.result().digests_checked, 2U) << "nothing is recorded here";
    EXPECT_FALSE(checker.differs());
    EXPECT_TRUE(checker.result().passed());
}

TEST(BitChecker, NotesTheFirstDifferenceOfAll) {
    const Recording recording = network();
    BitChecker checker(recording);
    go_to(checker, 20);
    checker.check(1, Values{-4, -5, static_cast<double>(std::nextafter(-6.0F, 0.0F))});
    checker.check(0, Values{0, 5, 6});
    const BitComparison& found = checker.result();
    ASSERT_TRUE(found.state_difference);
    EXPECT_EQ(found.state_difference->step, 20U);
    EXPECT_EQ(found.state_difference->channel, 1);
    EXPECT_EQ(found.state_difference->element, 2U);
    EXPECT_EQ(found.state_difference->recorded, -6.0);
    EXPECT_EQ(found.state_difference->expected, std::nextafter(-6.0F, 0.0F));
    EXPECT_EQ(found.state_difference->ulps, 1U);
    EXPECT_EQ(found.states_checked, 0U);
    EXPECT_EQ(found.steps_checked, 0U);
    EXPECT_TRUE(checker.differs());
    EXPECT_FALSE(found.passed());
}

TEST(BitChecker, LooksAtThePiecesOfAVectorThatDidNotComeWhole) {
    Recording recording = network();
    recording.fragments[1] = {{.step = 5, .first = 0, .values = {1.0}},
                              {.step = 5, .first = 2, .values = {3.0}},
                              {.step = 6, .first = 1, .values = {2.0, 3.0}}};
    const Values right{1, 2, 3};
    BitChecker checker(recording);
    for (const std::uint32_t step : {5U, 6U}) {
        go_to(checker, step);
        checker.check(1, right);
    }
    EXPECT_FALSE(checker.differs());
    EXPECT_EQ(checker.result().states_checked, 0U) << "a piece is no state";
    for (const auto& [step, element] :
         {std::pair{5U, 0U}, std::pair{5U, 2U}, std::pair{6U, 1U}, std::pair{6U, 2U}}) {
        BitChecker wrong(recording);
        go_to(wrong, step);
        Values expected = right;
        expected[element] += 1.0;
        wrong.check(0, expected);
        EXPECT_FALSE(wrong.differs()) << "another replica's";
        wrong.check(1, expected);
        ASSERT_TRUE(wrong.differs());
        EXPECT_EQ(wrong.result().state_difference->step, step);
        EXPECT_EQ(wrong.result().state_difference->element, element);
    }
    BitChecker none(recording);
    go_to(none, 5);
    none.check(1, Values{1, 9, 3});
    EXPECT_FALSE(none.differs()) << "of element 1 nothing came";
}

/// Channels beyond those that have lists of pieces have none.
TEST(BitChecker, NeedsNoListOfPieces) {
    Recording recording = network();
    recording.fragments.resize(1);
    BitChecker checker(recording);
    go_to(checker, 20);
    checker.check(1, Values{-4, -5, -6});
    EXPECT_EQ(checker.result().states_checked, 1U);
}

TEST(BitChecker, TakesBothDigestsOfOneStep) {
    Recording recording = network();
    recording.digests = {{15, 115, 9}, {15, 116, 9}, {40, 140, 8}};
    BitChecker checker(recording);
    go_to(checker, 15);
    checker.check_digest(115, 9);
    EXPECT_EQ(checker.result().digests_checked, 1U);
    ASSERT_TRUE(checker.result().digest_difference);
    EXPECT_EQ(checker.result().digest_difference->step, 15U);
    EXPECT_EQ(checker.result().digest_difference->recorded, 116U);
    EXPECT_EQ(checker.result().digest_difference->expected, 115U);
    EXPECT_FALSE(checker.result().couplings_difference);
    BitChecker couplings(recording);
    go_to(couplings, 40);
    couplings.check_digest(140, 9);
    ASSERT_TRUE(couplings.result().couplings_difference);
    EXPECT_EQ(couplings.result().couplings_difference->step, 40U);
    EXPECT_EQ(couplings.result().couplings_difference->recorded, 8U);
    EXPECT_EQ(couplings.result().couplings_difference->expected, 9U);
    EXPECT_FALSE(couplings.result().digest_difference);
    EXPECT_EQ(couplings.result().digests_checked, 0U);
    EXPECT_EQ(couplings.result().steps_checked, 0U);
}

TEST(BitChecker, WhatSaturatesIsTheSameOrADifference) {
    Recording recording = network();
    for (const std::optional<stream::SaturationFrame>& told :
         {std::optional<stream::SaturationFrame>(), std::optional(stream::SaturationFrame{3, 7})}) {
        recording.saturation = told;
        BitChecker same(recording);
        same.check_saturation(told);
        EXPECT_FALSE(same.differs());
        for (const std::optional<stream::SaturationFrame>& expected :
             {told ? std::optional<stream::SaturationFrame>()
                   : std::optional(stream::SaturationFrame{1, 0}),
              std::optional(stream::SaturationFrame{4, 7}),
              std::optional(stream::SaturationFrame{3, 6})}) {
            BitChecker other(recording);
            other.check_saturation(expected);
            ASSERT_TRUE(other.result().saturation_difference);
            EXPECT_EQ(other.result().saturation_difference->recorded, told);
            EXPECT_EQ(other.result().saturation_difference->expected, expected);
        }
    }
}

TEST(BitChecker, LooksAtEveryCheckpoint) {
    Recording recording = network();
    recording.checkpoints = {checkpoint_at(25), checkpoint_at(25), checkpoint_at(30)};
    BitChecker checker(recording);
    go_to(checker, 20);
    EXPECT_FALSE(checker.has_checkpoint());
    go_to(checker, 25);
    EXPECT_TRUE(checker.has_checkpoint());
    checker.check_checkpoint(checkpoint_at(25));
    EXPECT_EQ(checker.result().checkpoints_checked, 2U);
    EXPECT_TRUE(checker.result().passed());
    recording.checkpoints[1].fields_digest ^= 1U;
    BitChecker second(recording);
    go_to(second, 25);
    second.check_checkpoint(checkpoint_at(25));
    EXPECT_EQ(second.result().checkpoints_checked, 1U);
    EXPECT_EQ(second.result().checkpoint_difference, 25U);
}

/// An input given at the checkpoint's own step may have come before it or after.
TEST(BitChecker, ACheckpointHoldsTheInputBeforeOrOneOfItsStep) {
    Recording recording = network();
    recording.live_inputs = {{24, 0.5}, {25, 2.0}, {25, 3.0}, {26, 4.0}};
    const auto passes = [&recording](double held, double before) {
        recording.checkpoints = {checkpoint_at(25)};
        recording.checkpoints[0].header.held_input =
            std::bit_cast<std::uint32_t>(static_cast<float>(held));
        CheckpointMark expected = checkpoint_at(25);
        expected.header.held_input = std::bit_cast<std::uint32_t>(static_cast<float>(before));
        BitChecker checker(recording);
        go_to(checker, 25);
        checker.check_checkpoint(expected);
        return !checker.differs();
    };
    EXPECT_TRUE(passes(0.5, 0.5));
    EXPECT_TRUE(passes(2.0, 0.5));
    EXPECT_TRUE(passes(3.0, 0.5));
    EXPECT_FALSE(passes(4.0, 0.5)) << "of a later step";
    EXPECT_FALSE(passes(0.5, 0.25)) << "of an earlier step";
}

TEST(BitChecker, AFaultIsTheSameInEveryFieldOrADifference) {
    Recording recording = network();
    const RecordedFault fault{.cause = firmware::FaultCause::not_finite, .step = 17, .index = 3};
    const auto differs = [&recording](const std::optional<RecordedFault>& expected) {
        BitChecker checker(recording);
        checker.check_fault(expected);
        EXPECT_EQ(checker.differs(), checker.result().fault_difference.has_value());
        return checker.differs();
    };
    EXPECT_FALSE(differs(std::nullopt));
    EXPECT_TRUE(differs(fault));
    recording.fault = fault;
    EXPECT_FALSE(differs(fault));
    EXPECT_TRUE(differs(std::nullopt));
    RecordedFault other = fault;
    other.step = 18;
    EXPECT_TRUE(differs(other));
    other = fault;
    other.index = 4;
    EXPECT_TRUE(differs(other));
    other = fault;
    other.cause = firmware::FaultCause::row_not_finite;
    EXPECT_TRUE(differs(other));
    BitChecker checker(recording);
    checker.check_fault(std::nullopt);
    EXPECT_EQ(
        to_text(*checker.result().fault_difference),
        "the state of neuron 3, replica 0, became NaN or infinite at step 17; expected: every "
        "number is finite");
}

/// Where a host or a clock ended the run, nothing is expected of its reason.
TEST(BitChecker, ARunEndsAsTheOtherDidOrWasStopped) {
    Recording recording = network();
    for (const EndReason recorded : {EndReason::completed, EndReason::stopped,
                                     EndReason::non_finite, EndReason::missed_deadline}) {
        recording.end->reason = recorded;
        const bool of_itself =
            recorded == EndReason::completed || recorded == EndReason::non_finite;
        BitChecker open(recording);
        open.check_end(std::nullopt);
        EXPECT_EQ(open.differs(), of_itself) << static_cast<int>(recorded);
        for (const EndReason expected : {EndReason::completed, EndReason::non_finite}) {
            BitChecker checker(recording);
            checker.check_end(expected);
            EXPECT_EQ(checker.differs(), recorded != expected);
            EXPECT_EQ(checker.result().end_difference.has_value(), recorded != expected);
        }
    }
    recording.end.reset();
    BitChecker checker(recording);
    checker.check_end(EndReason::completed);
    EXPECT_FALSE(checker.differs());
}

TEST(BitComparison, PassesWhenSomethingWasComparedAndNothingDiffers) {
    BitComparison none;
    EXPECT_FALSE(none.differs());
    EXPECT_FALSE(none.passed());
    none.steps_checked = 5;
    EXPECT_FALSE(none.passed()) << "steps alone are nothing";
    BitComparison all;
    all.states_checked = all.digests_checked = all.checkpoints_checked = 1;
    EXPECT_TRUE(all.passed());
    all.states_checked = 0;
    EXPECT_TRUE(all.passed());
    all.states_checked = 1;
    all.checkpoints_checked = 0;
    EXPECT_TRUE(all.passed());
    for (const auto member : {&BitComparison::states_checked, &BitComparison::digests_checked,
                              &BitComparison::checkpoints_checked}) {
        BitComparison one;
        one.*member = 1;
        EXPECT_TRUE(one.passed());
        const auto refused = [&one](auto change) {
            BitComparison changed = one;
            change(changed);
            return changed.differs() && !changed.passed();
        };
        EXPECT_TRUE(refused([](BitComparison& b) { b.state_difference.emplace(); }));
        EXPECT_TRUE(refused([](BitComparison& b) { b.digest_difference.emplace(); }));
        EXPECT_TRUE(refused([](BitComparison& b) { b.couplings_difference.emplace(); }));
        EXPECT_TRUE(refused([](BitComparison& b) { b.saturation_difference.emplace(); }));
        EXPECT_TRUE(refused([](BitComparison& b) { b.checkpoint_difference = 0; }));
        EXPECT_TRUE(refused([](BitComparison& b) { b.fault_difference.emplace(); }));
        EXPECT_TRUE(refused([](BitComparison& b) { b.end_difference = EndReason::stopped; }));
    }
}

TEST(UlpDistance, CountsRepresentableNumbers) {
    const auto single = [](float a, float b) {
        return ulp_distance(static_cast<double>(a), static_cast<double>(b), ScalarKind::float32);
    };
    EXPECT_EQ(single(1.0F, 1.0F), 0U);
    EXPECT_EQ(single(1.0F, std::nextafter(1.0F, 2.0F)), 1U);
    EXPECT_EQ(single(std::nextafter(1.0F, 2.0F), 1.0F), 1U);
    EXPECT_EQ(single(1.0F, 2.0F), 1U << 23U);
    EXPECT_EQ(single(0.0F, -0.0F), 0U);
    constexpr float smallest = std::numeric_limits<float>::denorm_min();
    EXPECT_EQ(single(-smallest, smallest), 2U);
    EXPECT_EQ(single(-smallest, 3 * smallest), 4U);
    EXPECT_EQ(single(-3 * smallest, -smallest), 2U);
    EXPECT_EQ(ulp_distance(1.0, std::nextafter(1.0, 2.0), ScalarKind::float64), 1U);
    EXPECT_EQ(ulp_distance(1.0, 2.0, ScalarKind::float64), std::uint64_t{1} << 52U);
    // Across all of the line: twice the rank of the largest number, which is 0x7FEF...F.
    constexpr double largest = std::numeric_limits<double>::max();
    EXPECT_EQ(ulp_distance(-largest, largest, ScalarKind::float64), 2 * 0x7FEF'FFFF'FFFF'FFFFU);
    EXPECT_EQ(ulp_distance(largest, -largest, ScalarKind::float64), 2 * 0x7FEF'FFFF'FFFF'FFFFU);
}

TEST(PlaceOf, NamesWhatAReaderKnows) {
    const Recording recording = network();
    const auto place = [](const Recording& of, std::uint32_t step, std::uint8_t channel,
                          std::uint32_t element) {
        return place_of({.step = step, .channel = channel, .element = element}, of);
    };
    EXPECT_EQ(place(recording, 20, 1, 2), "step 20, replica 1, neuron 2");
    EXPECT_EQ(place(recording, 20, 2, 7), "step 20, observed moments, element 7");
    EXPECT_EQ(place(recording, 20, 14, 1), "step 20, observed settling, element 1");
    EXPECT_EQ(place(mean_field(), 19, 1, 5), "row 9 of Cphi, column 5, population 1");
    EXPECT_EQ(place(mean_field(), 20, 4, 0), "row 0 of mean, column 0, population 2");
}

} // namespace
} // namespace tinymf::host
