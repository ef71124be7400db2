// SPDX-License-Identifier: Apache-2.0
#include "capture/stream_ledger.hpp"

#include <optional>

#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/frame_kinds.hpp"

namespace tinymf::host {
namespace {

using stream::Kind;

bool is(Kind kind, const stream::FrameView& frame) {
    return frame.header.kind == static_cast<std::uint8_t>(kind);
}

/// A question of the host and the END of a run may cross on the line.
bool is_answer(const stream::FrameView& frame) {
    return is(Kind::ack, frame) || is(Kind::nak, frame) || is(Kind::status, frame);
}

/// How many frames a frame says are missing before it; nothing for a GAP that cannot be read.
std::optional<std::uint32_t> announced_by(const stream::FrameView& frame) {
    if (!is(Kind::gap, frame)) {
        return 0;
    }
    stream::ByteReader payload(frame.payload);
    const auto gap = stream::get_fields<stream::GapFrame>(payload);
    return payload.finished() ? std::optional(gap.dropped_frames) : std::nullopt;
}

} // namespace

void StreamLedger::observe(const stream::FrameView& frame) {
    constexpr std::uint32_t half_of_all = 0x80000000U;
    const std::uint32_t ahead = frames_ == 0 ? 0 : frame.header.sequence - expected_;
    ++frames_;
    if (is(Kind::configuration, frame)) {
        ended_ = false; // what ended before was an earlier session's
        frames_after_end_ = 0;
    }
    frames_after_end_ += ended_ && !is_answer(frame) ? 1 : 0;
    ended_ = ended_ || is(Kind::end, frame);
    if (ahead != 0 && is(Kind::hello, frame)) {
        ++restarts_;
    } else if (ahead >= half_of_all) {
        ++out_of_order_;
        return;
    } else {
        account_for(ahead, frame);
    }
    expected_ = frame.header.sequence + 1;
}

void StreamLedger::account_for(std::uint32_t missing, const stream::FrameView& frame) {
    lost_ += missing;
    gaps_ += missing != 0 ? 1 : 0;
    if (announced_by(frame) == missing) {
        announced_ += missing;
    } else {
        ++disagreements_;
    }
}

} // namespace tinymf::host
