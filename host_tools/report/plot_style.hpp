// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace tinymf::host {

inline constexpr int plot_width = 860;

/// Gnuplot settings that every plot begins with; time is to the right unless it says otherwise.
inline constexpr std::string_view plot_axes = R"(
set encoding utf8
set border 3 lc rgb '#8a94a0' lw 1
set tics nomirror textcolor rgb '#4a5560'
set xtics out scale 0.5
set ytics out scale 0.5
set grid lc rgb '#e6eaee' lw 1 dt 1
set key textcolor rgb '#333c45' samplen 1.6 spacing 1.1
set xlabel 'time t / τ' textcolor rgb '#333c45' offset 0,0.3
set lmargin 10
set rmargin 3
)";

/// Blue, orange, green, vermilion, purple, sky: told apart by colour-blind readers as well.
inline constexpr std::array<std::string_view, 6> line_colours{"#0072b2", "#e69f00", "#009e73",
                                                              "#d55e00", "#a05195", "#56b4e9"};

/// Every how many of `count` rows to keep so that at most `most` remain.
[[nodiscard]] constexpr std::size_t stride_for(std::size_t count, std::size_t most) {
    return std::max<std::size_t>(1, (count + most - 1) / most);
}

} // namespace tinymf::host
