// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "export/run_export.hpp"
#include "sweep/sweep_result.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

using nlohmann::json;
using Row = std::vector<json>;

json value_of(const std::optional<double>& number) {
    return number ? json(*number) : json();
}

/// A cell of a table: empty for null, text as it is.
std::string cell(const json& value) {
    if (value.is_null()) {
        return {};
    }
    return csv_field(value.is_string() ? value.get<std::string>() : json_text(value));
}

std::string csv_line(const Row& row) {
    std::vector<std::string> cells;
    std::ranges::transform(row, std::back_inserter(cells), cell);
    return fmt::format("{}\n", fmt::join(cells, ","));
}

void add_axes_heading(const Sweep& sweep, Row& row) {
    for (const SweepAxis& axis : sweep.axes) {
        row.emplace_back(axis.key);
    }
}

void add_axes(const Sweep& sweep, std::size_t point, Row& row) {
    for (const SweepValue* value : sweep.values_at(point)) {
        row.push_back(value->shown);
    }
}

Row points_heading(const SweepResult& result) {
    Row row{"point"};
    add_axes_heading(result.sweep, row);
    row.emplace_back("failures");
    for (const std::string& name : result.run_names) {
        row.emplace_back(name);
        row.emplace_back(name + "_se");
    }
    for (const std::string& name : result.sweep.collect.theory) {
        row.emplace_back("theory." + name);
    }
    return row;
}

Row points_row(const SweepResult& result, std::size_t point) {
    const SweepResult::Point& reduced = result.points[point];
    Row row{point};
    add_axes(result.sweep, point, row);
    row.emplace_back(reduced.failures);
    for (const SeedAverage& average : reduced.run) {
        row.push_back(value_of(average.mean));
        row.push_back(value_of(average.standard_error));
    }
    row.insert(row.end(), reduced.theory.begin(), reduced.theory.end());
    return row;
}

json outcome_of(const JobOutcomes& job, const std::string& name) {
    return job.value(name, json());
}

/// One row as wide as the widest cells of its columns.
std::string aligned(const Row& row, const std::vector<std::size_t>& widths) {
    std::string text;
    for (std::size_t k = 0; k < row.size(); ++k) {
        text += fmt::format("{:>{}}{}", cell(row[k]), widths[k], k + 1 < row.size() ? "  " : "\n");
    }
    return text;
}

/// Six digits are enough at a terminal.
json shortened(const json& value) {
    return value.is_number_float() ? json(fmt::format("{:.6g}", value.get<double>())) : value;
}

json job_object(const SweepResult& result, std::size_t job) {
    return {{"job", job}, {"seed", result.sweep.seed_of(job)}, {"outcomes", result.jobs[job]}};
}

json point_object(const SweepResult& result, std::size_t point) {
    const Sweep& sweep = result.sweep;
    const SweepResult::Point& reduced = result.points[point];
    json object{{"point", point}, {"failures", reduced.failures}, {"jobs", json::array()}};
    const auto values = sweep.values_at(point);
    for (std::size_t k = 0; k < sweep.axes.size(); ++k) {
        object["at"][sweep.axes[k].key] = values[k]->shown;
    }
    for (std::size_t k = 0; k < result.run_names.size(); ++k) {
        object["run"][result.run_names[k]] = {
            {"mean", value_of(reduced.run[k].mean)},
            {"standard_error", value_of(reduced.run[k].standard_error)}};
    }
    for (std::size_t k = 0; k < sweep.collect.theory.size(); ++k) {
        object["theory"][sweep.collect.theory[k]] = reduced.theory[k];
    }
    for (std::size_t k = 0; k < sweep.seeds; ++k) {
        object["jobs"].push_back(job_object(result, point * sweep.seeds + k));
    }
    return object;
}

} // namespace

std::string points_csv(const SweepResult& result) {
    std::string text = csv_line(points_heading(result));
    for (std::size_t point = 0; point < result.points.size(); ++point) {
        text += csv_line(points_row(result, point));
    }
    return text;
}

std::string jobs_csv(const SweepResult& result) {
    const Sweep& sweep = result.sweep;
    Row heading{"job", "point"};
    add_axes_heading(sweep, heading);
    heading.emplace_back("seed");
    heading.insert(heading.end(), sweep.collect.run.begin(), sweep.collect.run.end());
    heading.emplace_back("failure");
    std::string text = csv_line(heading);
    for (std::size_t job = 0; job < result.jobs.size(); ++job) {
        Row row{job, job / sweep.seeds};
        add_axes(sweep, job / sweep.seeds, row);
        row.emplace_back(sweep.seed_of(job));
        for (const std::string& name : sweep.collect.run) {
            row.push_back(outcome_of(result.jobs[job], name));
        }
        row.push_back(outcome_of(result.jobs[job], "failure"));
        text += csv_line(row);
    }
    return text;
}

json to_json(const SweepResult& result) {
    const Sweep& sweep = result.sweep;
    json axes = json::array();
    for (const SweepAxis& axis : sweep.axes) {
        json values = json::array();
        for (const SweepValue& value : axis.values) {
            values.push_back(value.shown);
        }
        axes.push_back({{"key", axis.key}, {"values", std::move(values)}});
    }
    json points = json::array();
    for (std::size_t point = 0; point < result.points.size(); ++point) {
        points.push_back(point_object(result, point));
    }
    return {{"name", sweep.name},
            {"seed", sweep.seed},
            {"seeds", sweep.seeds},
            {"after", sweep.collect.after},
            {"discrete", sweep.collect.discrete},
            {"axes", std::move(axes)},
            {"points", std::move(points)},
            {"failures", result.failures()},
            {"version", build_facts.version},
            {"git_hash", build_facts.git_hash},
            {"compiler", build_facts.compiler}};
}

std::string to_text(const SweepResult& result) {
    std::vector<Row> rows{points_heading(result)};
    for (std::size_t point = 0; point < result.points.size(); ++point) {
        Row row = points_row(result, point);
        std::ranges::transform(row, row.begin(), shortened);
        rows.push_back(std::move(row));
    }
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const Row& row : rows) {
        for (std::size_t k = 0; k < row.size(); ++k) {
            widths[k] = std::max(widths[k], cell(row[k]).size());
        }
    }
    std::string text;
    for (const Row& row : rows) {
        text += aligned(row, widths);
    }
    text.pop_back();
    return text;
}

} // namespace tinymf::host
