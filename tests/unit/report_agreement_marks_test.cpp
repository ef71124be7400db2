// SPDX-License-Identifier: Apache-2.0
// Whatever is wrong stays in the picture, however much is thinned out.

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "report/agreement_marks.hpp"
#include "report/plots.hpp"

namespace tinymf::host {
namespace {

constexpr std::uint32_t states = 2501;

Recording long_recording() {
    Recording recording;
    recording.profile.kind = experiment::ModelKind::network;
    recording.parameters.steps = states - 1;
    recording.written_dt = 0.1;
    StateTrace trace;
    for (std::uint32_t step = 0; step < states; ++step) {
        trace.add(step, std::array{0.0});
    }
    recording.replicas.push_back(trace);
    return recording;
}

TEST(AgreementMarks, AWrongStateAtAnyIndexIsDrawn) {
    const Recording recording = long_recording();
    for (std::uint32_t step = 0; step < states; ++step) {
        BitComparison bits;
        bits.state_difference = StateDifference{.step = step};
        const std::vector<AgreementMark> marks = agreement_marks(recording, bits);
        ASSERT_LT(marks.size(), 1000U);
        ASSERT_EQ(marks.back().agreement, Agreement::differs) << "drawn over the others";
        ASSERT_EQ(marks.back().step, step);
        const auto wrong = std::ranges::count(marks, Agreement::differs, &AgreementMark::agreement);
        ASSERT_EQ(wrong, 1);
    }
}

TEST(AgreementMarks, TheDrawingShowsIt) {
    const Recording recording = long_recording();
    BitComparison bits;
    EXPECT_EQ(plot_agreement("none", recording, bits).find("198,  40,  40"), std::string::npos);
    for (const std::uint32_t step : {0U, 1U, 1777U, states - 1}) {
        bits.state_difference = StateDifference{.step = step};
        const std::string svg = plot_agreement("one", recording, bits);
        EXPECT_NE(svg.find("rgb(198,  40,  40)"), std::string::npos) << step;
    }
}

TEST(DrawnStates, APointOutsideItsBoundAtAnyIndexIsDrawn) {
    ReferenceComparison reference;
    for (std::uint32_t k = 0; k < states; ++k) {
        reference.times.push_back(k);
        reference.solution.raise(k, 0.5, {});
        reference.scheme.raise(k, 0.5, {});
        reference.solution.bound.push_back(1.0);
        reference.scheme.bound.push_back(1.0);
    }
    for (std::uint32_t k = 0; k < states; ++k) {
        reference.scheme.error[k] = 2.0;
        const std::vector<std::size_t> drawn = drawn_states(reference, 800);
        ASSERT_TRUE(std::ranges::binary_search(drawn, std::size_t{k}));
        ASSERT_LT(drawn.size(), 900U);
        reference.scheme.error[k] = 0.5;
    }
}

} // namespace
} // namespace tinymf::host
