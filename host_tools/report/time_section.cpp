// SPDX-License-Identifier: Apache-2.0
#include "report/time_section.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "report/gnuplot.hpp"
#include "report/html.hpp"
#include "report/plot_style.hpp"

namespace tinymf::host {
namespace {

bool has_times(const Recording& recording) {
    return std::ranges::any_of(recording.times,
                               [](const PhaseTimes& times) { return times.total > 0; });
}

std::string phase_table(const Recording& recording, const TimeUnit& unit) {
    double whole = 0.0;
    for (const PhaseTimes& times : recording.times) {
        whole += times.mean();
    }
    std::vector<std::vector<std::string>> rows;
    for (const PhaseTimes& times : recording.times) {
        const auto in_unit = [&unit](double counts) {
            return fmt::format("{:.0f}", counts * unit.per_count);
        };
        rows.push_back({std::string(name_of(times)), fmt::format("{}", times.samples),
                        in_unit(times.least), in_unit(times.mean()), in_unit(times.most),
                        fmt::format("{:.1f} %", 100.0 * times.mean() / whole)});
    }
    return table({"Phase", "Steps", "Least", "Mean", "Most", "Share"}, rows);
}

/// A strip for each phase, shaded by how many of its steps fell into each octave of counts.
std::string plot_histogram(std::string_view name, const Recording& recording,
                           const TimeUnit& unit) {
    std::string script = "$h << EOD\n";
    std::string labels;
    for (std::size_t row = 0; row < recording.times.size(); ++row) {
        const PhaseTimes& times = recording.times[row];
        const std::size_t place = recording.times.size() - row;
        labels += fmt::format("{}'{}' {}", row == 0 ? "" : ", ", name_of(times), place);
        for (std::size_t bits = 0; bits < times.histogram.size(); ++bits) {
            if (times.histogram[bits] == 0) {
                continue;
            }
            const double upper = std::ldexp(unit.per_count, static_cast<int>(bits));
            script += fmt::format("{:.6g} {:.6g} {} {:.6g}\n", upper / 2, upper, place,
                                  static_cast<double>(times.histogram[bits]) / times.samples);
        }
    }
    script += "EOD\n";
    script += plot_axes;
    script += fmt::format("set logscale x\nset format x '10^{{%L}}'\nset xlabel \"{} a step\"\n"
                          "set yrange [0.4:{}.6]\nset ytics noenhanced ({})\nset lmargin 14\n"
                          "set rmargin 12\nset cbrange [0:1]\nset palette defined (0 '#dbe9f6', "
                          "1 '#0b4f8a')\nset cblabel 'share of steps'\nset style fill solid 1.0\n",
                          unit.name, recording.times.size(), labels);
    script += "plot $h using 1:3:1:2:($3-0.35):($3+0.35):4 with boxxyerror lc palette notitle\n";
    return draw_svg(name, plot_width, 60 + 40 * static_cast<int>(recording.times.size()), script);
}

} // namespace

std::string time_section(const Recording& recording, std::size_t run) {
    std::string html;
    if (has_times(recording)) {
        const TimeUnit unit = time_unit(recording.metadata, recording.device);
        html += fmt::format("<h3>Work of a step, in {}</h3>\n", escape_html(unit.name));
        html += phase_table(recording, unit);
        html += figure(plot_histogram(fmt::format("run{}-times", run), recording, unit),
                       "What an empty measurement takes is subtracted; an interrupt counts for the "
                       "phase it came in. Boxes are octaves.");
    }
    if (recording.ticks) {
        html += fmt::format("<h3>Ticks</h3>\n<p>{}.</p>\n", to_text(*recording.ticks));
    }
    return html;
}

} // namespace tinymf::host
