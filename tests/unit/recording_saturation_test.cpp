// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <gtest/gtest.h>

#include "recording/frame_contents.hpp"

namespace tinymf::host {
namespace {

constexpr std::array<std::uint8_t, 12> told{0x02, 0, 0, 0, 0x01, 0, 0, 0, 0x2A, 0, 0, 0};

TEST(RecordedSaturation, IsACountAndItsFirstStep) {
    EXPECT_EQ(read_saturation(told), (stream::SaturationFrame{0x1'0000'0002U, 42}));
}

TEST(RecordedSaturation, OfNothingIsNotTold) {
    std::array<std::uint8_t, 12> none{};
    EXPECT_FALSE(read_saturation(none));
    none[0] = 1;
    EXPECT_EQ(read_saturation(none), (stream::SaturationFrame{1, 0}));
}

TEST(RecordedSaturation, HasOneLength) {
    EXPECT_FALSE(read_saturation(std::span(told).first(11)));
    std::array<std::uint8_t, 13> longer{};
    std::copy(told.begin(), told.end(), longer.begin());
    EXPECT_FALSE(read_saturation(longer));
}

} // namespace
} // namespace tinymf::host
