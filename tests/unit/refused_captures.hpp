// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base_captures.hpp"
#include "compare/comparison.hpp"
#include "forged_capture.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::test {

/// Forges captures and expects that a comparison refuses them.
class RefusedCaptures : public testing::Test {
protected:
    ForgedCapture base(std::string_view experiment,
                       const host::SessionOptions& options = {}) const {
        const auto path = folder_ / "base.tmf";
        record_base({.name = "", .experiment = experiment, .options = options}, path);
        return ForgedCapture(path);
    }

    std::string write(ForgedCapture capture, const std::string& name = "forged.tmf") const {
        capture.renumber();
        const auto path = folder_ / name;
        capture.write(path);
        return path;
    }

    host::Comparison compare(const ForgedCapture& capture, const std::string& against) const {
        return host::compare_capture(write(capture), {.against = against});
    }

    /// Held against the host, the capture fails at this place.
    void expect_difference(const ForgedCapture& capture, const nlohmann::json& place,
                           const std::string& words) const {
        expect_failure(compare(capture, "host"), place, words);
    }

    static void expect_failure(const host::Comparison& comparison, const nlohmann::json& place,
                               const std::string& words) {
        const std::string text = host::to_text(comparison);
        EXPECT_TRUE(comparison.unsound.empty()) << text;
        EXPECT_EQ(comparison.exit_code(), 1) << text;
        EXPECT_NE(text.find("bit-exact   FAIL"), std::string::npos) << text;
        EXPECT_NE(text.find(words), std::string::npos) << text << "\nexpected: " << words;
        const nlohmann::json json = host::to_json(comparison);
        EXPECT_EQ(json.at("verdict"), "fail");
        EXPECT_EQ(json.at("bit_exact").at("passed"), false);
        const nlohmann::json& found = json.at("bit_exact").at("first_difference");
        for (const auto& [key, value] : place.items()) {
            EXPECT_EQ(found.value(key, nlohmann::json()), value) << key << " in " << found.dump();
        }
    }

    TestFolder folder_;
};

/// Changes the last bit of the last value in the payload.
inline void nudge(ForgedFrame& frame, std::size_t width) {
    frame.payload.at(frame.payload.size() - width) ^= 1U;
}

/// The experiment with one part of its text replaced.
inline std::string with(std::string_view experiment, const std::string& from,
                        const std::string& to) {
    std::string text(experiment);
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

} // namespace tinymf::test
