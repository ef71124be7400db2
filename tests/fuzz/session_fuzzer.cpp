// SPDX-License-Identifier: Apache-2.0
// A session with a hostile peer: it ends within its patience, in little memory, with a result or in
// words, and its record is what was said.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "device/session.hpp"
#include "experiment/experiment.hpp"
#include "fuzz/execution_limits.hpp"
#include "fuzz/hostile_peer.hpp"
#include "fuzz/refusal.hpp"
#include "fuzz/scratch_file.hpp"
#include "fuzz/small_captures.hpp"
#include "recording/recording.hpp"

namespace tinymf::fuzz {
namespace {

using namespace std::chrono_literals;
using host::Experiment;
using host::SessionOptions;
using Bytes = std::vector<std::uint8_t>;

constexpr auto patience = 100ms;

/// What a run is about. The first takes live inputs.
const std::vector<Experiment>& experiments() {
    static const std::vector<Experiment> all = [] {
        std::vector<Experiment> read;
        for (const std::string_view text :
             {test::live, two_small_replicas, small_closure, test::observing}) {
            read.push_back(host::parse_experiment(text, "drawn.toml"));
        }
        return read;
    }();
    return all;
}

/// A checkpoint that a run of the first experiment told of.
const Bytes& live_checkpoint() {
    static const Bytes bytes = [] {
        constexpr std::size_t fed_with_checkpoints = 2;
        const auto& capture = small_captures()[fed_with_checkpoints].bytes;
        return host::read_recording(scratch_file("live.tmf", capture)).last_checkpoint;
    }();
    return bytes;
}

/// As the command line allows them.
SessionOptions drawn_options(FuzzedDataProvider& input, bool live) {
    SessionOptions options;
    options.id = 1 + input.ConsumeIntegral<std::uint8_t>();
    options.answer_limit = patience;
    options.tick_period_us = input.ConsumeBool() ? 1000 : 0;
    options.deadline =
        input.ConsumeBool() ? stream::DeadlinePolicy::late : stream::DeadlinePolicy::stop;
    if (input.ConsumeBool()) {
        options.delivery = stream::Delivery::realtime;
    } else {
        options.snapshot_every = input.PickValueInArray<std::uint32_t>({0, 0, 7, 25});
        if (input.ConsumeBool()) {
            options.stop_at = input.ConsumeIntegralInRange<std::uint32_t>(0, 10);
        }
    }
    if (live && input.ConsumeBool()) {
        options.controller = [](std::uint32_t, std::span<const double> x) {
            return x.empty() ? 0.0 : std::clamp(x.front(), -1.0, 1.0);
        };
    } else if (live && options.delivery == stream::Delivery::lossless) {
        for (std::uint32_t step = 0; input.ConsumeBool() && options.inputs.size() < 5; ++step) {
            step += input.ConsumeIntegralInRange<std::uint32_t>(0, 20);
            options.inputs.push_back({step, 0.25});
        }
    }
    if (live && input.ConsumeIntegral<std::uint8_t>() < 60) {
        options.checkpoint = live_checkpoint();
        if (input.ConsumeBool()) {
            auto& byte = options.checkpoint[input.ConsumeIntegralInRange<std::size_t>(
                0, options.checkpoint.size() - 1)];
            byte ^= input.ConsumeIntegral<std::uint8_t>();
        }
    }
    return options;
}

/// A record is a part of what was said, without a gap, that begins with an introduction.
void check_record(const Bytes& record, const Bytes& said) {
    if (record.empty()) {
        return;
    }
    TINYMF_ASSERT(std::search(said.begin(), said.end(), record.begin(), record.end()) !=
                  said.end());
    stream::FrameDecoder decoder;
    const auto first = std::ranges::find_if(
        record, [&decoder](std::uint8_t byte) { return decoder.feed(byte) || byte == 0; });
    TINYMF_ASSERT(first != record.end() && decoder.counters().frames == 1);
    TINYMF_ASSERT(decoder.frame().header.kind == static_cast<std::uint8_t>(stream::Kind::hello));
}

void hold_session(FuzzedDataProvider& input) {
    const std::size_t which =
        input.ConsumeIntegralInRange<std::size_t>(0, experiments().size() - 1);
    SessionOptions options = drawn_options(input, which == 0);
    const bool plain = options.checkpoint.empty();
    HostilePeer peer(input, patience);
    options.now = [&peer] { return peer.time(); };
    Bytes record;
    host::Session session(experiments()[which], peer, options,
                          [&record](std::span<const std::uint8_t> bytes) {
                              record.insert(record.end(), bytes.begin(), bytes.end());
                          });
    std::optional<host::RunEnd> end;
    const int code = exit_code_of([&] { end = session.run(); });
    check_record(record, peer.said());
    TINYMF_ASSERT(end ? code == host::exit_passed : code != host::exit_failed);
    TINYMF_ASSERT(end || !plain || !peer.was_honest() || !peer.takes_commands());
    if (const auto failure = session.failure()) {
        TINYMF_ASSERT(end && is_plain(*failure));
    }
}

} // namespace
} // namespace tinymf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    static_cast<void>(experiments());
    static_cast<void>(live_checkpoint());
    const ExecutionLimits limits({.bytes = size, .computing = std::chrono::seconds(2)});
    FuzzedDataProvider input(data, size);
    hold_session(input);
    return 0;
}
