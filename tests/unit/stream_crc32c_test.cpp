// SPDX-License-Identifier: Apache-2.0
#include "tinymf/stream/crc32c.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::stream {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

constexpr std::array<std::uint8_t, 9> check_input{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
static_assert(crc32c(check_input) == 0xE3069283U);

/// The definition, one bit at a time: the remainder of polynomial division.
std::uint32_t crc_by_division(std::span<const std::uint8_t> bytes) {
    std::uint32_t remainder = 0xFFFFFFFFU;
    for (const std::uint8_t byte : bytes) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            const std::uint32_t in = (byte >> bit) & 1U;
            const bool subtract = ((remainder ^ in) & 1U) != 0;
            remainder >>= 1U;
            if (subtract) {
                remainder ^= 0x82F63B78U;
            }
        }
    }
    return ~remainder;
}

// Known answers of RFC 3720 (iSCSI), appendix B.4.
TEST(Crc32c, GivesThePublishedAnswers) {
    EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0x00)), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::vector<std::uint8_t>(32, 0xFF)), 0x62A8AB43U);
    std::vector<std::uint8_t> ascending;
    for (std::uint8_t value = 0; value < 32; ++value) {
        ascending.push_back(value);
    }
    EXPECT_EQ(crc32c(ascending), 0x46DD794EU);
    EXPECT_EQ(crc32c(std::vector<std::uint8_t>(ascending.rbegin(), ascending.rend())), 0x113FDB5CU);
}

TEST(Crc32c, OfNothingIsZero) {
    EXPECT_EQ(crc32c({}), 0U);
}

TEST(Crc32c, AgreesWithPolynomialDivisionForEveryByteAtEveryPlace) {
    for (std::size_t place = 0; place < 4; ++place) {
        for (unsigned value = 0; value < 256; ++value) {
            std::array<std::uint8_t, 4> bytes{0x5A, 0x00, 0xFF, 0x31};
            bytes.at(place) = static_cast<std::uint8_t>(value);
            EXPECT_EQ(crc32c(bytes), crc_by_division(bytes));
        }
    }
}

TEST(Crc32c, DoesNotDependOnHowTheBytesArePieced) {
    const auto bytes = bytes_of("consistent overhead");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        Crc32c crc;
        crc.add(std::span(bytes).first(cut));
        crc.add(std::span(bytes).subspan(cut));
        EXPECT_EQ(crc.value(), crc32c(bytes));
    }
}

TEST(Crc32c, LeavesTheResidueAfterItsOwnBytes) {
    for (const std::string_view text : {"", "a", "123456789"}) {
        const auto bytes = bytes_of(text);
        Crc32c crc;
        crc.add(bytes);
        const std::uint32_t checksum = crc.value();
        for (unsigned shift = 0; shift < 32; shift += 8) {
            crc.add(static_cast<std::uint8_t>(checksum >> shift));
        }
        EXPECT_EQ(crc.value(), Crc32c::residue);
    }
}

} // namespace
} // namespace tinymf::stream
