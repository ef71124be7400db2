// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/problem_list.hpp"
#include "capture/profile_choice.hpp"
#include "experiment/checked_table.hpp"
#include "experiment/ranges.hpp"
#include "experiment/toml_source.hpp"
#include "models/host_profiles.hpp"
#include "sweep/outcome.hpp"
#include "sweep/sweep.hpp"
#include "sweep/sweep_values.hpp"

namespace tinymf::host {
namespace {

using Names = std::vector<std::string_view>;

bool is_number(const SweepValue& value) {
    return value.shown.is_number();
}

class SweepReader {
public:
    explicit SweepReader(const std::filesystem::path& file)
        : source_{printable(file.string(), 4096)}, text_{read_small_text(file)},
          root_{parse_toml(text_, source_)}, table_{root_, source_, text_, problems_} {
        sweep_.source = source_;
        sweep_.text = text_;
        sweep_.experiment_file = file.parent_path();
        const std::string stem = file.stem().string();
        sweep_.name = printable(stem, 64) == stem && stem.size() <= 64 ? stem : "sweep";
    }

    Sweep read() {
        read_head();
        read_overrides();
        read_axes();
        read_collection();
        read_plots();
        table_.refuse_unread_keys();
        problems_.throw_if_any();
        sweep_.experiment_text = read_small_text(sweep_.experiment_file);
        return std::move(sweep_);
    }

private:
    void read_head() {
        constexpr std::uint32_t most_seeds = most_sweep_jobs;
        std::uint32_t schema = sweep_schema_version;
        if (!table_.has("schema")) {
            table_.refuse("schema", "is missing; the first line must be schema = 1");
        }
        table_.read_integer("schema", sweep_schema_version, sweep_schema_version, schema);
        table_.read_text("name", sweep_.name);
        std::string experiment;
        if (!table_.has("experiment")) {
            table_.refuse("experiment", "is missing; it names the experiment file to vary");
        }
        table_.read_text("experiment", experiment, longest_path);
        sweep_.experiment_file /= experiment;
        table_.read_integer<std::uint64_t>("seed", 0, std::numeric_limits<std::int64_t>::max(),
                                           sweep_.seed);
        table_.read_integer<std::uint32_t>("seeds", 1, most_seeds, sweep_.seeds);
    }

    [[nodiscard]] Override override_of(const std::string& key, const std::string& value,
                                       const toml::node& node) const {
        return {fmt::format("{}={}", key, value),
                fmt::format("{}: {} = {}", place_text(node.source(), source_), printable(key),
                            printable(value))};
    }

    void read_overrides() {
        table_.read_section("set", [this](const std::string& key, const toml::node& node) {
            if (const auto value = written_value(node)) {
                sweep_.fixed.push_back(override_of(key, value->toml, node));
            } else {
                table_.refuse(key, node, "must be a number, text, or a list of these");
            }
        });
    }

    void read_axes() {
        table_.read_section("grid", [this](const std::string& key, const toml::node& node) {
            if (key == "model.seed") {
                table_.refuse(key, node, "is drawn for every job; set seed and seeds");
            } else if (const toml::array* list = node.as_array()) {
                read_list(key, *list);
            } else if (const toml::table* range = node.as_table()) {
                read_range(key, *range);
            } else {
                table_.refuse(key, node,
                              "must be a list of values, or { from = A, to = B, count = N }");
            }
        });
        std::size_t jobs = sweep_.seeds;
        for (const SweepAxis& axis : sweep_.axes) {
            jobs = std::min(jobs * axis.values.size(), most_sweep_jobs + 1);
        }
        if (jobs > most_sweep_jobs) {
            table_.refuse("grid", fmt::format("makes more than {} jobs", most_sweep_jobs));
        }
    }

    void read_list(const std::string& key, const toml::array& list) {
        SweepAxis axis{key, {}};
        for (const toml::node& node : list) {
            const auto value = written_value(node);
            if (!value) {
                table_.refuse(key, node, "must be a number, text, or a list of these");
                return;
            }
            axis.values.push_back({value->shown, override_of(key, value->toml, node)});
        }
        if (axis.values.empty() || axis.values.size() > most_sweep_values) {
            table_.refuse(key, list, fmt::format("must have 1 to {} values", most_sweep_values));
            return;
        }
        sweep_.axes.push_back(std::move(axis));
    }

    void read_range(const std::string& key, const toml::table& range) {
        CheckedTable table(range, source_, text_, problems_);
        double from = 0.0;
        double to = 0.0;
        std::uint32_t count = 0;
        for (const std::string_view needed : {"from", "to", "count"}) {
            if (!table.has(needed)) {
                table_.refuse(key, range, fmt::format("has no {}", needed));
                return;
            }
        }
        table.read_real("from", -largest_sweep_end, largest_sweep_end, from);
        table.read_real("to", -largest_sweep_end, largest_sweep_end, to);
        table.read_integer<std::uint32_t>("count", 2, most_sweep_values, count);
        const bool logarithmic = table.choice("spacing", spacings).value_or(0) == 1;
        table.refuse_unread_keys();
        if (logarithmic && !(from > 0.0 && to > 0.0)) {
            table_.refuse(key, range, "must lie above 0 for logarithmic spacing");
            return;
        }
        SweepAxis axis{key, {}};
        for (const WrittenValue& value : spaced_values(from, to, count, logarithmic)) {
            axis.values.push_back({value.shown, override_of(key, value.toml, range)});
        }
        if (!axis.values.empty()) {
            sweep_.axes.push_back(std::move(axis));
        }
    }

    void read_collection() {
        Collection& collect = sweep_.collect;
        Names outcomes;
        std::ranges::transform(all_outcomes(), std::back_inserter(outcomes), &Outcome::name);
        table_.read_choices("collect.run", outcomes,
                            [&](std::size_t index) { collect.run.emplace_back(outcomes[index]); });
        const Names theory(theory_names().begin(), theory_names().end());
        table_.read_choices("collect.theory", theory,
                            [&](std::size_t index) { collect.theory.emplace_back(theory[index]); });
        table_.read_real("collect.after", 0.0, latest_collection, collect.after);
        table_.read_flag("collect.discrete", collect.discrete);
        if (collect.run.empty() && collect.theory.empty() && problems_.empty()) {
            table_.refuse("collect",
                          fmt::format("names nothing; run takes {}; theory takes {}",
                                      fmt::join(outcomes, ", "), fmt::join(theory, ", ")));
        }
        if (collect.run.empty() && sweep_.seeds > 1) {
            table_.refuse("seeds", "theory does not depend on the seed");
        }
    }

    void read_plots() {
        std::vector<std::string> columns = sweep_.collect.run;
        for (const std::string& name : sweep_.collect.theory) {
            columns.push_back("theory." + name);
        }
        for (const toml::table* node : table_.tables("plot")) {
            CheckedTable table(*node, source_, text_, problems_);
            SweepPlot plot;
            read_plot_axis(table, plot);
            const Names names(columns.begin(), columns.end());
            table.read_choices("y", names,
                               [&](std::size_t index) { plot.columns.push_back(columns[index]); });
            table.read_choices("logarithmic", plot_directions, [&](std::size_t index) {
                (index == 0 ? plot.logarithmic_x : plot.logarithmic_y) = true;
            });
            table.refuse_unread_keys();
            if (!table.has("x") || !table.has("y")) {
                table_.refuse("plot", *node,
                              "needs x, a key of the grid, and y, names of outcomes");
            }
            sweep_.plots.push_back(std::move(plot));
        }
    }

    void read_plot_axis(CheckedTable& table, SweepPlot& plot) {
        std::string key;
        table.read_text("x", key);
        const auto axis = std::ranges::find(sweep_.axes, key, &SweepAxis::key);
        plot.axis = static_cast<std::size_t>(axis - sweep_.axes.begin());
        if (axis == sweep_.axes.end()) {
            if (!key.empty()) {
                table.refuse("x", "is no key of the grid");
            }
        } else if (!std::ranges::all_of(axis->values, is_number)) {
            table.refuse("x", "must be a key with numbers");
        }
    }

    std::string source_;
    std::string text_;
    ProblemList problems_;
    toml::table root_;
    CheckedTable table_;
    Sweep sweep_;
};

DeviceIntroduction this_program() {
    DeviceIntroduction host;
    host.board = "host";
    const std::span profiles = host_profiles();
    host.profiles.assign(profiles.begin(), profiles.end());
    return host;
}

/// Throws when the job could not run to its end, or would have nothing of what is to be kept.
void check_job(const Sweep& sweep, std::size_t job, const DeviceIntroduction& host) {
    const Experiment experiment = sweep.experiment_of(job);
    if (sweep.collect.run.empty()) {
        return;
    }
    static_cast<void>(choose_profile(experiment, host));
    if (experiment.scalar() == experiment::ScalarKind::float32) {
        static_cast<void>(rounded_to_float(experiment));
    }
    ProblemList problems;
    for (const std::string& name : sweep.collect.run) {
        const std::string reason = outcome_named(name).missing(experiment);
        if (!reason.empty()) {
            problems.add(fmt::format("{}: collect.run: {} {}", sweep.source, name, reason));
        }
    }
    const double end = experiment.parameters.steps * experiment.parameters.dt;
    if (sweep.collect.after >= end) {
        problems.add(fmt::format("{}: collect.after = {}: must be between 0 and {}, where the run "
                                 "ends",
                                 sweep.source, number_text(sweep.collect.after), number_text(end)));
    }
    problems.throw_if_any();
}

} // namespace

Sweep load_sweep(const std::filesystem::path& file, std::span<const std::string> overrides) {
    Sweep sweep = SweepReader(file).read();
    std::ranges::transform(overrides, std::back_inserter(sweep.fixed), Override::on_command_line);
    const DeviceIntroduction host = this_program();
    for (std::size_t point = 0; point < sweep.points(); ++point) {
        check_job(sweep, point * sweep.seeds, host);
    }
    return sweep;
}

} // namespace tinymf::host
