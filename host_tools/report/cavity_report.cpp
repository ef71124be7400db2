// SPDX-License-Identifier: Apache-2.0
#include "report/cavity_report.hpp"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "output_file/whole_file.hpp"
#include "report/gnuplot.hpp"
#include "report/html.hpp"
#include "report/line_plot.hpp"
#include "report/plot_style.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

constexpr int square = 420;

/// The reaction of single neurons at single times over what the cavity method says it is.
std::string scatter_plot(const CavityCheck& check, const CavitySize& size) {
    std::string script = "$pairs << EOD\n";
    for (std::size_t k = 0; k < size.shown_memory.size(); ++k) {
        script += fmt::format("{:.7g} {:.7g}\n", size.shown_memory[k], size.shown_reaction[k]);
    }
    script += "EOD\n";
    script += plot_axes;
    script += fmt::format("set xlabel 'memory term'\nset ylabel 'reaction' textcolor rgb "
                          "'#333c45'\nset key top left\nset format '%g'\n"
                          "plot $pairs using 1:2 with points pt 7 ps 0.35 lc rgb '{}' title "
                          "'N = {}', {}*x with lines lw 1.5 lc rgb '{}' title 'slope {}'\n",
                          line_colours[0], size.neurons, check.null_test ? 0 : 1, line_colours[3],
                          check.null_test ? 0 : 1);
    return draw_svg(fmt::format("scatter{}", size.neurons), square, square, script);
}

std::string residual_plot(const CavityCheck& check) {
    PlottedLine found{.title = "residual"};
    PlottedLine law{.title = "N^{-1/2} through the first", .colour = 1, .dashed = true};
    const CavitySize& first = check.sizes.front();
    for (const CavitySize& size : check.sizes) {
        found.x.push_back(size.neurons);
        found.y.push_back(size.residual);
        found.half_width.push_back(2.0 * size.residual_error);
        law.x.push_back(size.neurons);
        law.y.push_back(first.residual * std::sqrt(static_cast<double>(first.neurons) /
                                                   static_cast<double>(size.neurons)));
    }
    return draw_lines("residual", {.x_label = "neurons N",
                                   .y_label = "residual, root mean square",
                                   .lines = {law, found},
                                   .logarithmic_x = true,
                                   .logarithmic_y = true,
                                   .x_ticks = found.x});
}

void add_row(const CavityCheck& check, const TheoryRow& row,
             std::vector<std::vector<std::string>>& cells) {
    const bool within = std::abs(row.z()) <= check.largest_z;
    cells.push_back({escape_html(row.name), fmt::format("{:.5f}", row.observed),
                     fmt::format("{:g}", row.predicted), fmt::format("{:.2g}", row.standard_error),
                     fmt::format("{:+.2f}{}", row.z(), within ? "" : " " + badge("fail", "fail")),
                     escape_html(row.origin)});
}

std::string row_table(const CavityCheck& check) {
    std::vector<std::vector<std::string>> cells;
    for (const CavitySize& size : check.sizes) {
        for (const TheoryRow& row : size.rows) {
            add_row(check, row, cells);
        }
    }
    for (const TheoryRow& row : check.scaling) {
        add_row(check, row, cells);
    }
    return table(
        {"Quantity", "Observed", "Predicted", "Standard error", "z", "Origin of the error"}, cells);
}

} // namespace

std::string cavity_report(const CavityCheck& check) {
    std::string body = fmt::format(
        "<header><h1>{}: cavity {}</h1><p class=\"soft\">tinymf {} ({}): {} neurons added, one at "
        "a "
        "time, to each of {} networks. R_phi and C_phi: {}.</p></header>\n<section>\n",
        escape_html(check.name), check.passed() ? badge("pass", "pass") : badge("fail", "fail"),
        build_facts.version, build_facts.git_hash, check.added, check.networks,
        escape_html(check.response));
    const std::string caption =
        check.null_test ? "Without reciprocity the network's reaction has no memory of the neuron."
                        : "The network's reaction to a neuron and the memory term of the mean "
                          "field, at some times of the first network's neurons.";
    for (const CavitySize& size : check.sizes) {
        body += figure(scatter_plot(check, size), caption);
    }
    if (check.sizes.size() > 1) {
        body += figure(residual_plot(check), "Band: two standard errors.");
    }
    body += row_table(check);
    body += fmt::format("<p class=\"soft\">Allowed |z| {:.2f}: {}.</p>\n", check.largest_z,
                        law_text(check.freedom));
    return page("tinymf: cavity of " + check.name, body + "</section>\n");
}

void write_cavity_report(const std::filesystem::path& path, const CavityCheck& check) {
    write_whole_file(path, cavity_report(check));
}

} // namespace tinymf::host
