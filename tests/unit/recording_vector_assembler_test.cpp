// SPDX-License-Identifier: Apache-2.0
#include "recording/vector_assembler.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::host {
namespace {

using Values = std::vector<double>;

bool take(VectorAssembler& assembler, std::uint32_t step, std::size_t first, const Values& values,
          std::size_t size = 4) {
    return assembler.take({.step = step, .size = size, .first = first, .values = values});
}

Values copy(std::span<const double> values) {
    return {values.begin(), values.end()};
}

/// "step:first=values", as what came of a vector that is not whole.
std::vector<std::string> fragments_of(const VectorAssembler& assembler) {
    std::vector<std::string> texts;
    for (const VectorFragment& fragment : assembler.fragments()) {
        std::string text = std::to_string(fragment.step) + ":" + std::to_string(fragment.first);
        for (const double value : fragment.values) {
            text += "," + std::to_string(static_cast<int>(value));
        }
        texts.push_back(text);
    }
    return texts;
}

TEST(VectorAssembler, PutsPiecesTogether) {
    VectorAssembler assembler;
    EXPECT_TRUE(take(assembler, 3, 0, {1, 2}));
    EXPECT_TRUE(take(assembler, 3, 2, {3}));
    EXPECT_TRUE(take(assembler, 3, 3, {4}));
    EXPECT_TRUE(take(assembler, 7, 0, {5, 6, 7, 8}));
    assembler.finish();
    EXPECT_EQ(assembler.partial_vectors(), 0U);
    EXPECT_TRUE(assembler.fragments().empty());
    const VectorTrace trace = std::move(assembler).trace();
    EXPECT_EQ(trace.steps(), (std::vector<std::uint32_t>{3, 7}));
    ASSERT_EQ(trace.size(), 2U);
    EXPECT_FALSE(trace.empty());
    EXPECT_EQ(copy(trace[0]), (Values{1, 2, 3, 4}));
    EXPECT_EQ(copy(trace[1]), (Values{5, 6, 7, 8}));
    EXPECT_EQ(copy(trace.values()), (Values{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST(VectorAssembler, KeepsTheSizesOfRowsThatGrow) {
    VectorAssembler assembler;
    EXPECT_TRUE(take(assembler, 0, 0, {1}, 1));
    EXPECT_TRUE(take(assembler, 1, 0, {2, 3}, 2));
    const VectorTrace trace = std::move(assembler).trace();
    EXPECT_EQ(copy(trace[0]), (Values{1}));
    EXPECT_EQ(copy(trace[1]), (Values{2, 3}));
}

TEST(VectorAssembler, AVectorWithoutItsBeginStandsApart) {
    VectorAssembler assembler;
    EXPECT_TRUE(take(assembler, 3, 1, {2}));
    EXPECT_TRUE(take(assembler, 3, 2, {3, 4}));
    EXPECT_EQ(assembler.partial_vectors(), 1U) << "it is over with its last element";
    EXPECT_EQ(fragments_of(assembler), (std::vector<std::string>{"3:1,2", "3:2,3,4"}));
    EXPECT_TRUE(take(assembler, 4, 0, {5, 6, 7, 8}));
    const VectorTrace trace = std::move(assembler).trace();
    EXPECT_EQ(trace.steps(), (std::vector<std::uint32_t>{4}));
    EXPECT_EQ(copy(trace[0]), (Values{5, 6, 7, 8}));
}

TEST(VectorAssembler, AVectorWithAHoleStandsApart) {
    VectorAssembler assembler;
    EXPECT_TRUE(take(assembler, 3, 0, {1}));
    EXPECT_TRUE(take(assembler, 3, 2, {3}));
    EXPECT_TRUE(take(assembler, 3, 3, {4}));
    EXPECT_EQ(assembler.partial_vectors(), 1U);
    EXPECT_EQ(fragments_of(assembler), (std::vector<std::string>{"3:0,1", "3:2,3", "3:3,4"}));
    EXPECT_TRUE(std::move(assembler).trace().empty());
}

TEST(VectorAssembler, AVectorWithoutItsEndStandsApart) {
    VectorAssembler assembler;
    EXPECT_TRUE(take(assembler, 3, 0, {1, 2}));
    EXPECT_TRUE(take(assembler, 5, 0, {5}));
    EXPECT_EQ(assembler.partial_vectors(), 1U) << "the next vector has begun";
    EXPECT_TRUE(take(assembler, 5, 2, {7}));
    assembler.finish();
    EXPECT_EQ(assembler.partial_vectors(), 2U);
    EXPECT_EQ(fragments_of(assembler), (std::vector<std::string>{"3:0,1,2", "5:0,5", "5:2,7"}));
    assembler.finish();
    EXPECT_EQ(assembler.partial_vectors(), 2U) << "once";
}

TEST(VectorAssembler, RefusesWhatGoesBack) {
    VectorAssembler assembler;
    EXPECT_TRUE(take(assembler, 3, 0, {1, 2}));
    EXPECT_FALSE(take(assembler, 3, 1, {2}));
    EXPECT_FALSE(take(assembler, 2, 0, {1}));
    EXPECT_FALSE(take(assembler, 2, 2, {1}));
    EXPECT_TRUE(take(assembler, 3, 2, {3, 4})) << "what was refused left no trace";
    EXPECT_FALSE(take(assembler, 3, 0, {1})) << "the step is over";
    EXPECT_FALSE(take(assembler, 2, 0, {1}));
    // Nor does a step come again of which a part has come.
    EXPECT_TRUE(take(assembler, 4, 2, {3, 4}));
    EXPECT_FALSE(take(assembler, 4, 0, {1, 2, 3, 4}));
    EXPECT_FALSE(take(assembler, 3, 0, {1, 2, 3, 4}));
    EXPECT_TRUE(take(assembler, 5, 0, {1, 2, 3, 4}));
    const VectorTrace trace = std::move(assembler).trace();
    EXPECT_EQ(trace.steps(), (std::vector<std::uint32_t>{3, 5}));
    EXPECT_EQ(copy(trace[0]), (Values{1, 2, 3, 4}));
}

TEST(VectorAssembler, RefusesWhatGoesBeyondTheLastElement) {
    VectorAssembler assembler;
    EXPECT_FALSE(take(assembler, 0, 0, {1, 2, 3, 4, 5}));
    EXPECT_FALSE(take(assembler, 0, 3, {4, 5}));
    EXPECT_FALSE(take(assembler, 0, 4, {5}));
    EXPECT_TRUE(take(assembler, 0, 0, {1, 2, 3, 4}));
    EXPECT_TRUE(take(assembler, 1, 3, {4}));
    EXPECT_EQ(fragments_of(assembler), (std::vector<std::string>{"1:3,4"}));
}

} // namespace
} // namespace tinymf::host
