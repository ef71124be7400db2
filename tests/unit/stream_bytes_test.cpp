// SPDX-License-Identifier: Apache-2.0
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::stream {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes copy(std::span<const std::uint8_t> bytes) {
    return {bytes.begin(), bytes.end()};
}

TEST(ByteWriter, WritesEachWidthLittleEndian) {
    std::array<std::uint8_t, 64> memory{};
    ByteWriter writer(memory);
    writer.put(std::uint8_t{0xA1});
    writer.put(std::uint16_t{0xB1B2});
    writer.put(std::uint32_t{0xC1C2C3C4});
    writer.put(std::uint64_t{0xD1D2D3D4D5D6D7D8});
    writer.put(1.5F);  // 0x3FC00000
    writer.put(-2.25); // 0xC002000000000000
    writer.put(std::string_view("hi"));
    writer.put(std::span<const std::uint8_t>(Bytes{7, 8}));
    EXPECT_TRUE(writer.ok());
    EXPECT_FALSE(writer.overflow());
    EXPECT_FALSE(writer.non_finite());
    EXPECT_EQ(copy(writer.written()),
              (Bytes{0xA1, 0xB2, 0xB1, 0xC4, 0xC3, 0xC2, 0xC1, 0xD8, 0xD7, 0xD6, 0xD5,
                     0xD4, 0xD3, 0xD2, 0xD1, 0x00, 0x00, 0xC0, 0x3F, 0x00, 0x00, 0x00,
                     0x00, 0x00, 0x00, 0x02, 0xC0, 0x02, 'h',  'i',  7,    8}));
}

TEST(ByteReader, ReadsWhatWasWritten) {
    std::array<std::uint8_t, 64> memory{};
    ByteWriter writer(memory);
    writer.put(std::uint8_t{0xA1});
    writer.put(std::uint16_t{0xB1B2});
    writer.put(std::uint32_t{0xC1C2C3C4});
    writer.put(std::uint64_t{0xD1D2D3D4D5D6D7D8});
    writer.put(1.5F);
    writer.put(-2.25);
    writer.put(std::string_view("hi"));
    ByteReader reader(writer.written());
    EXPECT_EQ(reader.get<std::uint8_t>(), 0xA1U);
    EXPECT_EQ(reader.get<std::uint16_t>(), 0xB1B2U);
    EXPECT_EQ(reader.get<std::uint32_t>(), 0xC1C2C3C4U);
    EXPECT_EQ(reader.get<std::uint64_t>(), 0xD1D2D3D4D5D6D7D8U);
    EXPECT_EQ(reader.get<float>(), 1.5F);
    EXPECT_EQ(reader.get<double>(), -2.25);
    EXPECT_FALSE(reader.finished());
    EXPECT_EQ(reader.get_text(), "hi");
    EXPECT_TRUE(reader.finished());
}

TEST(ByteWriter, StopsAtTheEndAndStaysStopped) {
    for (std::size_t room = 0; room < 15; ++room) {
        std::array<std::uint8_t, 16> memory{};
        memory.fill(0xEE);
        ByteWriter writer{std::span(memory).first(room)};
        writer.put(std::uint64_t{0});
        writer.put(std::uint32_t{0});
        writer.put(std::uint16_t{0});
        writer.put(std::uint8_t{0});
        EXPECT_FALSE(writer.ok());
        EXPECT_TRUE(writer.overflow());
        const std::size_t written = writer.size();
        writer.put(std::uint8_t{0});
        EXPECT_EQ(writer.size(), written);
        for (std::size_t index = written; index < memory.size(); ++index) {
            EXPECT_EQ(memory.at(index), 0xEE);
        }
    }
}

TEST(ByteWriter, RefusesTextLongerThanItsLengthByte) {
    std::array<std::uint8_t, 400> memory{};
    ByteWriter longest(memory);
    longest.put(std::string_view(std::string(255, 'x')));
    EXPECT_TRUE(longest.ok());
    EXPECT_EQ(longest.size(), 256U);
    ByteWriter too_long(memory);
    too_long.put(std::string_view(std::string(256, 'x')));
    EXPECT_TRUE(too_long.overflow());
    EXPECT_EQ(too_long.size(), 0U);
}

TEST(ByteWriter, TextThatDoesNotFitLeavesTheMemoryAsItWas) {
    std::array<std::uint8_t, 4> memory{};
    memory.fill(0xEE);
    ByteWriter exact{std::span(memory).first(3)};
    exact.put(std::string_view("ab"));
    EXPECT_TRUE(exact.ok());
    EXPECT_EQ(memory, (std::array<std::uint8_t, 4>{2, 'a', 'b', 0xEE}));
    memory.fill(0xEE);
    ByteWriter one_short{std::span(memory).first(2)};
    one_short.put(std::string_view("ab"));
    EXPECT_TRUE(one_short.overflow());
    EXPECT_EQ(one_short.size(), 0U);
    EXPECT_EQ(memory, (std::array<std::uint8_t, 4>{0xEE, 0xEE, 0xEE, 0xEE}));
}

TEST(ByteWriter, BytesThatDoNotFitLeaveTheMemoryAsItWas) {
    const std::array<std::uint8_t, 3> bytes{1, 2, 3};
    std::array<std::uint8_t, 4> memory{};
    memory.fill(0xEE);
    ByteWriter exact{std::span(memory).first(3)};
    exact.put(std::span<const std::uint8_t>(bytes));
    EXPECT_TRUE(exact.ok());
    EXPECT_EQ(memory, (std::array<std::uint8_t, 4>{1, 2, 3, 0xEE}));
    memory.fill(0xEE);
    ByteWriter one_short{std::span(memory).first(2)};
    one_short.put(std::span<const std::uint8_t>(bytes));
    EXPECT_TRUE(one_short.overflow());
    EXPECT_EQ(one_short.size(), 0U);
    EXPECT_EQ(memory, (std::array<std::uint8_t, 4>{0xEE, 0xEE, 0xEE, 0xEE}));
}

TEST(ByteWriter, ANumberThatIsNotFiniteIsNotCalledALackOfRoom) {
    std::array<std::uint8_t, 16> memory{};
    ByteWriter writer(memory);
    writer.put(std::numeric_limits<float>::infinity());
    writer.put(std::string_view("ab"));
    EXPECT_TRUE(writer.non_finite());
    EXPECT_FALSE(writer.overflow());
    EXPECT_EQ(writer.size(), 0U);
}

TEST(ByteWriter, ReservesJustWhatIsLeft) {
    std::array<std::uint8_t, 6> memory{};
    ByteWriter writer(memory);
    writer.put(std::uint16_t{0x0201});
    EXPECT_EQ(writer.room(), 4U);
    EXPECT_TRUE(ByteWriter(writer).reserve(5).empty());
    const auto slot = writer.reserve(4);
    ASSERT_EQ(slot.size(), 4U);
    EXPECT_EQ(slot.data(), memory.data() + 2);
    EXPECT_EQ(writer.size(), 6U);
    EXPECT_EQ(writer.room(), 0U);
    EXPECT_TRUE(writer.ok());
}

TEST(ByteReader, KnowsItsPlaceAndWhatIsLeft) {
    const Bytes bytes{1, 2, 3, 4, 5};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.position(), 0U);
    EXPECT_EQ(reader.remaining(), 5U);
    EXPECT_EQ(reader.get<std::uint16_t>(), 0x0201U);
    EXPECT_EQ(reader.position(), 2U);
    EXPECT_EQ(reader.remaining(), 3U);
    EXPECT_EQ(copy(reader.get_bytes(3)), (Bytes{3, 4, 5}));
    EXPECT_EQ(reader.position(), 5U);
    EXPECT_TRUE(reader.finished());
    EXPECT_FALSE(reader.truncated());
    EXPECT_FALSE(reader.non_finite());
}

TEST(ByteReader, StopsAtTheEndAndReadsZeroFromThenOn) {
    const Bytes bytes{1, 2, 3};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.get<std::uint16_t>(), 0x0201U);
    EXPECT_EQ(reader.get<std::uint32_t>(), 0U);
    EXPECT_TRUE(reader.truncated());
    EXPECT_EQ(reader.get<std::uint8_t>(), 0U);
    EXPECT_TRUE(reader.get_bytes(1).empty());
    EXPECT_FALSE(reader.finished());
}

TEST(ByteReader, RefusesTextPastTheEnd) {
    const Bytes bytes{4, 'a', 'b', 'c'};
    ByteReader reader(bytes);
    EXPECT_EQ(reader.get_text(), "");
    EXPECT_TRUE(reader.truncated());
}

template <class Real>
class RealsOnTheWire : public testing::Test {};
using Reals = testing::Types<float, double>;
TYPED_TEST_SUITE(RealsOnTheWire, Reals);

TYPED_TEST(RealsOnTheWire, KeepTheBitsOfEveryNumberButMinusZero) {
    using Limits = std::numeric_limits<TypeParam>;
    for (const TypeParam value :
         {TypeParam{0}, TypeParam{1}, TypeParam{-1}, Limits::min(), Limits::max(), Limits::lowest(),
          Limits::denorm_min(), -Limits::denorm_min(), Limits::epsilon()}) {
        std::array<std::uint8_t, sizeof(TypeParam)> memory{};
        ByteWriter writer(memory);
        writer.put(value);
        EXPECT_TRUE(writer.ok());
        EXPECT_EQ((std::bit_cast<std::array<std::uint8_t, sizeof(TypeParam)>>(value)), memory);
        ByteReader reader(memory);
        EXPECT_EQ(reader.get<TypeParam>(), value);
        EXPECT_TRUE(reader.finished());
    }
}

TYPED_TEST(RealsOnTheWire, MinusZeroTravelsAsPlusZero) {
    std::array<std::uint8_t, sizeof(TypeParam)> memory{};
    ByteWriter writer(memory);
    writer.put(-TypeParam{0});
    EXPECT_EQ(memory, decltype(memory){});
    memory.back() = 0x80;
    ByteReader reader(memory);
    EXPECT_FALSE(std::signbit(reader.get<TypeParam>()));
    EXPECT_TRUE(reader.finished());
}

TYPED_TEST(RealsOnTheWire, NanAndInfinityAreRefusedOnBothSides) {
    using Limits = std::numeric_limits<TypeParam>;
    for (const TypeParam value : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
                                  -Limits::quiet_NaN(), Limits::signaling_NaN()}) {
        std::array<std::uint8_t, sizeof(TypeParam) + 1> memory{};
        ByteWriter writer(memory);
        writer.put(value);
        EXPECT_TRUE(writer.non_finite());
        EXPECT_FALSE(writer.ok());
        EXPECT_EQ(writer.size(), 0U);
        writer.put(std::uint8_t{1});
        EXPECT_EQ(writer.size(), 0U);

        const auto bits = std::bit_cast<std::array<std::uint8_t, sizeof(TypeParam)>>(value);
        ByteReader reader(bits);
        EXPECT_EQ(reader.get<TypeParam>(), TypeParam{0});
        EXPECT_TRUE(reader.non_finite());
        EXPECT_FALSE(reader.finished());
    }
}

} // namespace
} // namespace tinymf::stream
