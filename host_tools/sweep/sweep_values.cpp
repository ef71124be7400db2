// SPDX-License-Identifier: Apache-2.0
#include "sweep/sweep_values.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/problem_list.hpp"

namespace tinymf::host {
namespace {

WrittenValue written(double value) {
    std::string text = fmt::format("{}", value);
    if (text.find_first_of(".en") == std::string::npos) {
        text += ".0";
    }
    return {text, value};
}

WrittenValue written(std::int64_t value) {
    return {fmt::format("{}", value), value};
}

/// As it would be written by hand: without the last digits, which sums of steps spoil.
double twelve_digits(double value) {
    return std::stod(fmt::format("{:.12g}", value));
}

} // namespace

std::optional<WrittenValue> written_value(const toml::node& node) {
    if (const auto* integer = node.as_integer()) {
        return written(integer->get());
    }
    if (const auto* real = node.as_floating_point()) {
        return written(real->get());
    }
    if (const auto* text = node.as_string(); text && printable(text->get(), 64) == text->get()) {
        return WrittenValue{fmt::format("\"{}\"", text->get()), text->get()};
    }
    const toml::array* list = node.as_array();
    if (list == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> elements;
    for (const toml::node& element : *list) {
        const auto value = element.is_array() ? std::nullopt : written_value(element);
        if (!value) {
            return std::nullopt;
        }
        elements.push_back(value->toml);
    }
    const std::string text = fmt::format("[{}]", fmt::join(elements, ", "));
    return WrittenValue{text, text};
}

std::vector<WrittenValue> spaced_values(double from, double to, std::uint32_t count,
                                        bool logarithmic) {
    std::vector<double> values;
    for (std::uint32_t k = 0; k < count; ++k) {
        const double share = static_cast<double>(k) / (count - 1U);
        values.push_back(twelve_digits(logarithmic ? from * std::pow(to / from, share)
                                                   : from + (to - from) * share));
    }
    const bool whole =
        std::ranges::all_of(values, [](double value) { return value == std::round(value); });
    std::vector<WrittenValue> result;
    for (const double value : values) {
        result.push_back(whole ? written(static_cast<std::int64_t>(value)) : written(value));
    }
    return result;
}

} // namespace tinymf::host
