// SPDX-License-Identifier: Apache-2.0
// What a verdict asks of its parts, and the smallest excess in any of them that it must refuse.
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base_captures.hpp"
#include "compare/comparison.hpp"
#include "unit/capture_files.hpp"

namespace tinymf::host {
namespace {

TheoryRow row_at(double z) {
    return {.name = "Cx(5, 3)",
            .observed = 2.0 + z * 0.25,
            .predicted = 2.0,
            .standard_error = 0.25,
            .origin = "sampling"};
}

TEST(TheoryVerdict, RefusesATenthMoreThanAllowedInAnyRow) {
    TheoryComparison theory;
    theory.rows.assign(5, row_at(0.0));
    EXPECT_TRUE(theory.passed());
    for (const double sign : {1.0, -1.0}) {
        for (std::size_t i = 0; i < theory.rows.size(); ++i) {
            TheoryComparison off = theory;
            off.rows[i] = row_at(sign * 1.1 * theory.largest_z);
            EXPECT_FALSE(off.passed());
            off.rows[i] = row_at(sign * 0.99 * theory.largest_z);
            EXPECT_TRUE(off.passed());
        }
    }
    theory.rows.clear();
    EXPECT_FALSE(theory.passed()) << "nothing was compared";
}

TEST(TheoryVerdict, RefusesWhatIsNoNumber) {
    TheoryComparison theory;
    theory.rows = {row_at(std::nan(""))};
    EXPECT_FALSE(theory.passed());
    theory.rows = {
        {.name = "m", .observed = 1.0, .predicted = 0.0, .standard_error = 0.0, .origin = ""}};
    EXPECT_FALSE(theory.passed()) << "a difference without an error to explain it";
    theory.rows = {
        {.name = "m", .observed = 1.0, .predicted = 1.0, .standard_error = 0.0, .origin = ""}};
    EXPECT_TRUE(theory.passed());
}

TEST(TheoryVerdict, IsNamedWithTheRowThatDisagrees) {
    const test::TestFolder folder;
    const auto capture = folder / "base.tmf";
    test::record_base({.name = "", .experiment = test::lags, .options = {}}, capture);
    Comparison comparison;
    comparison.recording = read_recording(capture);
    comparison.theory.emplace();
    comparison.theory->rows = {row_at(0.5), row_at(1.1 * 4.5)};
    EXPECT_EQ(comparison.exit_code(), 1);
    EXPECT_NE(to_text(comparison).find("FAIL  Cx(5, 3): observed 3.2375, predicted 2"),
              std::string::npos)
        << to_text(comparison);
    EXPECT_NEAR(to_json(comparison).at("theory").at(1).at("z").get<double>(), 4.95, 1e-12);
}

BitComparison equal_bits() {
    BitComparison bits;
    bits.states_checked = 1;
    return bits;
}

MeanFieldDistance distance(double error) {
    MeanFieldDistance found;
    found.times = {0.0, 1.0};
    found.distance.error = {0.5, error};
    found.distance.bound = {1.0, 1.0};
    return found;
}

TEST(ComparisonVerdict, AsksEveryPart) {
    Comparison all;
    EXPECT_EQ(all.verdict(), Verdict::pass);
    all.bits = equal_bits();
    all.reference.emplace();
    all.reference->times = {0.0, 1.0};
    all.reference->solution = distance(1.0).distance;
    all.reference->scheme = distance(1.0).distance;
    all.mean_field = distance(1.0);
    all.theory.emplace();
    all.theory->rows = {row_at(1.0)};
    ASSERT_EQ(all.verdict(), Verdict::pass);
    const double beyond = std::nextafter(1.0, 2.0);

    Comparison bits = all;
    bits.bits->couplings_difference.emplace();
    EXPECT_EQ(bits.verdict(), Verdict::fail);
    Comparison nothing = all;
    nothing.bits = BitComparison{};
    EXPECT_EQ(nothing.verdict(), Verdict::fail);
    Comparison solution = all;
    solution.reference->solution.error.back() = beyond;
    EXPECT_EQ(solution.verdict(), Verdict::fail);
    Comparison scheme = all;
    scheme.reference->scheme.error.back() = beyond;
    EXPECT_EQ(scheme.verdict(), Verdict::fail);
    Comparison mean_field = all;
    mean_field.mean_field->distance.error.back() = beyond;
    EXPECT_EQ(mean_field.verdict(), Verdict::fail);
    Comparison theory = all;
    theory.theory->rows = {row_at(4.95)};
    EXPECT_EQ(theory.verdict(), Verdict::fail);
    Comparison failed = all;
    failed.failures = {"the run failed"};
    EXPECT_EQ(failed.verdict(), Verdict::fail);
    failed.unsound = {"the capture is unsound"};
    EXPECT_EQ(failed.verdict(), Verdict::unsound);
}

} // namespace
} // namespace tinymf::host
