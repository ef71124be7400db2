// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tinymf/stream/frame.hpp"

namespace tinymf::host {

/// Holds the sequence numbers of a stream against the losses its GAP frames announce. Sequence
/// numbers are counted modulo 2^32; the first frame seen sets the start.
///
/// A GAP frame must name exactly the number of frames missing directly before it, and no frame may
/// be missing anywhere else. HELLO out of sequence is a device that restarted. An END before
/// CONFIGURATION is that of an earlier session.
class StreamLedger {
public:
    void observe(const stream::FrameView& frame);

    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    /// Frames whose sequence numbers never came.
    [[nodiscard]] std::uint64_t lost() const { return lost_; }
    /// Lost frames that a GAP frame accounts for.
    [[nodiscard]] std::uint64_t announced() const { return announced_; }
    /// Places where frames are missing.
    [[nodiscard]] std::uint64_t gaps() const { return gaps_; }
    /// Places where sequence numbers and announcement disagree.
    [[nodiscard]] std::uint64_t disagreements() const { return disagreements_; }
    /// Frames that came again or late.
    [[nodiscard]] std::uint64_t out_of_order() const { return out_of_order_; }
    [[nodiscard]] std::uint64_t restarts() const { return restarts_; }
    [[nodiscard]] bool ended() const { return ended_; }
    [[nodiscard]] std::uint64_t frames_after_end() const { return frames_after_end_; }

    /// Every loss is accounted for and nothing came twice, late or after END.
    [[nodiscard]] bool closes() const {
        return disagreements_ == 0 && out_of_order_ == 0 && restarts_ == 0 &&
               frames_after_end_ == 0;
    }

private:
    void account_for(std::uint32_t missing, const stream::FrameView& frame);

    std::uint64_t frames_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t announced_ = 0;
    std::uint64_t gaps_ = 0;
    std::uint64_t disagreements_ = 0;
    std::uint64_t out_of_order_ = 0;
    std::uint64_t restarts_ = 0;
    std::uint64_t frames_after_end_ = 0;
    std::uint32_t expected_ = 0;
    bool ended_ = false;
};

} // namespace tinymf::host
