// SPDX-License-Identifier: Apache-2.0
#include "scan/table.hpp"

#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace tinymf::scan {
namespace {

/// What print() says of one recorded error.
bool kept(double error, double bound) {
    Table table;
    table.record("other", "1", 0.0, 1.0, "elsewhere");
    table.record("quantity", "bound", error, bound, "here");
    table.record("quantity", "bound", 0.0, bound, "there");
    return table.print();
}

TEST(ScanTable, KeepsAnErrorUpToItsBound) {
    EXPECT_TRUE(kept(0.0, 1.0));
    EXPECT_TRUE(kept(1.0, 1.0));
    EXPECT_TRUE(kept(0.0, 0.0));
}

TEST(ScanTable, FailsOnTheSmallestErrorAboveItsBound) {
    EXPECT_FALSE(kept(std::nextafter(1.0, 2.0), 1.0));
    EXPECT_FALSE(kept(std::numeric_limits<double>::denorm_min(), 0.0));
    EXPECT_FALSE(kept(std::numeric_limits<double>::quiet_NaN(), 1.0));
    EXPECT_FALSE(kept(std::numeric_limits<double>::infinity(), 1.0));
    EXPECT_FALSE(kept(1.0, std::numeric_limits<double>::quiet_NaN()));
    EXPECT_FALSE(kept(1.0, std::numeric_limits<double>::infinity()));
}

TEST(ScanTable, FailsOnOneValueOutsideItsRangeAndNamesIt) {
    Table table;
    table.require("dimension", true, 1.0, "here");
    EXPECT_TRUE(table.print());
    table.require("dimension", false, 1.5, "there");
    testing::internal::CaptureStdout();
    EXPECT_FALSE(table.print());
    std::fflush(stdout);
    EXPECT_NE(testing::internal::GetCapturedStdout().find("dimension = 1.5 at there"),
              std::string::npos);
}

/// The place is where an error takes most of its bound, not where it is largest.
TEST(ScanTable, ShowsTheErrorThatTakesMostOfItsBound) {
    Table table;
    table.record("quantity", "bound", 5.0, 10.0, "a large error");
    table.record("quantity", "bound", 0.9, 1.0, "most of a bound");
    testing::internal::CaptureStdout();
    EXPECT_TRUE(table.print());
    std::fflush(stdout);
    const std::string text = testing::internal::GetCapturedStdout();
    EXPECT_NE(text.find("| quantity | 2 | 9.0e-01 | bound | 0.9 | most of a bound |"),
              std::string::npos)
        << text;
}

} // namespace
} // namespace tinymf::scan
