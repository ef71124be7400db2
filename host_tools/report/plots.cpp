// SPDX-License-Identifier: Apache-2.0
#include "report/plots.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "report/agreement_marks.hpp"
#include "report/gnuplot.hpp"
#include "report/plot_style.hpp"

namespace tinymf::host {
namespace {

std::string end_of_run(const Recording& recording) {
    return fmt::format("set xrange [0:{:.9g}]\n", recording.time_of(recording.parameters.steps));
}

/// Gnuplot's logarithmic axes end at the smallest normal number.
bool on_log_axis(double value) {
    return std::isnormal(value) && value > 0.0;
}

/// Entry k of a column, with "NaN" where a logarithmic axis has no place for it.
std::string log_cell(const std::vector<double>& values, std::size_t k) {
    return k < values.size() && on_log_axis(values[k]) ? fmt::format("{:.6g}", values[k]) : "NaN";
}

} // namespace

std::string plot_traces(std::string_view name, const Recording& recording) {
    constexpr std::size_t most_points = 1200;
    const StateTrace& trace = recording.replicas.front();
    const auto neurons = static_cast<std::size_t>(trace.x.cols());
    const std::size_t shown = std::min(neurons, line_colours.size());
    std::string script = "$x << EOD\n";
    const std::size_t stride = stride_for(trace.steps.size(), most_points);
    for (std::size_t row = 0; row < trace.steps.size(); row += stride) {
        script += fmt::format("{:.9g}", recording.time_of(trace.steps[row]));
        for (std::size_t k = 0; k < shown; ++k) {
            script +=
                fmt::format(" {:.6g}", trace.x(static_cast<Eigen::Index>(row),
                                               static_cast<Eigen::Index>(k * neurons / shown)));
        }
        script += '\n';
    }
    script += "EOD\n";
    script += plot_axes;
    script += end_of_run(recording);
    script += "set ylabel 'input x_i' textcolor rgb '#333c45'\n"
              "set key outside top right horizontal\nplot ";
    for (std::size_t k = 0; k < shown; ++k) {
        script += fmt::format("{}$x using 1:{} with lines lw 1.6 lc rgb '{}' title 'i = {}'",
                              k == 0 ? "" : ", ", k + 2, line_colours[k], k * neurons / shown);
    }
    return draw_svg(name, plot_width, 300, script + '\n');
}

std::string plot_population(std::string_view name, const Recording& recording) {
    constexpr std::size_t most_columns = 800;
    const StateTrace& trace = recording.replicas.front();
    const std::size_t stride = stride_for(trace.steps.size(), most_columns);
    std::string script = "$x << EOD\n";
    for (Eigen::Index neuron = 0; neuron < trace.x.cols(); ++neuron) {
        for (std::size_t row = 0; row < trace.steps.size(); row += stride) {
            script += fmt::format("{:.4g} ", trace.x(static_cast<Eigen::Index>(row), neuron));
        }
        script += '\n';
    }
    script += "EOD\n";
    script += plot_axes;
    const double begin = recording.time_of(trace.steps.front());
    const std::size_t columns = (trace.steps.size() + stride - 1) / stride;
    const double end = recording.time_of(trace.steps[(columns - 1) * stride]);
    const double step = columns > 1 ? (end - begin) / static_cast<double>(columns - 1) : 1.0;
    const double range = std::max(1e-9, trace.x.largest_magnitude());
    script +=
        fmt::format("unset grid\nset xrange [{:.9g}:{:.9g}]\nset yrange [-0.5:{}]\n",
                    begin - step / 2, end + step / 2, static_cast<double>(trace.x.cols()) - 0.5);
    script += fmt::format("set cbrange [{:.4g}:{:.4g}]\n", -range, range);
    script += "set palette defined (0 '#1b4f8f', 0.25 '#6aaed6', 0.5 '#f7f7f5', "
              "0.75 '#f2a06b', 1 '#9e1f2d')\n"
              "set cblabel 'x_i' textcolor rgb '#333c45'\nset colorbox\n"
              "set rmargin 12\nset ylabel 'neuron i' textcolor rgb '#333c45'\n";
    script += fmt::format("plot $x matrix using ({:.9g} + $1*{:.9g}):2:3 with image notitle\n",
                          begin, step);
    return draw_svg(name, plot_width, 340, script);
}

bool has_reference_error(const ReferenceComparison& reference) {
    const auto drawable = [](const std::vector<double>& values) {
        return std::ranges::any_of(values, on_log_axis);
    };
    return drawable(reference.scheme.error) || drawable(reference.scheme.bound);
}

std::string plot_reference_error(std::string_view name, const ReferenceComparison& reference) {
    constexpr std::size_t most_points = 1200;
    std::string script = "$e << EOD\n";
    for (const std::size_t k : drawn_states(reference, most_points)) {
        script += fmt::format(
            "{:.9g} {} {} {} {}\n", reference.times[k], log_cell(reference.solution.error, k),
            log_cell(reference.solution.bound, k), log_cell(reference.scheme.error, k),
            log_cell(reference.scheme.bound, k));
    }
    script += "EOD\n";
    script += plot_axes;
    script += fmt::format("set xrange [0:{:.9g}]\n", std::max(1e-9, reference.times.back()));
    script += "set logscale y\nset format y '10^{%L}'\nset ylabel 'largest |error| over neurons' "
              "textcolor rgb '#333c45'\nset key outside top right horizontal maxcols 2\n";
    const bool separate = reference.method == ReferenceMethod::ode;
    script += "plot ";
    if (separate) {
        script +=
            "$e using 1:3 with lines lw 1.6 dt 2 lc rgb '#d55e00' title 'bound, step size and "
            "rounding', $e using 1:2 with lines lw 1.8 lc rgb '#d55e00' title 'to the "
            "differential equation', ";
    }
    script += "$e using 1:5 with lines lw 1.6 dt 2 lc rgb '#0072b2' title 'bound, rounding', "
              "$e using 1:4 with lines lw 1.8 lc rgb '#0072b2' title 'to the same scheme in "
              "double'\n";
    return draw_svg(name, plot_width, 360, script);
}

std::string plot_agreement(std::string_view name, const Recording& recording,
                           const BitComparison& bits) {
    constexpr std::array<int, 3> colours{0x2A9D5C, 0xC62828, 0xC3CAD1}; // by Agreement
    constexpr double states_row = 1.0;
    constexpr double digests_row = 2.0;
    const bool network = recording.of_network();
    const auto place = [&](std::uint32_t step) {
        return network ? recording.time_of(step) : static_cast<double>(step);
    };
    std::string script = "$m << EOD\n";
    for (const AgreementMark& mark : agreement_marks(recording, bits)) {
        script +=
            fmt::format("{:.9g} {} {}\n", place(mark.step), mark.digest ? digests_row : states_row,
                        colours.at(static_cast<std::size_t>(mark.agreement)));
    }
    script += "EOD\n";
    script += plot_axes;
    script += fmt::format("set xrange [0:{:.9g}]\n", place(recording.last_step()));
    script += network ? "" : "set xlabel 'row, of one population after the other'\n";
    script += fmt::format("unset grid\nset border 1\nset yrange [0.5:2.5]\n"
                          "set ytics ('{}' 1, 'digests' 2) scale 0\n",
                          network ? "states" : "rows");
    script += "plot $m using 1:($2-0.36):(0):(0.72):3 with vectors nohead lw 1.6 lc rgb variable "
              "notitle\n";
    return draw_svg(name, plot_width, 130, script);
}

} // namespace tinymf::host
