// SPDX-License-Identifier: Apache-2.0
// A stream of frames and noise. Every byte is accounted for, and what is accepted is, byte for
// byte, what the encoder writes for it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fuzzer/FuzzedDataProvider.h>

#include "fuzz/execution_limits.hpp"
#include "tinymf/assert.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::fuzz {
namespace {

using stream::FrameCounters;
using stream::FrameDecoder;
using Bytes = std::vector<std::uint8_t>;

/// Frames as an encoder writes them, and between them bytes as they come: a fuzzer cannot guess
/// checksums.
Bytes drawn_stream(FuzzedDataProvider& input) {
    Bytes wire;
    while (input.remaining_bytes() > 0) {
        if (input.ConsumeBool()) {
            const auto noise =
                input.ConsumeBytes<std::uint8_t>(input.ConsumeIntegralInRange<std::size_t>(0, 700));
            wire.insert(wire.end(), noise.begin(), noise.end());
            continue;
        }
        const stream::FrameHeader header{input.ConsumeIntegral<std::uint8_t>(),
                                         input.ConsumeIntegral<std::uint8_t>(),
                                         input.ConsumeIntegral<std::uint32_t>()};
        const auto payload = input.ConsumeBytes<std::uint8_t>(
            input.ConsumeIntegralInRange<std::size_t>(0, stream::largest_payload + 4));
        std::array<std::uint8_t, stream::largest_wire_frame + 8> frame{};
        const std::size_t size = stream::encode_frame(frame, header, payload);
        TINYMF_ASSERT((size != 0) == (payload.size() <= stream::largest_payload));
        wire.insert(wire.end(), frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
    }
    return wire;
}

void check_canonical(const stream::FrameView& frame, std::span<const std::uint8_t> piece) {
    TINYMF_ASSERT(frame.payload.size() <= stream::largest_payload);
    std::array<std::uint8_t, stream::largest_wire_frame> again{};
    const std::size_t size = stream::encode_frame(again, frame.header, frame.payload);
    TINYMF_ASSERT(std::ranges::equal(std::span(again).first(size), piece));
}

std::uint64_t refused_frames(const FrameCounters& counters) {
    return std::uint64_t{counters.crc_errors} + counters.cobs_errors + counters.oversize +
           counters.undersize;
}

void decode(const Bytes& wire) {
    FrameDecoder decoder;
    std::size_t frame_bytes = 0;
    std::size_t piece_begin = 0;
    for (std::size_t at = 0; at < wire.size(); ++at) {
        const bool accepted = decoder.feed(wire[at]);
        const auto piece = std::span(wire).subspan(piece_begin, at + 1 - piece_begin);
        if (accepted) {
            check_canonical(decoder.frame(), piece);
            frame_bytes += piece.size();
        }
        if (wire[at] == 0) {
            piece_begin = at + 1;
        }
        TINYMF_ASSERT(decoder.pending_bytes() == at + 1 - piece_begin);
    }
    const FrameCounters& counters = decoder.counters();
    TINYMF_ASSERT(frame_bytes + counters.skipped_bytes + counters.idle_zeros +
                      decoder.pending_bytes() ==
                  wire.size());
    const auto zeros = static_cast<std::uint64_t>(std::ranges::count(wire, 0));
    TINYMF_ASSERT(counters.frames + refused_frames(counters) + counters.idle_zeros == zeros);
}

} // namespace
} // namespace tinymf::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tinymf::fuzz;
    const ExecutionLimits limits({.bytes = size});
    FuzzedDataProvider input(data, size);
    decode(input.ConsumeBool() ? Bytes(data, data + size) : drawn_stream(input));
    return 0;
}
