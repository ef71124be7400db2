// SPDX-License-Identifier: Apache-2.0
#include "tinymf/stream/frame.hpp"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "whole_frame.hpp"

namespace tinymf::stream {
namespace {

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

/// COBS of arbitrary content, for frames that are wrong above that layer.
Bytes stuffed(const Bytes& data) {
    Bytes wire(cobs_bound(data.size()) + 1);
    CobsEncoder encoder(wire);
    encoder.add(data);
    wire.resize(encoder.finish());
    return wire;
}

const WholeFrame sample{{0x10, 1, 0x01020304}, {0xAA, 0x00, 0xBB}};

// The CRC of 10 01 04 03 02 01 AA 00 BB, computed by polynomial division outside this project.
TEST(Frame, HasThePublishedWireForm) {
    EXPECT_EQ(encode(sample), (Bytes{0x08, 0x10, 0x01, 0x04, 0x03, 0x02, 0x01, 0xAA, 0x06, 0xBB,
                                     0xDD, 0xC4, 0x28, 0x8D, 0x00}));
}

TEST(Frame, EveryPayloadLengthComesBack) {
    FrameDecoder decoder;
    for (std::size_t size = 0; size <= largest_payload; ++size) {
        WholeFrame frame{{0x20, 1, static_cast<std::uint32_t>(size)}, Bytes(size)};
        for (std::size_t index = 0; index < size; ++index) {
            frame.payload[index] = static_cast<std::uint8_t>(index * size);
        }
        const Bytes wire = encode(frame);
        ASSERT_FALSE(wire.empty());
        EXPECT_EQ(decode(decoder, wire), std::vector{frame});
    }
    EXPECT_EQ(decoder.counters().frames, largest_payload + 1);
    EXPECT_TRUE(decoder.counters().clean());
    EXPECT_EQ(decoder.counters().skipped_bytes, 0U);
}

TEST(Frame, PayloadMayComeInPieces) {
    Bytes wire(largest_wire_frame);
    FrameEncoder encoder(wire, sample.header);
    for (const std::uint8_t byte : sample.payload) {
        encoder.add({&byte, 1});
    }
    wire.resize(encoder.finish());
    EXPECT_EQ(wire, encode(sample));
}

TEST(Frame, EncoderRefusesTooLargeAPayload) {
    Bytes wire(2 * largest_wire_frame);
    const Bytes payload(largest_payload + 1, 1);
    EXPECT_EQ(encode_frame(wire, {}, std::span(payload).first(largest_payload)),
              largest_wire_frame);
    EXPECT_EQ(encode_frame(wire, {}, payload), 0U);
}

TEST(Frame, EncoderNeverWritesOutside) {
    const Bytes whole = encode(sample);
    for (std::size_t room = 0; room < whole.size(); ++room) {
        Bytes memory(whole.size() + 8, 0xEE);
        EXPECT_EQ(encode_frame(std::span(memory).first(room), sample.header, sample.payload), 0U);
        EXPECT_EQ(Bytes(memory.begin() + static_cast<std::ptrdiff_t>(room), memory.end()),
                  Bytes(memory.size() - room, 0xEE));
    }
}

TEST(FrameDecoder, CountsAWrongChecksum) {
    FrameDecoder decoder;
    Bytes wire = encode(sample);
    wire[1] ^= 0x40U;
    EXPECT_TRUE(decode(decoder, wire).empty());
    EXPECT_EQ(decoder.counters(), (FrameCounters{
                                      .crc_errors = 1,
                                      .skipped_bytes = static_cast<std::uint32_t>(wire.size()),
                                  }));
}

TEST(FrameDecoder, CountsABrokenBlock) {
    FrameDecoder decoder;
    EXPECT_TRUE(decode(decoder, Bytes{9, 1, 2, 0}).empty());
    EXPECT_EQ(decoder.counters(), (FrameCounters{.cobs_errors = 1, .skipped_bytes = 4}));
}

TEST(FrameDecoder, CountsFramesTooShortForAChecksum) {
    FrameDecoder decoder;
    for (std::size_t size = 0; size < frame_header_size + frame_checksum_size; ++size) {
        EXPECT_TRUE(decode(decoder, stuffed(Bytes(size, 1))).empty());
    }
    EXPECT_EQ(decoder.counters().undersize, frame_header_size + frame_checksum_size);
    EXPECT_EQ(decoder.counters().crc_errors, 0U);
}

TEST(FrameDecoder, CountsOneOversizeHoweverLong) {
    FrameDecoder decoder;
    EXPECT_TRUE(decode(decoder, stuffed(Bytes(largest_frame, 1))).empty());
    EXPECT_EQ(decoder.counters().crc_errors, 1U);
    EXPECT_TRUE(decode(decoder, stuffed(Bytes(largest_frame + 1, 1))).empty());
    EXPECT_TRUE(decode(decoder, stuffed(Bytes(100'000, 1))).empty());
    EXPECT_EQ(decoder.counters().oversize, 2U);
    EXPECT_EQ(decode(decoder, encode(sample)), std::vector{sample});
}

TEST(FrameCounters, AreCleanUntilAFrameIsRefusedForAnyReason) {
    EXPECT_TRUE(FrameCounters{}.clean());
    EXPECT_TRUE((FrameCounters{.frames = 7, .skipped_bytes = 0, .idle_zeros = 3}.clean()));
    for (auto counter : {&FrameCounters::crc_errors, &FrameCounters::cobs_errors,
                         &FrameCounters::oversize, &FrameCounters::undersize}) {
        FrameCounters counters{.frames = 7};
        counters.*counter = 1;
        EXPECT_FALSE(counters.clean());
    }
}

TEST(FrameDecoder, ZerosBetweenFramesAreNoError) {
    FrameDecoder decoder;
    EXPECT_EQ(decode(decoder, Bytes{0, 0} + encode(sample) + Bytes{0} + encode(sample)),
              (std::vector{sample, sample}));
    EXPECT_TRUE(decoder.counters().clean());
    EXPECT_EQ(decoder.counters().idle_zeros, 3U);
}

TEST(FrameDecoder, ResynchronisesAtTheNextZero) {
    FrameDecoder decoder;
    EXPECT_EQ(decode(decoder, Bytes{5, 6, 7, 0} + encode(sample)), std::vector{sample});
    EXPECT_EQ(decoder.counters().frames, 1U);
    EXPECT_EQ(decoder.counters().skipped_bytes, 4U);
}

TEST(FrameDecoder, TellsHowMuchOfAFrameIsPending) {
    FrameDecoder decoder;
    const Bytes wire = encode(sample);
    EXPECT_EQ(decoder.pending_bytes(), 0U);
    decode(decoder, Bytes(wire.begin(), wire.begin() + 5));
    EXPECT_EQ(decoder.pending_bytes(), 5U);
    EXPECT_EQ(decode(decoder, Bytes(wire.begin() + 5, wire.end())), std::vector{sample});
    EXPECT_EQ(decoder.pending_bytes(), 0U);
}

} // namespace
} // namespace tinymf::stream
