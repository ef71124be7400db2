// SPDX-License-Identifier: Apache-2.0
#include "report/line_plot.hpp"

#include <cmath>

#include <fmt/format.h>

#include "report/gnuplot.hpp"
#include "report/html.hpp"
#include "report/plot_style.hpp"

namespace tinymf::host {
namespace {

std::string cell(double value) {
    return std::isfinite(value) ? fmt::format("{:.7g}", value) : "NaN";
}

/// Rows of x, y and the band's edges.
std::string data_block(std::size_t index, const PlottedLine& line) {
    constexpr std::size_t most_points = 1200;
    std::string block = fmt::format("$line{} << EOD\n", index);
    for (std::size_t k = 0; k < line.x.size(); k += stride_for(line.x.size(), most_points)) {
        const double half = line.half_width.empty() ? 0.0 : line.half_width[k];
        block += fmt::format("{} {} {} {}\n", cell(line.x[k]), cell(line.y[k]),
                             cell(line.y[k] - half), cell(line.y[k] + half));
    }
    return block + "EOD\n";
}

/// A gnuplot string, in which a quote is written twice.
std::string in_quotes(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        result += c == '\'' ? "''" : std::string(1, c);
    }
    return result + '\'';
}

/// Whether any point of any line has a place on the axes.
bool has_points(const LinePlot& plot) {
    const auto has_place = [](double value, bool logarithmic) {
        return std::isfinite(value) && (!logarithmic || value > 0.0);
    };
    for (const PlottedLine& line : plot.lines) {
        for (std::size_t k = 0; k < line.x.size(); ++k) {
            if (has_place(line.x[k], plot.logarithmic_x) &&
                has_place(line.y[k], plot.logarithmic_y)) {
                return true;
            }
        }
    }
    return false;
}

std::string nothing_to_draw(const LinePlot& plot) {
    return fmt::format("<p class=\"soft\">Nothing to draw of {} over {}: no value is {}.</p>\n",
                       escape_html(plot.y_label), escape_html(plot.x_label),
                       plot.logarithmic_y ? "finite and above zero" : "finite");
}

std::string_view colour_of(const PlottedLine& line) {
    return line_colours[line.colour % line_colours.size()];
}

} // namespace

std::string draw_lines(std::string_view name, const LinePlot& plot) {
    if (!has_points(plot)) {
        return nothing_to_draw(plot);
    }
    std::string script;
    for (std::size_t k = 0; k < plot.lines.size(); ++k) {
        script += data_block(k, plot.lines[k]);
    }
    script += plot_axes;
    script += fmt::format("set xlabel {}\nset ylabel {} textcolor rgb '#333c45'\n",
                          in_quotes(plot.x_label), in_quotes(plot.y_label));
    script += "set key outside top right horizontal\nset autoscale xfix\nset format '%g'\n";
    script += plot.from_zero ? "set yrange [*<0:*]\n" : "";
    script += plot.logarithmic_x ? "set logscale x\n" : "";
    script += plot.logarithmic_y ? "set logscale y\n" : "";
    script +=
        plot.x_ticks.empty() ? "" : fmt::format("set xtics ({})\n", fmt::join(plot.x_ticks, ","));
    std::string drawings;
    for (std::size_t k = 0; k < plot.lines.size(); ++k) {
        if (!plot.lines[k].half_width.empty()) {
            drawings += fmt::format("$line{} using 1:3:4 with filledcurves fs transparent solid "
                                    "0.22 noborder lc rgb '{}' notitle, ",
                                    k, colour_of(plot.lines[k]));
        }
    }
    for (std::size_t k = 0; k < plot.lines.size(); ++k) {
        const PlottedLine& line = plot.lines[k];
        drawings += fmt::format("$line{} using 1:2 with lines lw 1.7{} lc rgb '{}' {}, ", k,
                                line.dashed ? " dt 2" : "", colour_of(line),
                                line.title.empty() ? "notitle" : "title " + in_quotes(line.title));
    }
    drawings.resize(drawings.size() - 2);
    return draw_svg(name, plot_width, plot.height, script + "plot " + drawings + "\n");
}

} // namespace tinymf::host
