// SPDX-License-Identifier: Apache-2.0
#include "report/theory_plots.hpp"

#include <algorithm>
#include <vector>

#include <boost/math/distributions/normal.hpp>

#include "report/line_plot.hpp"

namespace tinymf::host {
namespace {

/// Twice the standard errors; nothing where all are zero.
std::vector<double> band_of(const std::vector<double>& standard_errors) {
    if (std::ranges::all_of(standard_errors, [](double e) { return e == 0.0; })) {
        return {};
    }
    std::vector<double> band = standard_errors;
    for (double& width : band) {
        width *= 2.0;
    }
    return band;
}

} // namespace

std::string plot_deviations(std::string_view name, const TheoryComparison& comparison) {
    const boost::math::normal standard;
    PlottedLine found{.title = "found"};
    for (const TheoryRow& row : comparison.rows) {
        found.y.push_back(row.z());
    }
    std::ranges::sort(found.y);
    const auto count = static_cast<double>(found.y.size());
    for (std::size_t k = 0; k < found.y.size(); ++k) {
        found.x.push_back(boost::math::quantile(standard, (static_cast<double>(k) + 0.5) / count));
    }
    const std::vector<double> ends{found.x.front(), found.x.back()};
    const PlottedLine expected{.title = "independent and exact error bars",
                               .x = ends,
                               .y = ends,
                               .colour = 1,
                               .dashed = true};
    const auto limit = [&](double z, std::string title) {
        return PlottedLine{
            .title = std::move(title), .x = ends, .y = {z, z}, .colour = 3, .dashed = true};
    };
    return draw_lines(name, {.x_label = "quantile of the standard normal distribution",
                             .y_label = "z",
                             .lines = {limit(comparison.largest_z, "limit"),
                                       limit(-comparison.largest_z, ""), expected, found},
                             .height = 260});
}

std::string plot_theory_curve(std::string_view name, const TheoryCurve& curve) {
    return draw_lines(name, {.x_label = curve.axis,
                             .y_label = curve.name,
                             .lines = {{.title = "observed",
                                        .x = curve.x,
                                        .y = curve.observed,
                                        .half_width = band_of(curve.observed_error)},
                                       {.title = "predicted",
                                        .x = curve.x,
                                        .y = curve.predicted,
                                        .half_width = band_of(curve.predicted_error),
                                        .colour = 3,
                                        .dashed = true}},
                             .height = 280});
}

} // namespace tinymf::host
