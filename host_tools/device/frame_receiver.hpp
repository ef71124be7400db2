// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "device/byte_link.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {

using SessionTime = std::chrono::steady_clock::time_point;
/// Tells the time, by which limits are kept.
using SessionClock = std::function<SessionTime()>;

/// Takes a record's bytes, in order.
using RecordBytes = std::function<void(std::span<const std::uint8_t>)>;

/// Cuts a line into frames and hands every byte on, damaged ones included, as it was received.
///
/// A record begins with an introduction: bytes are held back, and what came before a HELLO
/// forgotten, until `begin_record`.
class FrameReceiver {
public:
    FrameReceiver(ByteLink& link, SessionClock now, RecordBytes record)
        : link_{link}, now_{std::move(now)}, record_{std::move(record)} {}

    /// The next undamaged frame, valid until the next call; nothing when none came within `limit`,
    /// whatever else did.
    [[nodiscard]] std::optional<stream::FrameView> next(std::chrono::milliseconds limit);

    /// Records what was held back, and everything from now on.
    void begin_record();

    /// More came behind a HELLO than any device says before its run; the rest was forgotten.
    [[nodiscard]] bool flooded() const { return held_.size() > most_held; }

    [[nodiscard]] const stream::FrameCounters& counters() const { return decoder_.counters(); }

private:
    /// A device introduces itself in a few thousand bytes.
    static constexpr std::size_t most_held = std::size_t{1} << 20U;

    [[nodiscard]] bool take_unread();
    [[nodiscard]] bool feed(std::uint8_t byte);
    void keep_piece(bool is_hello);

    ByteLink& link_;
    SessionClock now_;
    RecordBytes record_;
    stream::FrameDecoder decoder_;
    std::array<std::uint8_t, 4096> bytes_{};
    std::span<const std::uint8_t> unread_;
    std::vector<std::uint8_t> piece_; ///< since the last zero
    std::vector<std::uint8_t> held_;  ///< since the last HELLO, before the record began
    bool recording_ = false;
};

} // namespace tinymf::host
