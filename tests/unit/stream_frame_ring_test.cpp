// SPDX-License-Identifier: Apache-2.0
#include "tinymf/stream/frame_ring.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::stream {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <class Ring>
bool put(Ring& ring, const Bytes& frame,
         typename Ring::Priority priority = Ring::Priority::ordinary) {
    const std::span<std::uint8_t> slot = ring.reserve(frame.size(), priority);
    if (slot.empty()) {
        return false;
    }
    std::ranges::copy(frame, slot.begin());
    ring.commit(frame.size());
    return true;
}

template <class Ring>
Bytes take(Ring& ring, std::size_t most = Ring::capacity) {
    const auto readable = ring.peek();
    const auto taken = readable.first(std::min(most, readable.size()));
    Bytes bytes(taken.begin(), taken.end());
    ring.release(bytes.size());
    return bytes;
}

/// Leaves the ring empty with both indices at `position`.
template <class Ring>
void move_to(Ring& ring, std::size_t position) {
    for (std::size_t at = 0; at < position; ++at) {
        ASSERT_TRUE(put(ring, {0xEE}));
        take(ring);
    }
}

TEST(FrameRing, StartsEmpty) {
    FrameRing<16> ring;
    EXPECT_TRUE(ring.empty());
    EXPECT_TRUE(ring.peek().empty());
    EXPECT_EQ(ring.dropped(), 0U);
}

TEST(FrameRing, GivesBytesInOrder) {
    FrameRing<16> ring;
    EXPECT_TRUE(put(ring, {1, 2, 3}));
    EXPECT_TRUE(put(ring, {4, 5}));
    EXPECT_EQ(take(ring, 2), (Bytes{1, 2}));
    EXPECT_EQ(take(ring), (Bytes{3, 4, 5}));
    EXPECT_TRUE(ring.empty());
}

TEST(FrameRing, ShowsNothingBeforeTheCommit) {
    FrameRing<16> ring;
    const auto slot = ring.reserve(4);
    ASSERT_EQ(slot.size(), 4U);
    EXPECT_TRUE(ring.peek().empty());
    ring.commit(2);
    EXPECT_EQ(ring.peek().size(), 2U);
}

TEST(FrameRing, AReservationMayBeGivenUp) {
    FrameRing<16> ring;
    move_to(ring, 14);
    ASSERT_FALSE(ring.reserve(8).empty());
    ring.commit(0);
    EXPECT_TRUE(ring.peek().empty());
    EXPECT_TRUE(ring.empty());
    EXPECT_TRUE(put(ring, {1, 2}));
    EXPECT_EQ(take(ring), (Bytes{1, 2}));
}

TEST(FrameRing, DropsWholeFramesAndCountsThem) {
    FrameRing<8> ring;
    EXPECT_TRUE(put(ring, {1, 2, 3, 4, 5}));
    EXPECT_FALSE(put(ring, {6, 7, 8, 9}));
    EXPECT_FALSE(put(ring, {6, 7, 8, 9}));
    EXPECT_EQ(ring.dropped(), 2U);
    EXPECT_EQ(take(ring), (Bytes{1, 2, 3, 4, 5}));
    EXPECT_TRUE(put(ring, {6, 7, 8, 9}));
    EXPECT_EQ(ring.dropped(), 2U);
    EXPECT_EQ(take(ring), (Bytes{6, 7, 8, 9}));
}

TEST(FrameRing, KeepsAFrameTogetherAtTheTop) {
    FrameRing<10> ring;
    EXPECT_TRUE(put(ring, {1, 2, 3, 4, 5, 6}));
    take(ring, 5);
    EXPECT_TRUE(put(ring, {7, 8}));
    EXPECT_TRUE(put(ring, {9, 10, 11}));
    EXPECT_EQ(take(ring), (Bytes{6, 7, 8}));
    EXPECT_EQ(take(ring), (Bytes{9, 10, 11}));
    EXPECT_TRUE(ring.empty());
}

TEST(FrameRing, AlwaysFitsHoldsAtEveryPosition) {
    using Ring = FrameRing<33, 3>;
    static_assert(Ring::always_fits == 13);
    for (std::size_t position = 0; position <= 29; ++position) {
        Ring ring;
        move_to(ring, position);
        EXPECT_TRUE(put(ring, Bytes(Ring::always_fits, 7))) << position;
    }
}

TEST(FrameRing, AnUrgentFrameFitsWhateverWasPutBefore) {
    using Ring = FrameRing<40, 5>;
    for (std::size_t position = 0; position <= 34; ++position) {
        for (std::size_t size = 1; size <= 7; ++size) {
            for (std::size_t partly_sent = 0; partly_sent <= 8; ++partly_sent) {
                Ring ring;
                move_to(ring, position);
                put(ring, Bytes(size, 1));
                take(ring, partly_sent);
                while (put(ring, Bytes(size, 1))) {
                }
                EXPECT_TRUE(put(ring, Bytes(5, 2), Ring::Priority::urgent));
            }
        }
    }
}

constexpr unsigned queue_actions = 7;

/// Puts frames of 1..3 bytes or takes 1..4 bytes, one action a digit of `history`, and holds the
/// ring against a queue.
void replay(FrameRing<9>& ring, unsigned history, unsigned length) {
    Bytes waiting;
    std::uint8_t next = 0;
    for (unsigned step = 0; step < length; ++step, history /= queue_actions) {
        const unsigned action = history % queue_actions;
        if (action < 3) {
            Bytes frame(action + 1);
            std::ranges::generate(frame, [&next] { return next++; });
            if (put(ring, frame)) {
                waiting.insert(waiting.end(), frame.begin(), frame.end());
            }
        } else {
            const Bytes taken = take(ring, action - 2);
            ASSERT_TRUE(taken.size() <= waiting.size() && taken.empty() == waiting.empty());
            ASSERT_TRUE(std::equal(taken.begin(), taken.end(), waiting.begin()));
            waiting.erase(waiting.begin(),
                          waiting.begin() + static_cast<std::ptrdiff_t>(taken.size()));
        }
        ASSERT_EQ(ring.empty(), waiting.empty());
    }
}

TEST(FrameRing, AgreesWithAQueueOverEveryShortHistory) {
    constexpr unsigned length = 6;
    unsigned histories = 1;
    for (unsigned step = 0; step < length; ++step) {
        histories *= queue_actions;
    }
    for (std::size_t position = 0; position <= 9; ++position) {
        for (unsigned history = 0; history < histories && !HasFatalFailure(); ++history) {
            FrameRing<9> ring;
            move_to(ring, position);
            replay(ring, history, length);
        }
    }
}

TEST(FrameRingDeathTest, RefusesToBreakItsContract) {
    FrameRing<16> ring;
    EXPECT_DEATH(static_cast<void>(ring.reserve(17)), "assertion failed");
    EXPECT_DEATH(static_cast<void>(ring.reserve(0)), "assertion failed");
    EXPECT_DEATH(ring.commit(1), "assertion failed");
    EXPECT_DEATH(ring.release(1), "assertion failed");
    ASSERT_FALSE(ring.reserve(4).empty());
    ring.commit(3);
    EXPECT_DEATH(ring.commit(1), "assertion failed"); // a reservation is used once
    ASSERT_FALSE(ring.reserve(4).empty());
    ASSERT_TRUE(ring.reserve(16).empty());
    EXPECT_DEATH(ring.commit(1), "assertion failed"); // one without room took its place
}

} // namespace
} // namespace tinymf::stream
