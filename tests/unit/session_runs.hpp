// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "capture/checkpoint_assembler.hpp"
#include "device/byte_link.hpp"
#include "device/session.hpp"
#include "experiment/experiment.hpp"
#include "experiment/live_input.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"

/// Short runs on a device behind a link, and what was recorded of them.
namespace tinymf::host::session_runs {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

inline constexpr std::string_view small_run = "schema = 1\n"
                                              "[model]\nsteps = 200\n"
                                              "[network]\nneurons = 16\n"
                                              "[stream]\nstate_every = 1\ndigest_every = 10\n";

inline Experiment small_experiment(std::vector<std::string> overrides = {}) {
    return parse_experiment(small_run, "small.toml", overrides);
}

inline const SessionOptions quick{.id = 1, .answer_limit = 20ms};
/// Repeats no command because the machine is busy, which the record would show.
inline const SessionOptions patient{.id = 1, .answer_limit = 60s};

struct Outcome {
    RunEnd end;
    std::optional<std::string> failure;
    Bytes record;
};

inline Outcome run_on(ByteLink& link, const Experiment& experiment,
                      const SessionOptions& options = quick) {
    Outcome outcome;
    Session session(experiment, link, options, [&outcome](std::span<const std::uint8_t> bytes) {
        outcome.record.insert(outcome.record.end(), bytes.begin(), bytes.end());
    });
    outcome.end = session.run();
    outcome.failure = session.failure();
    return outcome;
}

inline Bytes last_checkpoint_in(const Bytes& record) {
    CheckpointAssembler checkpoint;
    Bytes last;
    stream::FrameDecoder decoder;
    decoder.feed(record, [&](const stream::FrameView& frame) {
        if (static_cast<stream::Kind>(frame.header.kind) == stream::Kind::checkpoint) {
            EXPECT_TRUE(checkpoint.take(frame.payload));
            last = checkpoint.whole() ? checkpoint.bytes() : last;
        }
    });
    return last;
}

inline std::vector<stream::Kind> kinds_in(const Bytes& record) {
    std::vector<stream::Kind> kinds;
    stream::FrameDecoder decoder;
    decoder.feed(record, [&kinds](const stream::FrameView& frame) {
        kinds.push_back(static_cast<stream::Kind>(frame.header.kind));
    });
    EXPECT_TRUE(decoder.counters().clean());
    return kinds;
}

inline const std::vector<std::string> live_stimulus{"stimulus.kind=live"};
inline const std::vector<LiveInput> some_inputs{{0, 0.5}, {1, -1.0}, {57, 0.25}, {150, 0.0}};

inline SessionOptions fed_with(const std::vector<LiveInput>& inputs) {
    SessionOptions options = quick;
    options.inputs = inputs;
    return options;
}

} // namespace tinymf::host::session_runs
