// SPDX-License-Identifier: Apache-2.0
#include "report/theory_section.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "report/html.hpp"
#include "report/theory_plots.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t most_rows = 40;

double size_of_deviation(const TheoryRow& row) {
    return std::abs(row.z());
}

std::string pass_badge(bool passed) {
    return passed ? badge("pass", "pass") : badge("fail", "fail");
}

/// Cells of one number; a failing one carries a badge.
std::vector<std::string> cells_of(const TheoryRow& row, double largest_z) {
    const bool within = size_of_deviation(row) <= largest_z;
    return {escape_html(row.name),
            fmt::format("{:.6g}", row.observed),
            fmt::format("{:.6g}", row.predicted),
            fmt::format("{:.2g}", row.standard_error),
            fmt::format("{:+.2f}{}", row.z(), within ? "" : " " + badge("fail", "fail")),
            escape_html(row.origin)};
}

std::string table_of(std::span<const TheoryRow> shown, double largest_z) {
    std::vector<std::vector<std::string>> cells;
    for (const TheoryRow& row : shown) {
        cells.push_back(cells_of(row, largest_z));
    }
    return table(
        {"Quantity", "Observed", "Predicted", "Standard error", "z", "Origin of the error"}, cells);
}

std::string table_of_rows(const TheoryComparison& comparison) {
    if (comparison.rows.size() <= most_rows) {
        return table_of(comparison.rows, comparison.largest_z);
    }
    std::vector<TheoryRow> sorted = comparison.rows;
    std::ranges::stable_sort(sorted, std::greater{}, size_of_deviation);
    return fmt::format("<p class=\"soft\">{} numbers were compared; these {} deviate most.</p>\n",
                       sorted.size(), most_rows) +
           table_of(std::span(sorted).first(most_rows), comparison.largest_z);
}

struct Meaning {
    std::string_view name; ///< how names of rows begin
    std::string_view text;
};

constexpr std::array<Meaning, 8> meanings{
    {{"Cx", "correlation of a neuron's input x with itself, at a lag or at two times"},
     {"Cphi", "correlation of its output φ(x), likewise"},
     {"Rx", "change of an input after a small kick, a lag earlier"},
     {"Rphi", "change of an output φ(x) after a small kick to the input, a lag earlier"},
     {"participation",
      "participation ratio (tr C)²/(N tr C²) of the covariances C between neurons, the share of N "
      "dimensions that the activity fills"},
     {"N_var", "N times the variance of these covariances over pairs of neurons"},
     {"mean_gain", "⟨φ'(x)⟩"},
     {"lyapunov",
      "largest Lyapunov exponent: rate per τ at which nearby trajectories part, or below 0 meet"}}};

bool is_of(const TheoryRow& row, std::string_view name) {
    constexpr std::string_view ends = "(_ ";
    return row.name.starts_with(name) &&
           (row.name.size() == name.size() || ends.find(row.name[name.size()]) != ends.npos);
}

/// What the names in the table mean, as far as they occur.
std::string legend_of(const TheoryComparison& comparison) {
    std::string text;
    for (const Meaning& meaning : meanings) {
        const bool occurs = std::ranges::any_of(
            comparison.rows, [&meaning](const TheoryRow& row) { return is_of(row, meaning.name); });
        if (occurs) {
            text += fmt::format("{}<b>{}</b>: {}", text.empty() ? "" : "; ", meaning.name,
                                meaning.text);
        }
    }
    return text.empty() ? text : fmt::format("<p class=\"soft\">{}.</p>\n", text);
}

} // namespace

std::vector<std::string> theory_verdict_row(const TheoryComparison& comparison) {
    double largest = 0.0;
    for (const TheoryRow& row : comparison.rows) {
        largest = std::max(largest, size_of_deviation(row));
    }
    return {"Against theory: " + escape_html(comparison.against), pass_badge(comparison.passed()),
            fmt::format("{} numbers, largest |z| {:.2f} of {:.2f} allowed ({})",
                        comparison.rows.size(), largest, comparison.largest_z,
                        law_text(comparison.freedom))};
}

std::string theory_section(const TheoryComparison& comparison, std::size_t run) {
    constexpr std::size_t fewest_to_draw = 5;
    std::string html = fmt::format("<h3>Theory: {} {}</h3>\n", escape_html(comparison.against),
                                   pass_badge(comparison.passed()));
    for (std::size_t k = 0; k < comparison.curves.size(); ++k) {
        const TheoryCurve& curve = comparison.curves[k];
        if (curve.x.size() > 1) {
            html += figure(plot_theory_curve(fmt::format("run{}-theory{}", run, k), curve),
                           "Bands: two standard errors.");
        }
    }
    html += legend_of(comparison) + table_of_rows(comparison);
    for (const std::string& note : comparison.notes) {
        html += fmt::format("<p class=\"soft\">{}.</p>\n", escape_html(note));
    }
    const bool finite = std::ranges::all_of(
        comparison.rows, [](const TheoryRow& row) { return std::isfinite(row.z()); });
    if (finite && comparison.rows.size() >= fewest_to_draw) {
        html += figure(plot_deviations(fmt::format("run{}-deviations", run), comparison),
                       "Deviations in standard errors, in ascending order. On the dashed diagonal "
                       "the error bars are exact; flatter, they are too large.");
    }
    return html;
}

} // namespace tinymf::host
