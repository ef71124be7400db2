// SPDX-License-Identifier: Apache-2.0
#include "tinymf/checkpoint/field_walk.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::checkpoint {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A field of each kind.
struct State {
    std::uint8_t count = 0;
    float real = 0.0F;
    std::array<std::uint16_t, 3> words{};
    bool flag = false;
    std::uint64_t sum = 0;

    void persist(FieldWalk& walk) {
        walk.over(count);
        walk.over(real);
        walk.over(std::span(words));
        walk.over(flag);
        walk.over(sum);
    }

    friend bool operator==(const State&, const State&) = default;
};

const State sample{0xA1, 1.5F, {0xB1B2, 0xC1C2, 0xD1D2}, true, 0x1112131415161718U};
// The same, little-endian; 1.5 is 0x3FC00000.
const Bytes image{0xA1, 0x00, 0x00, 0xC0, 0x3F, 0xB2, 0xB1, 0xC2, 0xC1, 0xD2,
                  0xD1, 0x01, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11};

std::ptrdiff_t offset(std::size_t index) {
    return static_cast<std::ptrdiff_t>(index);
}

/// `persist` over any part of the image; calls `check(first, last)` with each.
template <class Check>
void for_each_part(Check&& check) {
    for (std::size_t first = 0; first <= image.size(); ++first) {
        for (std::size_t last = first; last <= image.size(); ++last) {
            check(first, last);
        }
    }
}

TEST(FieldWalk, CountsTheBytesAndLeavesTheFieldsAlone) {
    State state = sample;
    FieldWalk walk;
    EXPECT_EQ(walk.position(), 0U);
    state.persist(walk);
    EXPECT_EQ(walk.position(), image.size());
    EXPECT_EQ(state, sample);
}

TEST(FieldWalk, AnyPartOfTheFieldsIsReadAndNothingElseWritten) {
    for_each_part([](std::size_t first, std::size_t last) {
        Bytes memory(last - first + 2, 0xEE);
        State state = sample;
        FieldWalk walk = FieldWalk::reading(first, std::span(memory).subspan(1, last - first));
        state.persist(walk);
        Bytes expected(memory.size(), 0xEE);
        std::copy(image.begin() + offset(first), image.begin() + offset(last),
                  expected.begin() + 1);
        ASSERT_EQ(memory, expected) << first << " to " << last;
        ASSERT_EQ(state, sample);
        ASSERT_EQ(walk.position(), image.size());
    });
}

TEST(FieldWalk, AnyPartOfTheFieldsIsWrittenAndTheRestKept) {
    for_each_part([](std::size_t first, std::size_t last) {
        State state;
        const auto part = std::span(image).subspan(first, last - first);
        FieldWalk walk = FieldWalk::writing(first, part);
        state.persist(walk);
        ASSERT_EQ(walk.position(), image.size());
        Bytes expected(image.size(), 0);
        std::copy(part.begin(), part.end(), expected.begin() + offset(first));
        Bytes now(image.size());
        FieldWalk back = FieldWalk::reading(0, now);
        state.persist(back);
        ASSERT_EQ(now, expected) << first << " to " << last;
    });
}

TEST(FieldWalk, WhatWasReadInPiecesMakesTheStateAgain) {
    for (std::size_t size = 1; size <= image.size(); ++size) {
        State copy;
        for (std::size_t first = 0; first < image.size(); first += size) {
            Bytes piece(std::min(size, image.size() - first));
            State original = sample;
            FieldWalk out = FieldWalk::reading(first, piece);
            original.persist(out);
            FieldWalk in = FieldWalk::writing(first, piece);
            copy.persist(in);
        }
        EXPECT_EQ(copy, sample) << "pieces of " << size;
    }
}

TEST(FieldWalk, AnyByteButZeroReadsAsTrue) {
    for (const std::uint8_t byte : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{0x80}}) {
        bool flag = byte == 0;
        FieldWalk walk = FieldWalk::writing(0, std::span(&byte, 1));
        walk.over(flag);
        EXPECT_EQ(flag, byte != 0);
    }
}

} // namespace
} // namespace tinymf::checkpoint
