// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "base/host_error.hpp"
#include "capture/capture_reader.hpp"
#include "capture/capture_writer.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::test {

inline const host::CaptureMetadata metadata{.experiment = "schema = 1\nname = \"chaos\" # ζ\n",
                                            .source = "pty:/dev/pts/7",
                                            .delivery = "lossless",
                                            .host_tool = {{"version", "1"}}};

/// A run of four frames, behind the zero that ends what came before.
inline Bytes short_run() {
    FrameSource source;
    return joined({Bytes{0}, source.frame(stream::Kind::hello, {1, 0, 0, 2}),
                   source.frame(stream::Kind::state, Bytes(24, 7)),
                   source.frame(stream::Kind::digest, {9, 9}),
                   source.frame(stream::Kind::end, {0})});
}

inline void record_bytes(const std::filesystem::path& path, const Bytes& stream) {
    host::CaptureWriter writer(path, metadata);
    writer.append(stream);
    writer.close();
}

/// "exit code: message" of what the action throws; empty when it throws nothing.
template <class Action>
std::string refusal_of(Action&& action) {
    try {
        action();
    } catch (const host::HostError& error) {
        return std::to_string(error.exit_code()) + ": " + error.what();
    }
    return {};
}

/// Intact and complete; false where it cannot be read.
inline bool faultless(const std::filesystem::path& path) {
    try {
        host::CaptureReader reader(path);
        const host::CaptureSurvey found = host::survey(reader);
        EXPECT_EQ(found.findings().empty(), found.intact() && found.complete());
        return found.intact() && found.complete();
    } catch (const host::HostError&) {
        return false;
    }
}

} // namespace tinymf::test
