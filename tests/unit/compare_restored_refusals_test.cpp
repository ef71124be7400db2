// SPDX-License-Identifier: Apache-2.0
// What `compare` says of runs that go on from a checkpoint.
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/host_error.hpp"
#include "unit/refused_captures.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;
using test::ForgedCapture;
using test::ForgedFrame;

class RestoredRefusals : public test::RefusedCaptures {};

TEST_F(RestoredRefusals, OneBitOfTheDigestsAtARestoredStep) {
    for (const std::size_t byte : {4U, 12U}) {
        ForgedCapture capture = base(test::two_replicas);
        const ForgedFrame& digest = capture.frame(Kind::digest, 0); // of step 0
        ForgedFrame restored{.kind = static_cast<std::uint8_t>(Kind::restored),
                             .payload = digest.payload};
        capture.insert(capture.find(Kind::state), restored);
        ASSERT_EQ(compare(capture, "host").exit_code(), 0);
        capture.frame(Kind::restored).payload[byte] ^= 1U;
        expect_difference(capture,
                          byte == 4 ? nlohmann::json{{"kind", "digest"}, {"step", 0}}
                                    : nlohmann::json{{"kind", "couplings"}, {"step", 0}},
                          byte == 4 ? "at step 0" : "the couplings: digest");
    }
}

/// A device may be restored again before it starts; each RESTORED tells of a step of the run.
TEST_F(RestoredRefusals, TheDigestsOfAStepThatAnEarlierRestoredToldOf) {
    const ForgedCapture whole = base(test::two_replicas);
    ForgedCapture capture = whole;
    ForgedFrame later{.kind = static_cast<std::uint8_t>(Kind::restored),
                      .payload = whole.frames[whole.find(Kind::digest, 1)].payload};
    ForgedFrame first{.kind = static_cast<std::uint8_t>(Kind::restored),
                      .payload = whole.frames[whole.find(Kind::digest, 0)].payload};
    capture.insert(capture.find(Kind::state), first);
    capture.insert(capture.find(Kind::state) - 1, later);
    ASSERT_EQ(compare(capture, "host").exit_code(), 0);
    for (const int which : {0, 1}) {
        ForgedCapture wrong = capture;
        wrong.frame(Kind::restored, which).payload[4] ^= 1U;
        expect_difference(wrong, {{"kind", "digest"}, {"step", which == 0 ? 15 : 0}}, "digest");
    }
}

/// Neither the twin nor the reference may follow such a run from its first step.
TEST_F(RestoredRefusals, ARestoredRunWithoutTheInputsBefore) {
    ForgedCapture capture = base(test::live, {.inputs = {{0, 0.5}, {20, -1.0}}});
    const ForgedFrame restored{.kind = static_cast<std::uint8_t>(Kind::restored),
                               .payload = capture.frame(Kind::digest, 0).payload};
    capture.insert(capture.find(Kind::state), restored);
    for (const std::string against : {"host", "reference", ""}) {
        try {
            static_cast<void>(compare(capture, against));
            ADD_FAILURE() << against;
        } catch (const HostError& error) {
            EXPECT_EQ(error.exit_code(), 2);
            EXPECT_NE(std::string(error.what()).find("it goes on from step 0, and the live inputs"),
                      std::string::npos)
                << error.what();
        }
    }
    capture.metadata.resumed = ResumedRun{.capture = "earlier.tmf", .step = 0, .inputs = {}};
    EXPECT_EQ(compare(capture, "host").exit_code(), 0);
    EXPECT_EQ(compare(capture, "reference").exit_code(), 0);
}

} // namespace
} // namespace tinymf::host
