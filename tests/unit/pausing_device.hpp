// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tinymf/checkpoint/header.hpp"
#include "unit/timed_device.hpp"

namespace tinymf::test {

/// A device that pauses wherever it is told to.
struct PausingDevice : TimedDevice {
    std::uint32_t at = 0;

    PausingDevice() {
        on[stream::Kind::step] = [this](const Command& command) {
            acknowledge(command);
            at += static_cast<std::uint32_t>(command.get(0, 4));
        };
        on[stream::Kind::query_status] = [this](const Command& command) {
            acknowledge(command);
            tell_status(firmware::RunState::paused, at);
        };
        on[stream::Kind::stop] = [this](const Command& command) {
            acknowledge(command);
            end(stream::EndReason::stopped, at);
        };
    }

    void say_restored(std::uint32_t step) {
        say(stream::Kind::restored,
            Fields().put(step).put(std::uint64_t{0}).put(std::uint64_t{0}).bytes());
    }
    /// Bytes [first, end) of a checkpoint.
    void say_piece(const Bytes& checkpoint, std::size_t first, std::size_t end) {
        Fields piece;
        piece.put(static_cast<std::uint32_t>(first));
        piece.put(static_cast<std::uint32_t>(checkpoint.size()));
        for (std::size_t i = first; i < std::min(end, checkpoint.size()); ++i) {
            piece.put(checkpoint[i]);
        }
        say(stream::Kind::checkpoint, piece.bytes());
    }
};

/// A whole checkpoint of no fields, 64 bytes.
inline Bytes checkpoint_of_step(std::uint32_t step) {
    checkpoint::Header header;
    header.step = step;
    Bytes bytes(checkpoint::header_bytes);
    stream::ByteWriter writer(bytes);
    checkpoint::write(writer, header);
    observe::Digest closing;
    checkpoint::add_to(closing, bytes);
    const Bytes end = Fields().put(closing.value()).bytes();
    bytes.insert(bytes.end(), end.begin(), end.end());
    return bytes;
}

} // namespace tinymf::test
