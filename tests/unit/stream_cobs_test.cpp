// SPDX-License-Identifier: Apache-2.0
#include "tinymf/stream/cobs.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::stream {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes encode(const Bytes& data) {
    Bytes wire(cobs_bound(data.size()) + 1);
    CobsEncoder encoder(wire);
    encoder.add(data);
    wire.resize(encoder.finish());
    return wire;
}

/// The data of one wire frame; nothing when it is broken or its zero is missing.
std::optional<Bytes> decode(const Bytes& wire) {
    CobsDecoder decoder;
    Bytes data;
    for (const std::uint8_t byte : wire) {
        const CobsOutput output = decoder.feed(byte);
        switch (output.event) {
        case CobsOutput::Event::data:
            data.push_back(output.byte);
            break;
        case CobsOutput::Event::end:
            return data;
        case CobsOutput::Event::broken:
            return std::nullopt;
        case CobsOutput::Event::none:
            break;
        }
    }
    return std::nullopt;
}

Bytes counting(unsigned first, unsigned last) {
    Bytes bytes(last - first + 1);
    std::ranges::generate(bytes, [n = first]() mutable { return static_cast<std::uint8_t>(n++); });
    return bytes;
}

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

struct Vector {
    Bytes data;
    Bytes wire;
};

// Written out by hand from the definition of the code.
const std::vector<Vector> vectors{
    {{}, {1, 0}},
    {{0}, {1, 1, 0}},
    {{0, 0}, {1, 1, 1, 0}},
    {{0, 0x11, 0}, {1, 2, 0x11, 1, 0}},
    {{0x11, 0x22, 0, 0x33}, {3, 0x11, 0x22, 2, 0x33, 0}},
    {{0x11, 0x22, 0x33, 0x44}, {5, 0x11, 0x22, 0x33, 0x44, 0}},
    {{0x11, 0, 0, 0}, {2, 0x11, 1, 1, 1, 0}},
    {counting(1, 254), Bytes{0xFF} + counting(1, 254) + Bytes{0}},
    {Bytes{0} + counting(1, 254), Bytes{1, 0xFF} + counting(1, 254) + Bytes{0}},
    {counting(1, 255), Bytes{0xFF} + counting(1, 254) + Bytes{2, 255, 0}},
    {counting(2, 255) + Bytes{0}, Bytes{0xFF} + counting(2, 255) + Bytes{1, 1, 0}},
    {counting(3, 255) + Bytes{0, 1}, Bytes{0xFE} + counting(3, 255) + Bytes{2, 1, 0}},
};

TEST(Cobs, EncodesTheVectors) {
    for (const Vector& vector : vectors) {
        EXPECT_EQ(encode(vector.data), vector.wire);
    }
}

TEST(Cobs, DecodesTheVectors) {
    for (const Vector& vector : vectors) {
        EXPECT_EQ(decode(vector.wire), vector.data);
    }
}

TEST(Cobs, NeverWritesOutsideAndSaysWhenItDidNotFit) {
    for (const Vector& vector : vectors) {
        for (std::size_t room = 0; room < vector.wire.size(); ++room) {
            Bytes memory(vector.wire.size() + 4, 0xEE);
            CobsEncoder encoder{std::span(memory).first(room)};
            encoder.add(vector.data);
            EXPECT_EQ(encoder.finish(), 0U);
            for (std::size_t index = room; index < memory.size(); ++index) {
                EXPECT_EQ(memory[index], 0xEE);
            }
        }
    }
}

TEST(Cobs, BoundIsReachedAndNeverPassed) {
    for (std::size_t size = 0; size < 1200; ++size) {
        EXPECT_EQ(encode(Bytes(size, 0x7F)).size(), cobs_bound(size) + 1);
        EXPECT_EQ(encode(Bytes(size, 0x00)).size(), size + 2);
    }
}

TEST(Cobs, ACutFrameIsBrokenOrAShorterOneInGoodOrder) {
    for (const Vector& vector : vectors) {
        for (std::size_t left = 0; left + 1 < vector.wire.size(); ++left) {
            Bytes cut(vector.wire.begin(), vector.wire.begin() + static_cast<std::ptrdiff_t>(left));
            cut.push_back(0);
            const auto data = decode(cut);
            // A cut between blocks is a shorter frame in good order; the checksum is for those.
            if (data) {
                EXPECT_EQ(encode(*data), cut);
            }
        }
    }
}

TEST(Cobs, RefusesTheEmptyBlockThatNoEncoderWrites) {
    EXPECT_EQ(decode(Bytes{0xFF} + counting(1, 254) + Bytes{1, 0}), std::nullopt);
    EXPECT_NE(decode(Bytes{0xFF} + counting(1, 254) + Bytes{1, 1, 0}), std::nullopt);
}

TEST(Cobs, StartsAfreshAfterEveryZero) {
    CobsDecoder decoder;
    EXPECT_EQ(decoder.feed(9).event, CobsOutput::Event::none);
    EXPECT_EQ(decoder.feed(1).event, CobsOutput::Event::data);
    EXPECT_EQ(decoder.feed(0).event, CobsOutput::Event::broken);
    EXPECT_EQ(decoder.feed(0).event, CobsOutput::Event::broken);
    EXPECT_EQ(decoder.feed(2).event, CobsOutput::Event::none);
    EXPECT_EQ(decoder.feed(7).event, CobsOutput::Event::data);
    EXPECT_EQ(decoder.feed(0).event, CobsOutput::Event::end);
}

} // namespace
} // namespace tinymf::stream
