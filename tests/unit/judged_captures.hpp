// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base_captures.hpp"
#include "forged_capture.hpp"
#include "recording/recording.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {

/// Runs that a test changes and has judged.
class JudgedCaptures : public testing::Test {
protected:
    /// The base run, recorded once.
    static test::ForgedCapture base(std::string_view experiment,
                                    const SessionOptions& options = {}) {
        static const test::TestFolder folder;
        static int number = 0;
        const auto path = folder / fmt::format("base{}.tmf", ++number);
        test::record_base({.name = "", .experiment = experiment, .options = options}, path);
        return test::ForgedCapture(path);
    }

    /// The judgement on a forged capture, the same by both readers.
    Judgement judge(const test::ForgedCapture& capture) const {
        const auto path = folder_ / "forged.tmf";
        capture.write(path);
        const Judgement judgement = judge_capture(path).judgement;
        const Judgement whole = read_recording(path).judgement;
        EXPECT_EQ(judgement.unsound, whole.unsound);
        EXPECT_EQ(judgement.failures, whole.failures);
        return judgement;
    }

    /// Renumbers, and expects exactly one finding, which names the place.
    void expect_unsound(test::ForgedCapture capture, const std::string& place) const {
        capture.renumber();
        const Judgement judgement = judge(capture);
        ASSERT_FALSE(judgement.sound()) << "expected: " << place;
        EXPECT_NE(judgement.unsound.front().find(place), std::string::npos)
            << judgement.unsound.front() << "\nexpected: " << place;
        EXPECT_EQ(judgement.verdict(), Verdict::unsound);
    }

    void expect_sound(test::ForgedCapture capture) const {
        capture.renumber();
        const Judgement judgement = judge(capture);
        EXPECT_TRUE(judgement.sound()) << judgement.unsound.front();
        EXPECT_TRUE(judgement.failures.empty());
    }

    test::TestFolder folder_;
};

/// A frame of zeros.
inline test::ForgedFrame forged(stream::Kind kind, std::size_t size) {
    test::ForgedFrame frame{.kind = static_cast<std::uint8_t>(kind), .payload = {}};
    frame.payload.resize(size);
    return frame;
}

} // namespace tinymf::host
