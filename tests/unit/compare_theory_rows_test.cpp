// SPDX-License-Identifier: Apache-2.0
// The rows and curves that theory is judged by: names, places, errors and what is left out.
#include "compare/theory_comparison.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "compare/judged_output.hpp"
#include "compare/observed_rows.hpp"
#include "compare/two_time_rows.hpp"

namespace tinymf::host {
namespace {

using enum observe::ObservedArray;
using Eigen::Index;
using Values = std::vector<double>;

TEST(TheoryRow, IsOffInStandardErrors) {
    TheoryRow row{
        .name = "C", .observed = 3.0, .predicted = 2.0, .standard_error = 0.25, .origin = ""};
    EXPECT_EQ(row.z(), 4.0);
    row.observed = 1.5;
    EXPECT_EQ(row.z(), -2.0);
    row.standard_error = 0.0;
    EXPECT_EQ(row.z(), -std::numeric_limits<double>::infinity());
    row.observed = 2.0;
    EXPECT_EQ(row.z(), 0.0);
}

/// Student's law with three degrees of freedom in units of its deviation sqrt 3, by its closed
/// form.
TEST(AllowedDeviation, TakesStudentsDeviationWhereThereIsOne) {
    // F(t) = 1/2 + (x/(1 + x^2) + atan x)/pi with x = t/sqrt 3.
    const double x = allowed_z(3.0); // in units of sqrt 3
    const double upper = 0.5 - (x / (1.0 + x * x) + std::atan(x)) / M_PI;
    EXPECT_NEAR(upper, 5e-7, 1e-11);
    EXPECT_EQ(law_text(1.0), "Student t, 1 degree of freedom, false alarm 1e-06 a number");
    EXPECT_EQ(law_text(2.0), "Student t, 2 degrees of freedom, false alarm 1e-06 a number");
    EXPECT_EQ(TheoryComparison{}.largest_z, allowed_z(std::numeric_limits<double>::infinity()));
}

ObservedMeans unit_of(observe::ObservedArray array, const Values& values) {
    ObservedMeans unit;
    unit.arrays[static_cast<std::size_t>(array)] = values;
    return unit;
}

/// Three units, samples 0.5 tau apart.
ObservedUnits three_units(observe::ObservedArray array, const Values& first) {
    ObservedUnits observed;
    for (const double shift : {-1.0, 0.0, 1.0}) {
        Values values = first;
        for (double& value : values) {
            value += shift;
        }
        observed.units.push_back(unit_of(array, values));
    }
    observed.neurons = 10;
    observed.written_dt = 0.25;
    observed.parameters.observation.sample_every = 2;
    return observed;
}

TEST(ObservedRows, AddErrorsInQuadrature) {
    const ObservedUnits observed = three_units(cx, {2.0});
    ObservedRows rows(observed, 0.125, "why");
    rows.add("A", Estimate{.value = 5.0, .standard_error = 3.0}, 32.0);
    rows.add("B", std::nullopt, 1.0);
    rows.add("C", Estimate{.value = 1.0, .standard_error = 3.0}, -32.0);
    const TheoryComparison theory = std::move(rows).finish("the law");
    ASSERT_EQ(theory.rows.size(), 2U);
    EXPECT_EQ(theory.rows[0].name, "A");
    EXPECT_EQ(theory.rows[0].observed, 5.0);
    EXPECT_EQ(theory.rows[0].predicted, 32.0);
    EXPECT_EQ(theory.rows[0].standard_error, 5.0);
    EXPECT_EQ(theory.rows[0].origin, "why");
    EXPECT_EQ(theory.rows[1].standard_error, 5.0);
    EXPECT_EQ(theory.against, "the law");
    EXPECT_EQ(theory.freedom, 2.0);
    EXPECT_EQ(theory.largest_z, allowed_z(2.0));
    EXPECT_TRUE(theory.notes.empty());
    EXPECT_TRUE(theory.curves.empty());
}

TEST(ObservedRows, NoteWhatIsNoNumber) {
    const ObservedUnits observed = three_units(cx, {2.0});
    ObservedRows rows(observed, 0.0, "");
    rows.add("D", Estimate{.value = std::nan(""), .standard_error = 1.0}, 0.5);
    rows.add("N_var", Estimate{.value = 1.0, .standard_error = 1.0},
             std::numeric_limits<double>::infinity());
    rows.add("E", Estimate{.value = 1.0, .standard_error = 1.0}, 1.0);
    const TheoryComparison theory = std::move(rows).finish("");
    EXPECT_EQ(theory.notes,
              (std::vector<std::string>{
                  "not compared: D, which is 0/0 in a network that does not fluctuate",
                  "not compared: N_var, which is not finite in theory"}));
    ASSERT_EQ(theory.rows.size(), 1U);
    EXPECT_EQ(theory.rows[0].name, "E");
}

/// Lags next to 0, 1, 2 and 5 tau; here every half tau up to 2.5, which stands for 5.
TEST(ObservedRows, ShowACurveWholeAndAtAFewLags) {
    const ObservedUnits observed = three_units(cx, {16, 8, 4, 2, 1, 0.5});
    ObservedRows rows(observed, 0.5, "why");
    rows.add_curve("Cx", cx, {16, -8, 4, 2, 1, 0.25});
    rows.add_curve("Rx", rx, {1, 1, 1, 1, 1, 1}); // was not observed
    const TheoryComparison theory = std::move(rows).finish("");
    ASSERT_EQ(theory.curves.size(), 1U);
    const TheoryCurve& curve = theory.curves[0];
    EXPECT_EQ(curve.name, "Cx");
    EXPECT_EQ(curve.axis, "lag (tau)");
    EXPECT_EQ(curve.x, (Values{0, 0.5, 1, 1.5, 2, 2.5}));
    EXPECT_EQ(curve.observed, (Values{16, 8, 4, 2, 1, 0.5}));
    EXPECT_EQ(curve.predicted, (Values{16, -8, 4, 2, 1, 0.25}));
    EXPECT_EQ(curve.predicted_error, (Values{8, 4, 2, 1, 0.5, 0.125}));
    ASSERT_EQ(curve.observed_error.size(), 6U);
    for (const double error : curve.observed_error) {
        EXPECT_NEAR(error, std::sqrt(1.0 / 3.0), 1e-14);
    }
    std::vector<std::string> names;
    Values values;
    for (const TheoryRow& row : theory.rows) {
        names.push_back(row.name);
        values.push_back(row.observed);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"Cx(0)", "Cx(1)", "Cx(2)", "Cx(2.5)"}));
    EXPECT_EQ(values, (Values{16, 4, 1, 0.5}));
    EXPECT_EQ(theory.rows[3].predicted, 0.25);
    EXPECT_NEAR(theory.rows[3].standard_error, std::hypot(std::sqrt(1.0 / 3.0), 0.125), 1e-14);
}

TEST(ObservedRows, OfALongCurveTakeTheNearestLags) {
    Values values;
    for (int k = 0; k < 15; ++k) {
        values.push_back(k);
    }
    const ObservedUnits observed = three_units(rphi, values); // 0.25, 0.75, ..., 7.25 tau
    ObservedRows rows(observed, 0.0, "");
    rows.add_curve("Rphi", rphi, values);
    const TheoryComparison theory = std::move(rows).finish("");
    std::vector<std::string> names;
    for (const TheoryRow& row : theory.rows) {
        names.push_back(row.name);
    }
    // Of two lags equally near, the first.
    EXPECT_EQ(names,
              (std::vector<std::string>{"Rphi(0.25)", "Rphi(0.75)", "Rphi(1.75)", "Rphi(4.75)"}));
}

/// Times 0, 0.5, ..., 6; entries that tell their array and place.
TwoTimeSolution solution(double offset, double error) {
    static constexpr Index n = 13;
    const auto numbered = [](double first) {
        TwoTimeMatrix m(n, n);
        for (Index i = 0; i < n; ++i) {
            for (Index j = 0; j < n; ++j) {
                m(i, j) = first + 100.0 * static_cast<double>(i) + static_cast<double>(j);
            }
        }
        return m;
    };
    TwoTimeSolution found;
    for (Index i = 0; i < n; ++i) {
        found.times.push_back(0.5 * static_cast<double>(i));
    }
    found.value = {numbered(offset + 1000.0), numbered(offset + 2000.0), numbered(offset + 3000.0),
                   numbered(offset + 4000.0), Eigen::VectorXd::Zero(n)};
    if (error > 0.0) {
        found.standard_error = {
            TwoTimeMatrix::Constant(n, n, error), TwoTimeMatrix::Constant(n, n, 2.0 * error),
            TwoTimeMatrix::Constant(n, n, 3.0 * error), TwoTimeMatrix::Constant(n, n, 4.0 * error),
            Eigen::VectorXd::Zero(n)};
    }
    return found;
}

TEST(TwoTimeRows, AreADozenPlacesAndTheIntegralOfTheResponse) {
    const TwoTimeSolution observed = solution(0.5, 3.0);
    const TwoTimeSolution predicted = solution(0.0, 4.0);
    const auto rows = two_time_rows(observed, predicted, Responses::present, "why");
    ASSERT_EQ(rows.size(), 13U);
    // Index 12 is the last; a quarter, a half and three quarters of it.
    const std::vector<std::pair<Index, Index>> places{{3, 3},   {6, 6},  {9, 9},
                                                      {12, 12}, {12, 6}, {12, 9}};
    const std::vector<std::string> times{"(1.5,1.5)", "(3,3)", "(4.5,4.5)",
                                         "(6,6)",     "(6,3)", "(6,4.5)"};
    for (std::size_t k = 0; k < 12; ++k) {
        const auto& [i, j] = places[k % 6];
        const double base = k < 6 ? 1000.0 : 2000.0;
        EXPECT_EQ(rows[k].name, (k < 6 ? "Cx" : "Cphi") + times[k % 6]);
        EXPECT_EQ(rows[k].predicted,
                  base + 100.0 * static_cast<double>(i) + static_cast<double>(j));
        EXPECT_EQ(rows[k].observed, rows[k].predicted + 0.5);
        EXPECT_EQ(rows[k].standard_error, k < 6 ? 5.0 : 10.0);
        EXPECT_EQ(rows[k].origin, "why");
    }
    // 0.5 sum_s R(12, s), and of the errors the sum, too.
    EXPECT_EQ(rows[12].name, "int Rphi(6,.)");
    EXPECT_EQ(rows[12].predicted, 0.5 * (13 * 5200.0 + 78.0));
    EXPECT_EQ(rows[12].observed, 0.5 * (13 * 5200.5 + 78.0));
    EXPECT_NEAR(rows[12].standard_error, 0.5 * 13.0 * 4.0 * 5.0, 1e-12);
    EXPECT_EQ(rows[12].origin, "why");
    EXPECT_EQ(two_time_rows(observed, predicted, Responses::absent, "").size(), 12U);
}

TEST(TwoTimeRows, OfASideWithoutErrorsTakeTheOther) {
    const auto rows = two_time_rows(solution(0.5, 3.0), solution(0.0, 0.0), Responses::present, "");
    EXPECT_EQ(rows[0].standard_error, 3.0);
    EXPECT_NEAR(rows[12].standard_error, 0.5 * 13.0 * 12.0, 1e-12);
    const auto exact =
        two_time_rows(solution(0.5, 0.0), solution(0.0, 0.0), Responses::present, "");
    EXPECT_EQ(exact[0].standard_error, 0.0);
    EXPECT_EQ(exact[12].standard_error, 0.0);
}

TEST(TwoTimeCurves, GoAlongTheDiagonalAndBackFromTheLastTime) {
    const TwoTimeSolution observed = solution(0.5, 3.0);
    const TwoTimeSolution predicted = solution(0.0, 4.0);
    const auto curves = two_time_curves(observed, predicted, Responses::present);
    ASSERT_EQ(curves.size(), 5U);
    const std::vector<std::string> names{"Cx(t,t)", "Cphi(t,t)", "Cx(T,T-lag)", "Cphi(T,T-lag)",
                                         "Rphi(T,T-lag)"};
    const Values bases{1000, 2000, 1000, 2000, 4000};
    const Values errors{1, 2, 1, 2, 4};
    for (std::size_t c = 0; c < 5; ++c) {
        EXPECT_EQ(curves[c].name, names[c]);
        EXPECT_EQ(curves[c].axis, c < 2 ? "time t / τ" : "lag / τ, back from the last time");
        ASSERT_EQ(curves[c].observed.size(), 13U);
        for (std::size_t k = 0; k < 13; ++k) {
            const double place =
                c < 2 ? 101.0 * static_cast<double>(k) : 1200.0 + 12.0 - static_cast<double>(k);
            EXPECT_EQ(curves[c].x[k], 0.5 * static_cast<double>(k));
            EXPECT_EQ(curves[c].predicted[k], bases[c] + place);
            EXPECT_EQ(curves[c].observed[k], bases[c] + place + 0.5);
            EXPECT_EQ(curves[c].observed_error[k], 3.0 * errors[c]);
            EXPECT_EQ(curves[c].predicted_error[k], 4.0 * errors[c]);
        }
    }
    EXPECT_EQ(two_time_curves(observed, predicted, Responses::absent).size(), 4U);
}

TheoryRow row_at(const std::string& name, double z) {
    return {.name = name,
            .observed = 2.0 + z * 0.25,
            .predicted = 2.0,
            .standard_error = 0.25,
            .origin = "sampling"};
}

TEST(TheoryText, NamesTheFarthestNumberAndEveryFailure) {
    TheoryComparison theory{.against = "the limit",
                            .rows = {row_at("A", 1.0), row_at("B", -3.0), row_at("C", 2.0)},
                            .curves = {},
                            .freedom = std::numeric_limits<double>::infinity(),
                            .largest_z = 4.0,
                            .notes = {"not compared: D"}};
    EXPECT_EQ(to_text(theory),
              "theory      pass  against the limit: 3 numbers, largest |z| 3.00 (B), allowed 4.00 "
              "(normal law, false alarm 1e-06 a number)\n            not compared: D");
    theory.notes.clear();
    theory.rows[0].name = "lyapunov";
    theory.rows.push_back(row_at("E", 4.0));
    theory.rows.push_back(row_at("F", -4.5));
    const std::string line = ": observed 0.875, predicted 2, standard error 0.25 (sampling), "
                             "z = -4.50";
    EXPECT_EQ(to_text(theory),
              "theory      FAIL  against the limit: 5 numbers, largest |z| 4.50 (F), allowed 4.00 "
              "(normal law, false alarm 1e-06 a number)"
              "\n            pass  lyapunov: observed 2.25, predicted 2, standard error 0.25 "
              "(sampling), z = 1.00"
              "\n            FAIL  F" +
                  line);
    theory.rows = {row_at("lyapunov", 5.0)};
    EXPECT_NE(to_text(theory).find("FAIL  lyapunov"), std::string::npos);
    EXPECT_EQ(to_text(theory).find("pass  lyapunov"), std::string::npos);
    theory.rows.clear();
    EXPECT_EQ(to_text(theory), "theory      FAIL  against the limit: 0 numbers");
}

TEST(TheoryJson, HoldsEveryRow) {
    TheoryComparison theory;
    theory.rows = {row_at("A", 1.0), row_at("B", -3.0)};
    const nlohmann::json json = to_json(theory);
    ASSERT_EQ(json.size(), 2U);
    EXPECT_EQ(json[1], (nlohmann::json{{"name", "B"},
                                       {"observed", 1.25},
                                       {"predicted", 2.0},
                                       {"standard_error", 0.25},
                                       {"z", -3.0},
                                       {"origin", "sampling"}}));
    EXPECT_EQ(to_json(TheoryComparison{}), nlohmann::json::array());
}

} // namespace
} // namespace tinymf::host
