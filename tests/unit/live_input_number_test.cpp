// SPDX-License-Identifier: Apache-2.0
#include "experiment/written_number.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tinymf::host {
namespace {

TEST(WrittenNumber, IsReadAsOtherProgramsWriteIt) {
    const std::vector<std::pair<std::string_view, double>> cases{
        {"0.5", 0.5},       {"0.5\r", 0.5},   {" 0.5 ", 0.5},   {"\t+1", 1.0},
        {"+1.5e+2", 150.0}, {"-.25", -0.25},  {"5.", 5.0},      {"-0", 0.0},
        {"1e-320", 1e-320}, {"1e-9999", 0.0}, {"-1E-400", 0.0}, {"1e308", 1e308},
    };
    for (const auto& [text, value] : cases) {
        EXPECT_EQ(written_real(text), value) << text;
    }
}

TEST(WrittenNumber, IsNothingWhereThereIsNone) {
    for (const std::string_view text :
         {"",     " ",        "+",     "-",      ".",     "nan",  "NaN", "inf",
          "-inf", "infinity", "1e999", "-1e309", "+-1",   "-+1",  "++1", "1 2",
          "0x10", "1,5",      "1V",    "one",    "0.5\n", "1_000"}) {
        EXPECT_EQ(written_real(text), std::nullopt) << text;
    }
}

TEST(WrittenNumber, OfWholeOnesIsWhole) {
    EXPECT_EQ(written_whole(" +7 \r"), 7U);
    EXPECT_EQ(written_whole("4294967295"), 4294967295U);
    for (const std::string_view text : {"", "-1", "1.0", "1e3", "4294967296", "+ 1"}) {
        EXPECT_EQ(written_whole(text), std::nullopt) << text;
    }
}

} // namespace
} // namespace tinymf::host
