// SPDX-License-Identifier: Apache-2.0
#include "tinymf/random/normal_batch.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "tinymf/random/normal.hpp"
#include "tinymf/random/stream.hpp"
#include "tinymf/random/uniform.hpp"

namespace tinymf::random {
namespace {

/// Every power of two and its neighbours, both ends, and a stride through all words that is odd, so
/// that it meets all residues.
template <class Check>
void for_many_words(Check check) {
    for (unsigned bit = 0; bit < 32; ++bit) {
        const std::uint32_t power = 1U << bit;
        for (const std::uint32_t word : {power - 1, power, power + 1, ~power, ~power - 1}) {
            check(word);
        }
    }
    constexpr std::uint32_t stride = 2029;
    for (std::uint32_t i = 0; i < 0xFFFFFFFFU / stride; ++i) {
        check(i * stride);
    }
}

TEST(NormalBatch, UniformsAreThoseOfSingleWords) {
    for_many_words([](std::uint32_t word) {
        const std::uint32_t bits = word >> 1U;
        ASSERT_EQ(detail::uniform_of_lower_half(bits), uniform<float>(bits)) << bits;
    });
}

TEST(NormalBatch, ExponentialsAreThoseOfSingleWords) {
    for_many_words([](std::uint32_t bits) {
        ASSERT_EQ(detail::exponential_of_either_half(bits), exponential<float>(bits)) << bits;
    });
}

TEST(NormalBatch, BlocksAreThoseOfSingleCounters) {
    const PhiloxCounter counter{0xFFFFFFF0U, 7U, 8U | 3U << 16U, 0U};
    const PhiloxKey key{58U, 1U};
    const PhiloxBatch batch = philox4x32_batch(counter, key);
    for (std::uint32_t i = 0; i < numeric::batch_size; ++i) {
        const PhiloxBlock block =
            philox4x32({counter[0] + i, counter[1], counter[2], counter[3]}, key);
        for (std::size_t w = 0; w < block.size(); ++w) {
            ASSERT_EQ(batch[w][i], block[w]) << i << ' ' << w;
        }
    }
}

/// The word's pattern too: a normal may be a negative zero.
TEST(NormalBatch, FillingIsDrawingOneByOne) {
    const NormalStream<float> stream(58, Purpose::path_noise, 3);
    for (const std::size_t count : {1U, 127U, 128U, 129U, 4 * 128U + 77U}) {
        std::vector<float> filled(count);
        stream.fill(filled, 7);
        for (std::uint32_t i = 0; i < count; ++i) {
            ASSERT_EQ(std::bit_cast<std::uint32_t>(filled[i]),
                      std::bit_cast<std::uint32_t>(stream.at(7, i)))
                << i << " of " << count;
        }
    }
}

} // namespace
} // namespace tinymf::random
