// SPDX-License-Identifier: Apache-2.0
#include "device/frame_receiver.hpp"

#include <utility>

#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {

std::optional<stream::FrameView> FrameReceiver::next(std::chrono::milliseconds limit) {
    const auto deadline = now_() + limit;
    for (;;) {
        if (take_unread()) {
            return decoder_.frame();
        }
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - now_());
        const std::size_t count = link_.read(bytes_, std::max(left, std::chrono::milliseconds{0}));
        unread_ = std::span<const std::uint8_t>(bytes_).first(count);
        if (count == 0 && link_.ended()) {
            return std::nullopt;
        }
        // The time is looked at even when something came: a line that never falls silent must not
        // hold up anybody. What came is taken first.
        if (now_() >= deadline) {
            return take_unread() ? std::optional(decoder_.frame()) : std::nullopt;
        }
    }
}

/// Until a whole frame has come; false when there is none in what was read.
bool FrameReceiver::take_unread() {
    while (!unread_.empty()) {
        const std::uint8_t byte = unread_.front();
        unread_ = unread_.subspan(1);
        if (feed(byte)) {
            return true;
        }
    }
    return false;
}

bool FrameReceiver::feed(std::uint8_t byte) {
    // A line stuck at noise without zeros must not fill the memory.
    constexpr std::size_t longest_piece = 65536;
    piece_.push_back(byte);
    const bool accepted = decoder_.feed(byte);
    if (byte == 0 || piece_.size() == longest_piece) {
        keep_piece(accepted &&
                   decoder_.frame().header.kind == static_cast<std::uint8_t>(stream::Kind::hello));
    }
    return accepted;
}

void FrameReceiver::keep_piece(bool is_hello) {
    if (recording_) {
        record_(piece_);
    } else if (is_hello) {
        held_ = piece_;
    } else if (!held_.empty() && !flooded()) {
        held_.insert(held_.end(), piece_.begin(), piece_.end());
    }
    piece_.clear();
}

void FrameReceiver::begin_record() {
    if (!recording_) {
        recording_ = true;
        record_(std::exchange(held_, {}));
    }
}

} // namespace tinymf::host
