// SPDX-License-Identifier: Apache-2.0
// docs/physics.md lists every quantity of `tinymf theory` with its meaning and unit, and no other.

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "theory/prediction.hpp"

namespace tinymf::host {
namespace {

/// The rows of the page whose first cell is a name in one of the sections of a prediction.
std::vector<std::string> rows_of_page() {
    const char* folder = std::getenv("TINYMF_SOURCE_DIR");
    std::ifstream page(std::string(folder == nullptr ? "." : folder) + "/docs/physics.md");
    std::vector<std::string> rows;
    bool inside = false;
    for (std::string line; std::getline(page, line);) {
        inside = line == "## What theory gives" || (inside && !line.starts_with("## "));
        if (inside && line.starts_with("| `")) {
            rows.push_back(line);
        }
    }
    return rows;
}

TEST(TheoryPage, ListsEveryQuantity) {
    std::vector<std::string> expected;
    const Prediction nothing;
    for_each_quantity(nothing, [&expected](const QuantityFacts& facts, const auto& /*quantity*/) {
        expected.push_back(fmt::format("| `{}` | {} |{}{} |", facts.name, facts.meaning,
                                       facts.unit.empty() ? "" : " ", facts.unit));
    });
    EXPECT_EQ(rows_of_page(), expected) << fmt::format("{}", fmt::join(expected, "\n"));
    EXPECT_GT(expected.size(), 10U);
}

} // namespace
} // namespace tinymf::host
