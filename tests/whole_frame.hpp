// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tinymf/stream/frame.hpp"

namespace tinymf::stream {

using Bytes = std::vector<std::uint8_t>;

/// A frame that keeps its payload.
struct WholeFrame {
    FrameHeader header;
    Bytes payload;

    friend bool operator==(const WholeFrame&, const WholeFrame&) = default;
};

inline Bytes encode(const WholeFrame& frame) {
    Bytes wire(wire_bound(frame.payload.size()));
    wire.resize(encode_frame(wire, frame.header, frame.payload));
    return wire;
}

/// The frames that these bytes complete.
inline std::vector<WholeFrame> decode(FrameDecoder& decoder, std::span<const std::uint8_t> wire) {
    std::vector<WholeFrame> frames;
    decoder.feed(wire, [&frames](const FrameView& view) {
        frames.push_back({view.header, {view.payload.begin(), view.payload.end()}});
    });
    return frames;
}

} // namespace tinymf::stream
