// SPDX-License-Identifier: Apache-2.0
#include "report/sweep_report.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "output_file/whole_file.hpp"
#include "report/html.hpp"
#include "report/line_plot.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::string shown(const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>() : json_text(value);
}

/// Where the other axes than the plot's stand: "model.reciprocity = 0.5"; empty without others.
std::string branch_of(const Sweep& sweep, const SweepPlot& plot, std::size_t point) {
    std::string name;
    const auto values = sweep.values_at(point);
    for (std::size_t k = 0; k < sweep.axes.size(); ++k) {
        if (k != plot.axis) {
            name += fmt::format("{}{} = {}", name.empty() ? "" : ", ", sweep.axes[k].key,
                                shown(values[k]->shown));
        }
    }
    return name;
}

SeedAverage column_at(const SweepResult& result, std::size_t point, const std::string& column) {
    const auto& names = result.run_names;
    for (std::size_t k = 0; k < names.size(); ++k) {
        if (names[k] == column) {
            return result.points[point].run[k];
        }
    }
    const auto& theory = result.sweep.collect.theory;
    for (std::size_t k = 0; k < theory.size(); ++k) {
        const nlohmann::json& value = result.points[point].theory[k];
        if ("theory." + theory[k] == column && value.is_number()) {
            return {value.get<double>(), 0.0};
        }
    }
    return {};
}

bool is_theory(const std::string& column) {
    return column.starts_with("theory.");
}

/// One line for each branch, in the order of the points.
void add_lines(const SweepResult& result, const SweepPlot& plot, const std::string& column,
               LinePlot& drawing) {
    const Sweep& sweep = result.sweep;
    std::map<std::string, std::size_t> line_of_branch;
    for (std::size_t point = 0; point < result.points.size(); ++point) {
        const std::string branch = branch_of(sweep, plot, point);
        const auto [found, is_new] = line_of_branch.try_emplace(branch, drawing.lines.size());
        if (is_new) {
            drawing.lines.push_back({.title = column + (branch.empty() ? "" : ", " + branch),
                                     .colour = line_of_branch.size() - 1,
                                     .dashed = is_theory(column)});
        }
        PlottedLine& line = drawing.lines[found->second];
        const SeedAverage value = column_at(result, point, column);
        line.x.push_back(sweep.values_at(point)[plot.axis]->shown.get<double>());
        line.y.push_back(value.mean.value_or(unknown));
        if (!is_theory(column)) {
            line.half_width.push_back(2.0 * value.standard_error.value_or(0.0));
        }
    }
}

std::string drawing_of(const SweepResult& result, std::size_t index) {
    const SweepPlot& plot = result.sweep.plots[index];
    LinePlot drawing{.x_label = result.sweep.axes[plot.axis].key,
                     .y_label = plot.columns.size() == 1 ? plot.columns.front() : "",
                     .logarithmic_x = plot.logarithmic_x,
                     .logarithmic_y = plot.logarithmic_y};
    for (const std::string& column : plot.columns) {
        add_lines(result, plot, column, drawing);
    }
    return figure(draw_lines(fmt::format("plot{}", index), drawing),
                  "Dashed: theory. Bands: two standard errors over the seeds.");
}

std::string points_table(const SweepResult& result) {
    const Sweep& sweep = result.sweep;
    std::vector<std::string> heading;
    for (const SweepAxis& axis : sweep.axes) {
        heading.push_back(escape_html(axis.key));
    }
    heading.insert(heading.end(), result.run_names.begin(), result.run_names.end());
    for (const std::string& name : sweep.collect.theory) {
        heading.push_back("theory: " + name);
    }
    std::vector<std::vector<std::string>> rows;
    for (std::size_t point = 0; point < result.points.size(); ++point) {
        std::vector<std::string> row;
        for (const SweepValue* value : sweep.values_at(point)) {
            row.push_back(escape_html(shown(value->shown)));
        }
        for (const SeedAverage& average : result.points[point].run) {
            row.push_back(!average.mean             ? "n/a"
                          : !average.standard_error ? fmt::format("{:.6g}", *average.mean)
                                                    : fmt::format("{:.6g} ± {:.2g}", *average.mean,
                                                                  *average.standard_error));
        }
        for (const nlohmann::json& value : result.points[point].theory) {
            row.push_back(value.is_number() ? fmt::format("{:.6g}", value.get<double>())
                          : value.is_null() ? "n/a"
                                            : escape_html(shown(value)));
        }
        rows.push_back(std::move(row));
    }
    return table(heading, rows);
}

std::string file_text(std::string_view title, const std::string& text) {
    return fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", title,
                       escape_html(text));
}

} // namespace

std::string sweep_report(const SweepResult& result) {
    const Sweep& sweep = result.sweep;
    std::string body = fmt::format(
        "<header><h1>{}</h1><p class=\"soft\">tinymf {} ({}): {} points, {} seeds at each, {} runs "
        "failed</p></header>\n<section>\n",
        escape_html(sweep.name), build_facts.version, build_facts.git_hash, result.points.size(),
        sweep.seeds, result.failures());
    for (std::size_t plot = 0; plot < sweep.plots.size(); ++plot) {
        body += drawing_of(result, plot);
    }
    body += points_table(result);
    body += file_text("sweep file", sweep.text);
    body += file_text("experiment file", sweep.experiment_text);
    return page("tinymf: " + sweep.name, body + "</section>\n");
}

void write_sweep_report(const std::filesystem::path& path, const SweepResult& result) {
    write_whole_file(path, sweep_report(result));
}

} // namespace tinymf::host
