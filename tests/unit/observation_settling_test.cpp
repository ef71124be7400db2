// SPDX-License-Identifier: Apache-2.0
#include "recording/observed_settling.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "export/observed_arrays.hpp"
#include "plan/observed_blocks.hpp"
#include "report/run_facts.hpp"

namespace tinymf::host {
namespace {

VectorTrace& settling_in(Recording& recording) {
    return recording.observed[static_cast<std::size_t>(observe::ObservedArray::settling)];
}

TEST(ObservedSettling, IsTheWorstOfAllBlocksAndTheirSum) {
    Recording recording;
    EXPECT_FALSE(settling_of(recording));
    settling_in(recording).add(10, std::array{0.25, 3.0});
    settling_in(recording).add(20, std::array{0.5, 0.0});
    settling_in(recording).add(30, std::array{0.125, 4.0});
    const auto settling = settling_of(recording);
    ASSERT_TRUE(settling);
    EXPECT_EQ(settling->worst_residual, 0.5);
    EXPECT_EQ(settling->unsettled, 7.0);
    EXPECT_EQ(to_text(*settling),
              "largest |dx/dt| at a sample 0.5 per tau, 7 states not settled (above 0.001)");
}

TEST(ObservedSettling, IsShownByTheReport) {
    Recording recording;
    settling_in(recording).add(10, std::array{0.25, 3.0});
    bool shown = false;
    for (const auto& [name, value] : experiment_facts(recording)) {
        shown = shown || (name == "settling" && value.find("0.25") != std::string::npos);
    }
    EXPECT_TRUE(shown);
}

TEST(ObservedSettling, IsExported) {
    Recording recording;
    settling_in(recording).add(10, std::array{0.25, 3.0});
    std::vector<std::string> names;
    for (const NamedArray& array : observed_arrays(recording)) {
        names.push_back(array.name + " " + array.unit);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"settling_worst_residual 1/tau",
                                               "settling_unsettled states"}));
}

std::string note_of(const std::string& stream, const std::string& steps) {
    return observation_note(parse_experiment("schema = 1\n[model]\nsteps = " + steps +
                                                 "\n[stream]\nobserve = [\"moments\"]\n" + stream,
                                             "x.toml"));
}

TEST(ObservationNote, IsGivenExactlyWhenNoBlockIsFilled) {
    // Sample k at step after + k every; a block ends with its last sample.
    const std::string settings = "observe_every = 3\nobserve_block = 5\nobserve_after = 7\n";
    EXPECT_EQ(note_of(settings, "22"), "");
    EXPECT_EQ(note_of(settings, "21"),
              "stream.observe: nothing will be sent, for the run takes 4 samples and its first "
              "block needs 5; raise model.steps to 22, or lower stream.observe_block, "
              "observe_every or observe_after");
    EXPECT_NE(note_of("observe_after = 100\n", "50"), "");
    EXPECT_EQ(observation_note(parse_experiment("schema = 1\n[model]\nsteps = 1\n", "x.toml")), "");
}

} // namespace
} // namespace tinymf::host
