// SPDX-License-Identifier: Apache-2.0
#include "report/mean_field_plots.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "report/gnuplot.hpp"
#include "report/line_plot.hpp"
#include "report/plot_style.hpp"

namespace tinymf::host {
namespace {

constexpr double errors_in_a_band = 2.0;
constexpr std::string_view diverging_palette =
    "set palette defined (0 '#1b4f8f', 0.25 '#6aaed6', 0.5 '#f7f7f5', 0.75 '#f2a06b', 1 "
    "'#9e1f2d')\n";

using Matrix = TwoTimeMatrix TwoTimeArrays::*;

/// One number of each of `count` places in an array and in that of its errors.
template <class Place>
PlottedLine line_through(const TwoTimeSolution& solution, Matrix matrix, std::size_t count,
                         const Place& place) {
    PlottedLine line;
    for (std::size_t k = 0; k < count; ++k) {
        const auto [row, column] = place(static_cast<Eigen::Index>(k));
        line.y.push_back((solution.value.*matrix)(row, column));
        if (solution.sampled()) {
            line.half_width.push_back(errors_in_a_band *
                                      (solution.standard_error.*matrix)(row, column));
        }
    }
    return line;
}

/// A row of an array from its column before `t` back to time 0, over the lag.
PlottedLine backwards_from(const TwoTimeSolution& solution, Matrix matrix, std::size_t t,
                           std::size_t first_lag) {
    const auto last = static_cast<Eigen::Index>(t);
    const auto first = static_cast<Eigen::Index>(first_lag);
    PlottedLine line = line_through(solution, matrix, t + 1 - first_lag, [=](Eigen::Index k) {
        return std::array{last, last - first - k};
    });
    for (std::size_t lag = first_lag; lag <= t; ++lag) {
        line.x.push_back(solution.times[t] - solution.times[t - lag]);
    }
    return line;
}

PlottedLine drawn_as(PlottedLine line, std::string title, std::size_t colour, bool dashed = false) {
    line.title = std::move(title);
    line.colour = colour;
    line.dashed = dashed;
    return line;
}

/// Rows of the array are t, from below; columns t'.
std::string plot_colours(std::string_view name, const TwoTimeSolution& solution,
                         const TwoTimeMatrix& matrix, std::string_view title) {
    constexpr std::size_t most_cells = 200;
    const std::size_t n = solution.times.size();
    const std::size_t stride = stride_for(n, most_cells);
    std::string script = "$m << EOD\n";
    double range = 1e-9;
    for (std::size_t t = 0; t < n; t += stride) {
        for (std::size_t s = 0; s < n; s += stride) {
            const double value = matrix(static_cast<Eigen::Index>(t), static_cast<Eigen::Index>(s));
            range = std::max(range, std::abs(value));
            script += fmt::format("{:.4g} ", value);
        }
        script += '\n';
    }
    const double cell = solution.times[std::min(stride, n - 1)] - solution.times.front();
    const std::size_t columns = (n + stride - 1) / stride;
    const double begin = solution.times.front() - cell / 2;
    const double end = begin + static_cast<double>(columns) * cell;
    script += "EOD\n";
    script += plot_axes;
    script += diverging_palette;
    script += fmt::format("unset grid\nset xrange [{0:.9g}:{1:.9g}]\nset yrange [{0:.9g}:{1:.9g}]\n"
                          "set cbrange [{2:.4g}:{3:.4g}]\nset size ratio 1\n",
                          begin, end, -range, range);
    script += fmt::format("set xlabel \"time t' / τ\"\nset ylabel 'time t / τ' textcolor rgb "
                          "'#333c45'\nset title \"{}\" textcolor rgb '#333c45'\nset lmargin 7\nset "
                          "rmargin 9\nset tmargin 2\nset bmargin 3\n"
                          "plot $m matrix using ({:.9g} + $1*{:.9g}):({:.9g} + $2*{:.9g}):3 with "
                          "image notitle\n",
                          title, solution.times.front(), cell, solution.times.front(), cell);
    constexpr int width = 430;
    constexpr int height = 350;
    return draw_svg(name, width, height, script);
}

/// A quarter, half and all of the run; fewer where it is short.
std::vector<std::size_t> shown_times(std::size_t points) {
    const std::size_t last = points - 1;
    const std::set<std::size_t> times{std::max<std::size_t>(1, last / 4),
                                      std::max<std::size_t>(1, last / 2), last};
    return {times.begin(), times.end()};
}

} // namespace

std::string plot_equal_times(std::string_view name, const TwoTimeSolution& solution) {
    const auto diagonal = [&](Matrix matrix, std::string title, std::size_t colour) {
        PlottedLine line =
            line_through(solution, matrix, solution.times.size(), [](Eigen::Index k) {
                return std::array{k, k};
            });
        line.x = solution.times;
        return drawn_as(std::move(line), std::move(title), colour, colour > 0);
    };
    return draw_lines(name, {.x_label = "time t / τ",
                             .y_label = "C(t,t)",
                             .lines = {diagonal(&TwoTimeArrays::Cx, "C_x", 0),
                                       diagonal(&TwoTimeArrays::Cphi, "C_φ", 1)},
                             .height = 280,
                             .from_zero = true});
}

std::string plot_two_time_correlation(std::string_view name, const TwoTimeSolution& solution) {
    return plot_colours(name, solution, solution.value.Cx, "C_x(t, t')");
}

std::string plot_two_time_response(std::string_view name, const TwoTimeSolution& solution) {
    return plot_colours(name, solution, solution.value.Rx, "R_x(t, t')");
}

std::string plot_response_from(std::string_view name, const TwoTimeSolution& solution) {
    LinePlot plot{.x_label = "lag t - t' / τ", .y_label = "response", .height = 280};
    std::size_t colour = 0;
    for (const std::size_t t : shown_times(solution.times.size())) {
        const std::string from = fmt::format("t = {:.4g} τ", solution.times[t]);
        plot.lines.push_back(
            drawn_as(backwards_from(solution, &TwoTimeArrays::Rx, t, 1), "R_x, " + from, colour));
        plot.lines.push_back(drawn_as(backwards_from(solution, &TwoTimeArrays::Rphi, t, 1),
                                      "R_φ, " + from, colour, true));
        ++colour;
    }
    return draw_lines(name, plot);
}

std::string plot_last_correlation(std::string_view name, const TwoTimeSolution& solution) {
    const std::size_t last = solution.times.size() - 1;
    return draw_lines(
        name, {.x_label = "lag / τ",
               .y_label = "C(T, T - lag)",
               .lines = {drawn_as(backwards_from(solution, &TwoTimeArrays::Cx, last, 0), "C_x", 0),
                         drawn_as(backwards_from(solution, &TwoTimeArrays::Cphi, last, 0), "C_φ", 1,
                                  true)},
               .height = 280});
}

std::string plot_stationary(std::string_view name, const StationarySolution& solution) {
    return draw_lines(
        name, {.x_label = "lag / τ",
               .y_label = "stationary correlation",
               .lines = {{.title = "C_x", .x = solution.lags, .y = solution.Cx},
                         {.title = "C_φ", .x = solution.lags, .y = solution.Cphi, .colour = 1}},
               .height = 300});
}

} // namespace tinymf::host
