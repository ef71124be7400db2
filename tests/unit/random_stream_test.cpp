// SPDX-License-Identifier: Apache-2.0
#include "tinymf/random/stream.hpp"

#include "tinymf/observe/digest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

namespace {

using namespace tinymf;
using random::BlockStream;
using random::NormalStream;
using random::Purpose;
using random::UniformStream;

constexpr std::array purposes{Purpose::coupling,    Purpose::sign_coupling, Purpose::initial,
                              Purpose::white_noise, Purpose::colored_noise, Purpose::static_noise,
                              Purpose::tangent};

struct Index {
    Purpose purpose;
    std::uint32_t replica;
    std::uint32_t step;
    std::uint32_t block;

    friend bool operator==(const Index&, const Index&) = default;
};

/// Every corner of the index box and values next to them.
std::vector<Index> index_box() {
    std::vector<Index> box;
    constexpr std::array<std::uint32_t, 7> words{0U,       1U,          2U,         0xFFFFU,
                                                 0x10000U, 0xFFFFFFFEU, 0xFFFFFFFFU};
    for (const Purpose purpose : purposes) {
        for (const std::uint32_t replica : {0U, 1U, 2U, 0x7FFFU, 0xFFFFU}) {
            for (const std::uint32_t step : words) {
                for (const std::uint32_t block : words) {
                    box.push_back({purpose, replica, step, block});
                }
            }
        }
    }
    return box;
}

/// A counter decodes to the index it was made from: the map is one to one, and Philox is a
/// bijection of counters, so no two blocks of a seed coincide.
TEST(Stream, CountersAreUniqueOverTheIndexBox) {
    std::set<random::PhiloxCounter> seen;
    for (const Index& index : index_box()) {
        const random::PhiloxCounter counter =
            BlockStream(99, index.purpose, index.replica).counter(index.step, index.block);
        const Index decoded{static_cast<Purpose>(counter[2] & 0xFFFFU), counter[2] >> 16U,
                            counter[1], counter[0]};
        EXPECT_TRUE(decoded == index);
        seen.insert(counter);
    }
    EXPECT_EQ(seen.size(), index_box().size());
}

TEST(Stream, SeedIsTheWholeKey) {
    std::set<random::PhiloxBlock> blocks;
    for (int bit = 0; bit < 64; ++bit) {
        blocks.insert(BlockStream(std::uint64_t{1} << bit, Purpose::initial).block(0, 0));
    }
    EXPECT_EQ(blocks.size(), 64U);
}

TEST(StreamDeathTest, RefusesReplicasThatWouldCollide) {
    EXPECT_DEATH(BlockStream(1, Purpose::initial, 0x10000U), "replica");
}

template <class T>
class StreamOf : public ::testing::Test {};
using Scalars = ::testing::Types<float, double>;
TYPED_TEST_SUITE(StreamOf, Scalars);

TYPED_TEST(StreamOf, AnElementDoesNotDependOnHowItIsAskedFor) {
    const NormalStream<TypeParam> stream(7, Purpose::white_noise, 1);
    std::array<TypeParam, 23> all{};
    stream.fill(all, 5);
    for (std::size_t length = 0; length <= all.size(); ++length) {
        std::vector<TypeParam> some(length, TypeParam(99));
        stream.fill(some, 5);
        for (std::size_t i = 0; i < length; ++i) {
            EXPECT_EQ(some[i], all[i]);
            EXPECT_EQ(stream.at(5, static_cast<std::uint32_t>(i)), all[i]);
        }
    }
}

TYPED_TEST(StreamOf, SeedPurposeReplicaAndStepAllMatter) {
    const TypeParam reference = NormalStream<TypeParam>(7, Purpose::initial, 1).at(5, 3);
    EXPECT_NE(NormalStream<TypeParam>(8, Purpose::initial, 1).at(5, 3), reference);
    EXPECT_NE(NormalStream<TypeParam>(7, Purpose::tangent, 1).at(5, 3), reference);
    EXPECT_NE(NormalStream<TypeParam>(7, Purpose::initial, 0).at(5, 3), reference);
    EXPECT_NE(NormalStream<TypeParam>(7, Purpose::initial, 1).at(6, 3), reference);
    EXPECT_NE(NormalStream<TypeParam>(7, Purpose::initial, 1).at(5, 4), reference);
}

/// Products of independent normals have mean 0 and variance 1; of their squares less 1, variance 4.
/// The bound of 5.5 standard errors is left with probability 4e-8; 12 such checks per scalar.
TYPED_TEST(StreamOf, StreamsAreIndependent) {
    constexpr std::size_t count = 400'000;
    using Stream = NormalStream<TypeParam>;
    const auto draw = [](const Stream& stream, std::uint32_t step) {
        std::vector<TypeParam> values(count + 2);
        stream.fill(values, step);
        return values;
    };
    const auto reference = draw(Stream(11, Purpose::white_noise, 0), 100);
    const auto expect_independent = [&](const std::vector<TypeParam>& other, std::size_t lag,
                                        const char* what) {
        double product = 0;
        double squares = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto x = static_cast<double>(reference[i]);
            const auto y = static_cast<double>(other[i + lag]);
            product += x * y;
            squares += (x * x - 1) * (y * y - 1);
        }
        const double bound = 5.5 * std::sqrt(static_cast<double>(count));
        EXPECT_LT(std::abs(product), bound) << what;
        EXPECT_LT(std::abs(squares), 2 * bound) << what;
    };
    expect_independent(reference, 1, "neighbours");
    expect_independent(reference, 2, "next but one");
    expect_independent(draw(Stream(12, Purpose::white_noise, 0), 100), 0, "seeds");
    expect_independent(draw(Stream(11, Purpose::colored_noise, 0), 100), 0, "purposes");
    expect_independent(draw(Stream(11, Purpose::white_noise, 1), 100), 0, "replicas");
    expect_independent(draw(Stream(11, Purpose::white_noise, 0), 101), 0, "steps");
}

/// 4096 variates of each law: the same bits on every compiler, level and target.
template <class Stream, class T>
std::uint64_t digest_of_first_draws() {
    observe::Digest digest;
    const Stream stream(1, Purpose::white_noise);
    for (std::uint32_t step = 0; step < 64; ++step) {
        stream.for_each(step, 64, [&](std::size_t, T value) { digest.add(value); });
    }
    return digest.value();
}

TEST(StreamGolden, FirstDrawsKeepTheirBits) {
    EXPECT_EQ((digest_of_first_draws<UniformStream<float>, float>()), 0x8543FE5221A908F7U);
    EXPECT_EQ((digest_of_first_draws<UniformStream<double>, double>()), 0x4DE455717EF07052U);
    EXPECT_EQ((digest_of_first_draws<NormalStream<float>, float>()), 0x0C8F9959D12C2BD4U);
    EXPECT_EQ((digest_of_first_draws<NormalStream<double>, double>()), 0x21D426CE7ADB699AU);
}

TEST(StreamGolden, FirstNormals) {
    const NormalStream<float> stream(1, Purpose::white_noise);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(stream.at(0, 0)), 0x3F397B49U);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(stream.at(0, 1)), 0xBF5816A0U);
}

} // namespace
