// SPDX-License-Identifier: Apache-2.0
#include "tinymf/random/known_answers.hpp"
#include "tinymf/random/philox.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace {

using namespace tinymf::random;

TEST(Philox, GivesPublishedAnswersAtRunTime) {
    for (const PhiloxKnownAnswer& answer : philox_known_answers) {
        volatile std::uint32_t opaque = answer.counter[0];
        PhiloxCounter counter = answer.counter;
        counter[0] = opaque;
        EXPECT_EQ(philox4x32(counter, answer.key), answer.block);
    }
}

TEST(Philox, KnownAnswerCheckFindsOneWrongBit) {
    for (std::size_t row = 0; row < philox_known_answers.size(); ++row) {
        for (std::size_t word = 0; word < 4; ++word) {
            auto answers = philox_known_answers;
            answers[row].block[word] ^= 0x00010000U;
            EXPECT_FALSE(gives_known_answers(answers));
        }
    }
}

/// Each of the 192 input bits flips 64 of 128 output bits on average. Over 100 inputs a mean has
/// standard deviation sqrt(32)/10 = 0.57; the bound is 6.2 of them, and the chance that any of 192
/// means leaves it is below 1e-6.
TEST(Philox, EveryInputBitReachesTheWholeBlock) {
    constexpr int inputs = 100;
    for (std::size_t bit = 0; bit < 192; ++bit) {
        int flipped = 0;
        for (std::uint32_t input = 0; input < inputs; ++input) {
            PhiloxCounter counter{input, 17U, 3U, 0U};
            PhiloxKey key{12345U, 0U};
            const PhiloxBlock before = philox4x32(counter, key);
            std::uint32_t& word = bit < 128 ? counter[bit / 32] : key[(bit - 128) / 32];
            word ^= 1U << (bit % 32);
            const PhiloxBlock after = philox4x32(counter, key);
            for (std::size_t i = 0; i < 4; ++i) {
                flipped += std::popcount(before[i] ^ after[i]);
            }
        }
        EXPECT_NEAR(static_cast<double>(flipped) / inputs, 64.0, 3.5) << "input bit " << bit;
    }
}

} // namespace
