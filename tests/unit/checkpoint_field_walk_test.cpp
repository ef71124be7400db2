// SPDX-License-Identifier: Apache-2.0
#include "tinymf/checkpoint/field_walk.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
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

TEST(FieldWalk, AFlagThatIsNeitherZeroNorOneIsFound) {
    for (const unsigned value : {0x00U, 0x01U, 0x02U, 0x80U, 0xFFU}) {
        const auto byte = static_cast<std::uint8_t>(value);
        bool flag = false;
        bool other = true;
        const std::array<std::uint8_t, 2> bytes{byte, 1};
        FieldWalk walk = FieldWalk::writing(0, bytes);
        EXPECT_TRUE(walk.sound());
        walk.over(flag);
        walk.over(other); // a sound one after it makes nothing good
        EXPECT_EQ(walk.sound(), value <= 1) << value;
    }
}

/// What judging says of some fields; it leaves them alone.
template <class Persist>
bool judged(Persist&& persist) {
    FieldWalk walk = FieldWalk::judging();
    persist(walk);
    return walk.sound();
}

TEST(FieldWalk, JudgesEveryNumberOfEveryField) {
    constexpr float none = std::numeric_limits<float>::quiet_NaN();
    constexpr double endless = -std::numeric_limits<double>::infinity();
    for (std::size_t wrong = 0; wrong <= 4; ++wrong) {
        std::array<float, 3> reals{1.0F, std::numeric_limits<float>::max(), 0.0F};
        double one = 1.0;
        std::uint32_t whole = 0xFFFFFFFF;
        if (wrong < 3) {
            reals[wrong] = none;
        } else if (wrong == 3) {
            one = endless;
        }
        EXPECT_EQ(judged([&](FieldWalk& walk) {
                      walk.over(std::span(reals));
                      walk.over(one);
                      walk.over(whole);
                  }),
                  wrong == 4)
            << wrong;
    }
}

TEST(FieldWalk, JudgesByWhatAFieldCanBe) {
    const auto small = [](std::uint16_t value) { return value < 10; };
    for (std::size_t wrong = 0; wrong <= 3; ++wrong) {
        std::array<std::uint16_t, 3> words{9, 9, 9};
        std::uint16_t last = 9;
        if (wrong < 3) {
            words[wrong] = 10;
        }
        EXPECT_EQ(judged([&](FieldWalk& walk) {
                      walk.over(std::span(words), small);
                      walk.over(last, small); // which makes nothing good
                  }),
                  wrong == 3)
            << wrong;
        last = 10;
        EXPECT_FALSE(judged([&](FieldWalk& walk) { walk.over(last, small); }));
    }
}

TEST(FieldWalk, JudgesOnlyWhenToldToAndMovesNothing) {
    float real = std::numeric_limits<float>::infinity();
    std::array<std::uint8_t, 4> bytes{0xEE, 0xEE, 0xEE, 0xEE};
    FieldWalk counting;
    counting.over(real);
    EXPECT_TRUE(counting.sound());
    FieldWalk reading = FieldWalk::reading(0, bytes);
    reading.over(real);
    EXPECT_TRUE(reading.sound());
    EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{0x00, 0x00, 0x80, 0x7F}));
    FieldWalk judging = FieldWalk::judging();
    judging.over(real);
    EXPECT_FALSE(judging.sound());
    EXPECT_EQ(judging.position(), 4U);
    EXPECT_EQ(real, std::numeric_limits<float>::infinity());
}

} // namespace
} // namespace tinymf::checkpoint
