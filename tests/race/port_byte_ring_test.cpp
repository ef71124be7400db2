// SPDX-License-Identifier: Apache-2.0
// An interrupt handler and the main loop as two real threads, built with the thread sanitizer.
#include "port/byte_ring.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <thread>

#include <gtest/gtest.h>

#include "tinymf/random/philox.hpp"

namespace tinymf::firmware {
namespace {

constexpr std::size_t capacity = 256;
constexpr std::uint32_t largest_block = 300; ///< more than the ring holds
using Ring = ByteRing<capacity>;

constexpr std::uint32_t bytes_sent = 1'000'000;

std::uint32_t draw(std::uint32_t index, std::uint32_t stream) {
    return random::philox4x32({index, 0, 0, 0}, {stream, 11})[0];
}

/// The byte at each place of the stream: no period that divides the capacity.
std::uint8_t byte_at(std::uint32_t index) {
    return static_cast<std::uint8_t>(index % 251);
}

struct Side {
    std::uint32_t halts = 0;  ///< times the ring was full, or empty
    std::uint32_t blocks = 0; ///< of several bytes, moved in one call
    std::uint32_t wrong = 0;  ///< bytes that were not the next one, sizes that cannot be
};

/// Single bytes and blocks in turn.
Side produce(Ring& ring) {
    Side side;
    std::array<std::uint8_t, largest_block> block{};
    std::uint32_t sent = 0;
    for (std::uint32_t turn = 0; sent < bytes_sent; ++turn) {
        const std::uint32_t asked = std::min<std::uint32_t>(
            draw(turn, 0) % 4 == 0 ? 1 + draw(turn, 1) % largest_block : 1, bytes_sent - sent);
        std::size_t taken = 0;
        if (asked == 1) {
            taken = ring.push(byte_at(sent)) ? 1 : 0;
        } else {
            for (std::uint32_t i = 0; i < asked; ++i) {
                block[i] = byte_at(sent + i);
            }
            taken = ring.push(std::span(block).first(asked));
            side.blocks += taken > 1 ? 1 : 0;
        }
        sent += static_cast<std::uint32_t>(taken);
        side.wrong += ring.size() > capacity ? 1 : 0;
        if (taken == 0) {
            ++side.halts;
            std::this_thread::yield();
        }
    }
    return side;
}

Side consume(Ring& ring) {
    Side side;
    std::array<std::uint8_t, largest_block> block{};
    std::uint32_t received = 0;
    for (std::uint32_t turn = 0; received < bytes_sent; ++turn) {
        const std::uint32_t asked = draw(turn, 2) % 4 == 0 ? 1 + draw(turn, 3) % largest_block : 1;
        const std::size_t taken =
            asked == 1 ? (ring.pop(block[0]) ? 1U : 0U) : ring.pop(std::span(block).first(asked));
        side.blocks += taken > 1 ? 1 : 0;
        for (std::size_t i = 0; i < taken; ++i) {
            side.wrong += block[i] == byte_at(received++) ? 0 : 1;
        }
        side.wrong += ring.size() > capacity ? 1 : 0;
        if (taken == 0) {
            ++side.halts;
            std::this_thread::yield();
        }
    }
    return side;
}

TEST(ByteRingRace, EveryByteArrivesOnceAndInOrder) {
    const auto ring = std::make_unique<Ring>();
    Side producer;
    std::thread thread([&] { producer = produce(*ring); });
    const Side consumer = consume(*ring);
    thread.join();
    EXPECT_EQ(consumer.wrong, 0U);
    EXPECT_EQ(producer.wrong, 0U);
    EXPECT_TRUE(ring->empty());
    std::printf("%u bytes; full %u times, empty %u times; blocks: %u in, %u out\n", bytes_sent,
                producer.halts, consumer.halts, producer.blocks, consumer.blocks);
    EXPECT_GT(producer.halts, 0U) << "the ring was never full: the test proves too little";
    EXPECT_GT(consumer.halts, 0U) << "the ring was never empty: the test proves too little";
    EXPECT_GT(producer.blocks, 1000U);
    EXPECT_GT(consumer.blocks, 1000U);
}

} // namespace
} // namespace tinymf::firmware
