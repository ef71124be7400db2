// SPDX-License-Identifier: Apache-2.0
// Producer and consumer as two real threads, built with the thread sanitizer.
#include "tinymf/stream/frame.hpp"
#include "tinymf/stream/frame_ring.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tinymf/random/philox.hpp"

namespace tinymf::stream {
namespace {

using Ring = FrameRing<2 * largest_wire_frame + 64>;

constexpr std::uint32_t frames_offered = 1'000'000;

std::uint32_t draw(std::uint32_t index, std::uint32_t stream) {
    return random::philox4x32({index, 0, 0, 0}, {stream, 7})[0];
}

/// Payload lengths spread over 0..63 so that frames meet the top of the ring at every offset.
void offer_frames(Ring& ring, std::atomic<bool>& finished) {
    std::array<std::uint8_t, 64> payload{};
    for (std::uint32_t sequence = 0; sequence < frames_offered; ++sequence) {
        const std::uint32_t drawn = draw(sequence, 0);
        const std::size_t size = drawn % payload.size();
        payload.fill(static_cast<std::uint8_t>(drawn >> 8U));
        const auto slot = ring.reserve(wire_bound(size));
        if (slot.empty()) {
            std::this_thread::yield();
            continue;
        }
        ring.commit(encode_frame(slot, {1, 1, sequence}, std::span(payload).first(size)));
    }
    finished.store(true, std::memory_order_release);
}

struct Received {
    std::uint32_t frames = 0;
    std::uint32_t missing = 0;
    std::uint32_t wrong = 0;
};

Received receive_frames(Ring& ring, const std::atomic<bool>& finished) {
    FrameDecoder decoder;
    Received received;
    std::uint32_t expected = 0;
    std::uint32_t take = 0;
    for (;;) {
        const bool last_look = finished.load(std::memory_order_acquire);
        const auto readable = ring.peek();
        if (readable.empty()) {
            if (last_look) {
                break;
            }
            std::this_thread::yield();
            continue;
        }
        const auto bytes =
            readable.first(std::min<std::size_t>(1 + draw(take++, 1) % 97, readable.size()));
        decoder.feed(bytes, [&](const FrameView& frame) {
            const std::uint32_t drawn = draw(frame.header.sequence, 0);
            bool right = frame.header.sequence >= expected && frame.payload.size() == drawn % 64;
            for (const std::uint8_t byte : frame.payload) {
                right &= byte == static_cast<std::uint8_t>(drawn >> 8U);
            }
            received.wrong += right ? 0 : 1;
            received.missing += frame.header.sequence - expected;
            expected = frame.header.sequence + 1;
            ++received.frames;
        });
        ring.release(bytes.size());
    }
    received.missing += frames_offered - expected;
    received.wrong += decoder.counters().clean() && decoder.pending_bytes() == 0 ? 0 : 1;
    return received;
}

TEST(FrameRingRace, EveryFrameArrivesWholeOrIsCounted) {
    const auto ring = std::make_unique<Ring>();
    std::atomic<bool> finished = false;
    std::thread producer(offer_frames, std::ref(*ring), std::ref(finished));
    const Received received = receive_frames(*ring, finished);
    producer.join();
    EXPECT_EQ(received.wrong, 0U);
    EXPECT_EQ(received.missing, ring->dropped());
    EXPECT_EQ(received.frames + received.missing, frames_offered);
    EXPECT_GT(received.frames, frames_offered / 100);
    EXPECT_GT(received.missing, 0U) << "the ring was never full: the test proves too little";
}

} // namespace
} // namespace tinymf::stream
