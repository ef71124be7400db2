// SPDX-License-Identifier: Apache-2.0
// A device writes every zero without a sign, so a frame with one was not written by a device,
// though the number equals what was expected.
#include "recording/recording.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "base_captures.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;

struct ZeroedRun {
    std::string_view name;
    std::string_view experiment;
};

constexpr std::array<ZeroedRun, 2> silent_runs{{
    {"float32",
     "schema = 1\n[model]\nsteps = 4\n[network]\nneurons = 16\n[initial]\nkind = \"zero\"\n"},
    {"float64", "schema = 1\n[model]\nsteps = 4\n[network]\nneurons = 16\nscalar = \"float64\"\n"
                "[initial]\nkind = \"zero\"\n"},
}};

class MinusZero : public testing::TestWithParam<ZeroedRun> {};

TEST_P(MinusZero, IsNoContentOfAFrame) {
    const test::TestFolder folder;
    const auto path = folder / "silent.tmf";
    test::record_base({.name = "", .experiment = GetParam().experiment}, path);
    const test::ForgedCapture whole(path);
    ASSERT_TRUE(read_recording(path).judgement.sound());

    test::ForgedCapture forged = whole;
    test::ForgedFrame& last = forged.frame(Kind::state, -1);
    ASSERT_EQ(last.payload.back(), 0);
    last.payload.back() ^= 0x80U; // the sign of the last neuron of the last state
    forged.write(path);
    const Judgement judgement = read_recording(path).judgement;
    ASSERT_FALSE(judgement.sound());
    EXPECT_NE(judgement.unsound.front().find("content that does not belong"), std::string::npos)
        << judgement.unsound.front();
}

INSTANTIATE_TEST_SUITE_P(Widths, MinusZero, testing::ValuesIn(silent_runs),
                         [](const auto& test) { return std::string(test.param.name); });

} // namespace
} // namespace tinymf::host
