// SPDX-License-Identifier: Apache-2.0
#include "report/theory_section.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "compare/theory_comparison.hpp"

namespace tinymf::host {
namespace {

/// Row k deviates by k/20 standard errors.
TheoryComparison comparison_of(int rows) {
    TheoryComparison comparison{.against = "mean field <Euler>", .rows = {}, .curves = {}};
    for (int k = 0; k < rows; ++k) {
        comparison.rows.push_back({.name = "Cx(" + std::to_string(k) + ", 0)",
                                   .observed = 1.0 + 0.01 * k / 20.0,
                                   .predicted = 1.0,
                                   .standard_error = 0.01,
                                   .origin = "sampling"});
    }
    TheoryCurve curve{.name = "C_x(t, t') of 'x'",
                      .axis = "lag t - t' / τ",
                      .x = {0.0, 1.0, 2.0},
                      .observed = {1.0, 0.5, std::nan("")},
                      .observed_error = {0.01, 0.02, 0.01},
                      .predicted = {1.0, 0.52, 0.3},
                      .predicted_error = {0.0, 0.0, 0.0}};
    comparison.curves.push_back(curve);
    return comparison;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
        ++count;
    }
    return count;
}

TEST(TheorySection, ShowsEveryNumberOfAFew) {
    const std::string html = theory_section(comparison_of(12), 0);
    EXPECT_EQ(count_of(html, "<td>Cx("), 12U);
    EXPECT_EQ(count_of(html, "<svg"), 2U);
    EXPECT_NE(html.find("mean field &lt;Euler&gt;"), std::string::npos);
    EXPECT_EQ(html.find("deviate most"), std::string::npos);
}

TEST(TheorySection, SaysWhatTheNamesMean) {
    TheoryComparison comparison = comparison_of(3);
    const std::string before = theory_section(comparison, 0);
    EXPECT_EQ(count_of(before, "<b>Cx</b>: correlation"), 1U);
    EXPECT_EQ(count_of(before, "<b>"), 1U) << "only names that occur";
    comparison.rows[0].name = "participation_input, windows of 50";
    comparison.rows[1].name = "lyapunov";
    comparison.rows[2].name = "participations";
    const std::string after = theory_section(comparison, 0);
    EXPECT_EQ(count_of(after, "<b>participation</b>"), 1U);
    EXPECT_EQ(count_of(after, "<b>lyapunov</b>"), 1U);
    EXPECT_EQ(count_of(after, "<b>"), 2U);
}

TEST(TheorySection, ShowsTheLargestDeviationsOfMany) {
    const std::string html = theory_section(comparison_of(90), 0);
    EXPECT_EQ(count_of(html, "<td>Cx("), 40U);
    EXPECT_NE(html.find("90 numbers were compared; these 40 deviate most"), std::string::npos);
    EXPECT_NE(html.find("<td>Cx(89, 0)</td>"), std::string::npos);
    EXPECT_EQ(html.find("<td>Cx(49, 0)</td>"), std::string::npos);
}

TEST(TheorySection, TellsWhetherAllDeviationsAreAllowed) {
    const auto passing = theory_verdict_row(comparison_of(91)); // up to 4.5
    EXPECT_NE(passing.at(1).find(">pass<"), std::string::npos);
    TheoryComparison failing = comparison_of(12);
    failing.rows[3].standard_error = 0.0; // a difference that nothing explains
    EXPECT_NE(theory_verdict_row(failing).at(1).find(">fail<"), std::string::npos);
    const std::string html = theory_section(failing, 0);
    EXPECT_NE(html.find("+inf"), std::string::npos);
    EXPECT_EQ(count_of(html, "<svg"), 1U) << "an infinite deviation has no place on an axis";
}

} // namespace
} // namespace tinymf::host
