// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tinymf::host {

/// One function drawn as a line.
struct PlottedLine {
    std::string title{}; ///< in the key; empty: not there
    std::vector<double> x{};
    std::vector<double> y{};          ///< gaps where not finite
    std::vector<double> half_width{}; ///< of a band around it; empty: none
    std::size_t colour = 0;           ///< in line_colours, modulo their number
    bool dashed = false;
};

/// Several functions on common axes. Labels may hold Unicode, and gnuplot's `_{}` and `^{}`.
struct LinePlot {
    std::string x_label;
    std::string y_label;
    std::vector<PlottedLine> lines{}; ///< later ones lie above earlier ones
    int height = 300;
    bool from_zero = false; ///< the vertical axis includes 0
    bool logarithmic_x = false;
    bool logarithmic_y = false;
    std::vector<double> x_ticks{}; ///< numbers to show along x; empty: chosen by gnuplot
};

/// The drawing, as an <svg> element; lines of more than 1200 points are thinned out. Where no point
/// has a place on the axes, as for ratios in a silent network, a sentence that says so instead.
/// Throws HostError as draw_svg.
[[nodiscard]] std::string draw_lines(std::string_view name, const LinePlot& plot);

} // namespace tinymf::host
