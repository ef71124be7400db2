// SPDX-License-Identifier: Apache-2.0
#include "experiment/live_input.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "experiment/ranges.hpp"
#include "experiment/toml_source.hpp"
#include "experiment/written_number.hpp"
#include "tinymf/model/stimulus.hpp"

namespace tinymf::host {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// A line's cells: between commas, without blanks around them, and without the quotes that a
/// spreadsheet puts around them, of which a doubled one stands for itself. Empty cells at the end
/// do not count. Nothing when a quote has no end or more than blanks behind it.
std::optional<std::vector<std::string>> cells_of(std::string_view row) {
    std::vector<std::string> cells;
    for (bool more = true; more;) {
        std::string cell;
        row.remove_prefix(std::min(row.find_first_not_of(" \t\r"), row.size()));
        if (row.starts_with('"')) {
            row.remove_prefix(1);
            for (bool open = true; open;) {
                const std::size_t quote = row.find('"');
                if (quote == std::string_view::npos) {
                    return std::nullopt;
                }
                cell += row.substr(0, quote);
                row.remove_prefix(quote + 1);
                open = row.starts_with('"');
                if (open) {
                    cell += '"';
                    row.remove_prefix(1);
                }
            }
        }
        const std::size_t comma = std::min(row.find(','), row.size());
        const std::string_view plain = without_blanks(row.substr(0, comma));
        if (!plain.empty() && !cell.empty()) {
            return std::nullopt;
        }
        cell += plain;
        more = comma < row.size();
        row.remove_prefix(comma + (more ? 1 : 0));
        cells.emplace_back(without_blanks(cell));
    }
    while (cells.size() > 2 && cells.back().empty()) {
        cells.pop_back();
    }
    return cells;
}

/// Takes a file's lines one by one.
class InputRows {
public:
    InputRows(std::string_view source, const Experiment& experiment)
        : source_{source}, experiment_{experiment} {}

    void take(std::string_view line) {
        ++line_number_;
        if (without_blanks(line).empty()) {
            return;
        }
        const auto cells = cells_of(line);
        if (!cells) {
            refuse(fmt::format("{}: a quote is not closed, or more stands behind it",
                               printable(without_blanks(line))));
        }
        const bool first = std::exchange(first_row_, false);
        if (first && is_heading(*cells)) {
            return;
        }
        if (cells->size() != 2) {
            refuse(fmt::format("{}: must be two columns, step,value",
                               printable(without_blanks(line))));
        }
        const std::uint32_t step = step_in(cells->at(0));
        inputs_.push_back({step, value_in(cells->at(1))});
    }

    [[nodiscard]] std::vector<LiveInput> finish() && {
        if (inputs_.empty()) {
            throw HostError(exit_bad_input, fmt::format("{}: has no row step,value", source_));
        }
        return std::move(inputs_);
    }

private:
    /// Refuses a heading of other columns.
    [[nodiscard]] bool is_heading(const std::vector<std::string>& cells) const {
        if (cells == std::vector<std::string>{"step", "value"}) {
            return true;
        }
        const bool words = std::ranges::none_of(
            cells, [](const std::string& cell) { return written_real(cell).has_value(); });
        if (words && cells.size() > 1) {
            refuse(fmt::format("{}: the heading must be step,value",
                               printable(fmt::format("{}", fmt::join(cells, ",")))));
        }
        return false;
    }

    [[nodiscard]] std::uint32_t step_in(std::string_view text) const {
        const auto step = written_whole(text);
        const std::uint32_t last = experiment_.parameters.steps - 1;
        if (!step || *step > last) {
            refuse(fmt::format("step = {}: must be a whole number between 0 and {}",
                               printable(text), last));
        }
        if (!inputs_.empty() && *step <= inputs_.back().step) {
            refuse(fmt::format("step = {}: must be above {}, the step of the row before", *step,
                               inputs_.back().step));
        }
        return *step;
    }

    [[nodiscard]] double value_in(std::string_view text) const {
        const auto value = written_real(text);
        const auto& range = experiment::info(experiment::Field::input);
        const bool taken = value && *value >= static_cast<double>(range.lowest) &&
                           *value <= static_cast<double>(range.highest);
        if (!taken) {
            refuse(fmt::format("value = {}: {}", printable(text),
                               range_text(experiment::Field::input)));
        }
        return *value;
    }

    [[noreturn]] void refuse(const std::string& reason) const {
        throw HostError(exit_bad_input, fmt::format("{}:{}: {}", source_, line_number_, reason));
    }

    std::string_view source_;
    const Experiment& experiment_;
    std::size_t line_number_ = 0;
    bool first_row_ = true;
    std::vector<LiveInput> inputs_;
};

void require_live_stimulus(const Experiment& experiment) {
    const model::StimulusKind kind = experiment.parameters.stimulus;
    if (kind != model::StimulusKind::live) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: stimulus.kind = \"{}\": must be \"live\" to take inputs",
                                    experiment.source,
                                    model::stimulus_names.at(static_cast<std::size_t>(kind))));
    }
}

} // namespace

std::vector<LiveInput> load_inputs(const std::filesystem::path& file,
                                   const Experiment& experiment) {
    if (file == "-") {
        return parse_inputs(read_standard_input(), standard_input_name, experiment);
    }
    return parse_inputs(read_small_text(file), printable(file.string(), 4096), experiment);
}

std::vector<LiveInput> parse_inputs(std::string_view text, std::string_view source,
                                    const Experiment& experiment) {
    require_live_stimulus(experiment);
    if (text.find('\0') != std::string_view::npos) {
        throw HostError(exit_bad_input,
                        fmt::format("{}: holds NUL bytes; it must be plain text, UTF-8", source));
    }
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    InputRows rows(source, experiment);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        rows.take(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return std::move(rows).finish();
}

} // namespace tinymf::host
