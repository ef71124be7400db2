// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "tinymf/stream/frame.hpp"

namespace tinymf::firmware {

/// Bytes from the port, decoded one frame at a time; what was read beyond a frame waits here.
class Inbox {
public:
    /// Reads once when nothing waits. False when there is nothing to decode.
    template <class Port>
    bool fill(Port& port) {
        if (waiting_.empty()) {
            waiting_ = std::span<const std::uint8_t>(bytes_).first(port.read(bytes_));
        }
        return !waiting_.empty();
    }

    /// True when the bytes that wait completed a frame.
    bool decode() {
        while (!waiting_.empty()) {
            const std::uint8_t byte = waiting_.front();
            waiting_ = waiting_.subspan(1);
            if (decoder_.feed(byte)) {
                return true;
            }
        }
        return false;
    }

    /// The frame just decoded; valid until the next call of `decode`.
    [[nodiscard]] stream::FrameView frame() const { return decoder_.frame(); }

private:
    stream::FrameDecoder decoder_;
    std::array<std::uint8_t, 64> bytes_{};
    std::span<const std::uint8_t> waiting_;
};

} // namespace tinymf::firmware
