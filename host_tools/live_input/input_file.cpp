// SPDX-License-Identifier: Apache-2.0
#include "live_input/input_file.hpp"

#include <charconv>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "diagnostics/host_error.hpp"
#include "experiment_file/problem_list.hpp"
#include "experiment_file/ranges.hpp"
#include "experiment_file/toml_source.hpp"
#include "tinymf/model/stimulus.hpp"

namespace tinymf::host {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The number that the whole text spells.
template <class T>
std::optional<T> number_in(std::string_view text) {
    T value{};
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stopped == end ? std::optional(value) : std::nullopt;
}

/// Takes a file's lines one by one.
class InputRows {
public:
    InputRows(std::string_view source, const Experiment& experiment)
        : source_{source}, experiment_{experiment} {}

    void take(std::string_view line) {
        ++line_number_;
        const std::string_view row = trimmed(line);
        if (row.empty() || (line_number_ == 1 && is_header(row))) {
            return;
        }
        const std::size_t comma = row.find(',');
        if (comma == std::string_view::npos) {
            refuse(fmt::format("{}: must be two columns, step,value", printable(row)));
        }
        const std::uint32_t step = step_in(trimmed(row.substr(0, comma)));
        inputs_.push_back({step, value_in(trimmed(row.substr(comma + 1)))});
    }

    [[nodiscard]] std::vector<LiveInput> finish() && {
        if (inputs_.empty()) {
            throw HostError(exit_bad_input, fmt::format("{}: has no row step,value", source_));
        }
        return std::move(inputs_);
    }

private:
    [[nodiscard]] static bool is_header(std::string_view row) {
        const std::size_t comma = row.find(',');
        return comma != std::string_view::npos && trimmed(row.substr(0, comma)) == "step" &&
               trimmed(row.substr(comma + 1)) == "value";
    }

    [[nodiscard]] std::uint32_t step_in(std::string_view text) const {
        const auto step = number_in<std::uint32_t>(text);
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
        const auto value = number_in<double>(text);
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
    return parse_inputs(read_small_text(file), file.string(), experiment);
}

std::vector<LiveInput> parse_inputs(std::string_view text, std::string_view source,
                                    const Experiment& experiment) {
    require_live_stimulus(experiment);
    InputRows rows(source, experiment);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        rows.take(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return std::move(rows).finish();
}

} // namespace tinymf::host
