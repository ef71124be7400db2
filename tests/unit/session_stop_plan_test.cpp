// SPDX-License-Identifier: Apache-2.0
#include "device/stop_plan.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "device/session.hpp"

namespace tinymf::host {
namespace {

/// The plan in one line: "10s" a snapshot, "12i" an input, "20se" a snapshot and the end.
std::string plan_of(const SessionOptions& options, std::uint32_t begin, std::uint32_t last) {
    StopPlan plan(options, begin, last);
    std::string text;
    while (const auto stop = plan.next()) {
        text += (text.empty() ? "" : " ") + std::to_string(stop->step);
        text += stop->input != nullptr ? "i" : "";
        text += stop->snapshot ? "s" : "";
        text += stop->end ? "e" : "";
        if (stop->end) {
            break;
        }
    }
    return text;
}

const std::vector<LiveInput> some_inputs{{0, 1.0}, {5, 2.0}, {20, 3.0}, {33, 4.0}};

TEST(StopPlan, NothingAskedForIsNoStop) {
    EXPECT_EQ(plan_of({}, 0, 100), "");
}

TEST(StopPlan, SnapshotsComeBeforeTheLastStep) {
    EXPECT_EQ(plan_of({.snapshot_every = 10}, 0, 30), "10s 20s");
    EXPECT_EQ(plan_of({.snapshot_every = 10}, 0, 31), "10s 20s 30s");
    EXPECT_EQ(plan_of({.snapshot_every = 4000000000U}, 0, 4294967295U), "4000000000s");
}

TEST(StopPlan, InputsAndSnapshotsShareAStep) {
    EXPECT_EQ(plan_of({.inputs = some_inputs, .snapshot_every = 10}, 0, 40),
              "0i 5i 10s 20is 30s 33i");
}

TEST(StopPlan, AResumedRunSkipsWhatIsPast) {
    EXPECT_EQ(plan_of({.inputs = some_inputs, .snapshot_every = 10}, 20, 40), "20i 30s 33i");
    EXPECT_EQ(plan_of({.inputs = some_inputs, .snapshot_every = 10}, 21, 40), "30s 33i");
}

TEST(StopPlan, TheEndTakesACheckpoint) {
    EXPECT_EQ(plan_of({.inputs = some_inputs, .snapshot_every = 10, .stop_at = 20}, 0, 40),
              "0i 5i 10s 20ise");
    EXPECT_EQ(plan_of({.stop_at = 20}, 20, 40), "20se");
}

} // namespace
} // namespace tinymf::host
