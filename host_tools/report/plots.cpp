// SPDX-License-Identifier: Apache-2.0
#include "report/plots.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "report/gnuplot.hpp"
#include "report/plot_style.hpp"

namespace tinymf::host {
namespace {

std::string end_of_run(const Recording& recording) {
    return fmt::format("set xrange [0:{:.9g}]\n", recording.time_of(recording.parameters.steps));
}

/// A column of values with "NaN" where a logarithmic axis has no place for one.
std::string on_log_axis(std::optional<double> value) {
    return value && *value > 0.0 ? fmt::format("{:.6g}", *value) : "NaN";
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
    const double range = std::max(1e-9, trace.x.cwiseAbs().maxCoeff());
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

std::string plot_reference_error(std::string_view name, const ReferenceComparison& reference) {
    constexpr std::size_t most_points = 1200;
    std::string script = "$e << EOD\n";
    const auto at = [](const std::vector<double>& values, std::size_t k) {
        return k < values.size() ? std::optional(values[k]) : std::nullopt;
    };
    const std::size_t stride = stride_for(reference.times.size(), most_points);
    for (std::size_t k = 0; k < reference.times.size(); k += stride) {
        script += fmt::format("{:.9g} {} {} {} {}\n", reference.times[k],
                              on_log_axis(at(reference.solution.error, k)),
                              on_log_axis(at(reference.solution.bound, k)),
                              on_log_axis(at(reference.scheme.error, k)),
                              on_log_axis(at(reference.scheme.bound, k)));
    }
    script += "EOD\n";
    script += plot_axes;
    script += fmt::format("set xrange [0:{:.9g}]\n", std::max(1e-9, reference.times.back()));
    script += "set logscale y\nset format y '10^{%L}'\nset ylabel 'largest |error| over neurons' "
              "textcolor rgb '#333c45'\nset key outside top right horizontal maxcols 2\n";
    if (reference.tolerance > 0.0) {
        script += fmt::format("set arrow from graph 0, first {0:.6g} to graph 1, first {0:.6g} "
                              "nohead lc rgb '#8a94a0' dt 3\n",
                              reference.tolerance);
    }
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
    constexpr double states_row = 1.0;
    constexpr double digests_row = 2.0;
    constexpr std::size_t most_marks = 800;
    const auto colour = [](std::uint32_t step, std::optional<std::uint32_t> difference) {
        constexpr int equal = 0x2A9D5C;
        constexpr int differs = 0xC62828;
        constexpr int not_compared = 0xC3CAD1;
        return !difference || step < *difference ? equal
               : step == *difference             ? differs
                                                 : not_compared;
    };
    std::optional<std::uint32_t> difference;
    if (bits.state_difference) {
        difference = bits.state_difference->step;
    } else if (bits.digest_difference) {
        difference = bits.digest_difference->step;
    }
    std::string script = "$m << EOD\n";
    const bool network = recording.of_network();
    const auto place = [&](std::uint32_t step) {
        return network ? recording.time_of(step) : static_cast<double>(step);
    };
    const auto add = [&](std::uint32_t step, double row) {
        script += fmt::format("{:.9g} {} {}\n", place(step), row, colour(step, difference));
    };
    if (recording.channels() > 0) {
        const auto& steps = recording.steps_of(0);
        const std::size_t stride = stride_for(steps.size(), most_marks);
        for (std::size_t k = 0; k < steps.size(); k += stride) {
            add(steps[k], states_row);
        }
    }
    for (const DigestMark& mark : recording.digests) {
        add(mark.step, digests_row);
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
