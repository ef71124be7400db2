// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/assert.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_kinds.hpp"
#include "tinymf/stream/frame_ring.hpp"
#include "tinymf/stream/run_policy.hpp"

namespace tinymf::firmware {

/// Numbers, encodes and queues outgoing frames under the session's delivery policy.
///
/// Every frame offered to a reader takes one sequence number, whether it was sent or dropped, so
/// that a reader can hold the gaps it sees against the ones announced.
/// - lossless: a data frame needs credit; without credit or room nothing happens, offer it again.
/// - realtime: a data frame without room is dropped and counted; a GAP frame tells as soon as
///   there is room.
/// Answers (HELLO, ACK, ...) need no credit and are never dropped: offer them again.
/// Size: Capacity + about 600 bytes. Work per frame: O(payload).
template <std::size_t Capacity>
class Outbox {
    static constexpr std::size_t headroom =
        stream::wire_bound(stream::fixed_bytes<stream::GapFrame>);
    using Ring = stream::FrameRing<Capacity, headroom>;
    static_assert(Ring::always_fits >= stream::largest_wire_frame);

public:
    /// A new session: credit and the count of losses start again. Sequence numbers go on, and so do
    /// losses that were not announced yet.
    void open(stream::Delivery delivery) {
        delivery_ = delivery;
        data_frames_ = 0;
        credit_ = 0;
        dropped_ = 0;
    }

    /// Total data frames the session may have sent; an older, smaller total changes nothing.
    void grant(std::uint32_t total) { credit_ = total > credit_ ? total : credit_; }

    /// True when the frame is done with: queued, or (realtime data only) dropped and counted.
    template <class WritePayload>
    [[nodiscard]] bool data(stream::Kind kind, std::uint32_t step, WritePayload&& write) {
        if (delivery_ == stream::Delivery::lossless && data_frames_ >= credit_) {
            return false;
        }
        const bool queued = announce_gap() && queue(kind, write);
        if (!queued && delivery_ == stream::Delivery::lossless) {
            return false;
        }
        if (!queued) {
            drop(step);
        }
        ++data_frames_;
        return true;
    }

    /// True when queued.
    template <class WritePayload>
    [[nodiscard]] bool answer(stream::Kind kind, WritePayload&& write) {
        return announce_gap() && queue(kind, write);
    }

    /// A frame that must not be lost although it counts as data, such as END: under the realtime
    /// policy it waits for room like an answer.
    template <class WritePayload>
    [[nodiscard]] bool closing(stream::Kind kind, WritePayload&& write) {
        if (delivery_ == stream::Delivery::lossless && data_frames_ >= credit_) {
            return false;
        }
        if (!answer(kind, write)) {
            return false;
        }
        ++data_frames_;
        return true;
    }

    // The same of a frame in frame_kinds.hpp; `add(payload)` writes what its struct does not hold.

    template <class Frame, class Add = stream::NothingAdded>
    [[nodiscard]] bool data(std::uint32_t step, const Frame& frame, Add add = {}) {
        return data(stream::kind_of<Frame>, step, writer_of(frame, add));
    }
    template <class Frame, class Add = stream::NothingAdded>
    [[nodiscard]] bool answer(const Frame& frame, Add add = {}) {
        return answer(stream::kind_of<Frame>, writer_of(frame, add));
    }
    template <class Frame, class Add = stream::NothingAdded>
    [[nodiscard]] bool closing(const Frame& frame, Add add = {}) {
        return closing(stream::kind_of<Frame>, writer_of(frame, add));
    }

    [[nodiscard]] std::uint32_t dropped() const { return dropped_; }

    // The line's side.
    [[nodiscard]] std::span<const std::uint8_t> unsent() const { return ring_.peek(); }
    void sent(std::size_t bytes) { ring_.release(bytes); }

private:
    template <class Frame, class Add>
    static auto writer_of(const Frame& frame, const Add& add) {
        return [&](stream::ByteWriter& payload) { stream::put_fields(payload, frame, add); };
    }

    template <class WritePayload>
    bool queue(stream::Kind kind, WritePayload&& write,
               typename Ring::Priority priority = Ring::Priority::ordinary) {
        stream::ByteWriter payload(payload_);
        write(payload);
        TINYMF_ASSERT(payload.ok());
        const auto slot = ring_.reserve(stream::wire_bound(payload.size()), priority);
        if (slot.empty()) {
            return false;
        }
        const stream::FrameHeader header{static_cast<std::uint8_t>(kind), stream::schema_id,
                                         sequence_};
        const std::size_t size = stream::encode_frame(slot, header, payload.written());
        TINYMF_ASSERT(size != 0);
        ring_.commit(size);
        ++sequence_;
        return true;
    }

    void drop(std::uint32_t step) {
        if (unannounced_ == 0) {
            first_unannounced_step_ = step;
        }
        ++unannounced_;
        ++dropped_;
        ++sequence_;
    }

    bool announce_gap() {
        if (unannounced_ == 0) {
            return true;
        }
        const bool queued = queue(stream::Kind::gap,
                                  writer_of(stream::GapFrame{.first_step = first_unannounced_step_,
                                                             .dropped_frames = unannounced_},
                                            stream::NothingAdded{}),
                                  Ring::Priority::urgent);
        if (queued) {
            unannounced_ = 0;
        }
        return queued;
    }

    Ring ring_;
    std::array<std::uint8_t, stream::largest_payload> payload_{};
    stream::Delivery delivery_ = stream::Delivery::lossless;
    std::uint32_t sequence_ = 0;
    std::uint32_t data_frames_ = 0;
    std::uint32_t credit_ = 0;
    std::uint32_t dropped_ = 0;
    std::uint32_t unannounced_ = 0;
    std::uint32_t first_unannounced_step_ = 0;
};

} // namespace tinymf::firmware
