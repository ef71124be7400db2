// SPDX-License-Identifier: Apache-2.0
#include "experiment/checked_table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/nearest_name.hpp"
#include "experiment/ranges.hpp"
#include "experiment/toml_source.hpp"

namespace tinymf::host {
namespace {

std::string value_text(const toml::node& node) {
    if (const auto* text = node.as_string()) {
        return fmt::format("\"{}\"", printable(text->get()));
    }
    if (const auto* integer = node.as_integer()) {
        return fmt::format("{}", integer->get());
    }
    if (const auto* real = node.as_floating_point()) {
        return fmt::format("{}", real->get());
    }
    if (const auto* boolean = node.as_boolean()) {
        return boolean->get() ? "true" : "false";
    }
    if (const auto* array = node.as_array()) {
        return fmt::format("[{} values]", array->size());
    }
    return node.is_table() ? "{...}" : "(a date or time)";
}

std::string one_of(std::span<const std::string_view> names) {
    return fmt::format("must be one of {}", fmt::join(names, ", "));
}

/// A dot within quotes parts no section from its key.
bool has_dot(const toml::key& key) {
    return key.str().find('.') != std::string_view::npos;
}

/// As it may be written.
std::string key_text(const toml::key& key) {
    return has_dot(key) ? fmt::format("'{}'", printable(key.str())) : printable(key.str());
}

std::string joined(const std::string& prefix, std::string_view key) {
    return prefix.empty() ? std::string(key) : fmt::format("{}.{}", prefix, key);
}

} // namespace

void CheckedTable::refuse_value(std::string_view key, const toml::node& node,
                                std::string_view reason) {
    const std::string place = place_text(node.source(), source_);
    // An override is its own place and already shows the value.
    problems_.add(is_override(node.source(), source_)
                      ? fmt::format("{}: {}", place, reason)
                      : fmt::format("{}: {} = {}: {}", place, key, value_text(node), reason));
}

std::string CheckedTable::written_text(const toml::node& node) const {
    const toml::source_region& region = node.source();
    if (is_override(region, source_)) {
        const std::string place = place_text(region, source_);
        return place.substr(place.rfind('=') + 1);
    }
    std::string_view line = text_;
    for (std::uint32_t number = 1; number < region.begin.line; ++number) {
        const std::size_t end = line.find('\n');
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    constexpr std::string_view of_numbers = "0123456789+-._eE";
    line.remove_prefix(std::min<std::size_t>(region.begin.column - 1U, line.size()));
    return std::string(line.substr(0, line.find_first_not_of(of_numbers)));
}

/// Where a whole number is asked for and 1e3 was written; nothing for anything else.
std::string CheckedTable::whole_number_advice(const toml::node& node) const {
    constexpr double largest_exact = 9007199254740992.0;
    const auto* real = node.as_floating_point();
    const bool whole = real != nullptr && std::abs(real->get()) <= largest_exact &&
                       real->get() == std::trunc(real->get());
    const std::string written = whole ? written_text(node) : "";
    return written.empty() ? ""
                           : fmt::format(": {} is a real number; write {}", printable(written),
                                         number_text(real->get()));
}

void CheckedTable::refuse(std::string_view key, std::string_view reason) {
    if (const toml::node* node = find(key)) {
        refuse_value(key, *node, reason);
    } else {
        problems_.add(fmt::format("{}: {}: {}", source_, key, reason));
    }
}

const toml::node* CheckedTable::find(std::string_view key) const {
    const auto dot = key.find('.');
    if (dot == std::string_view::npos) {
        return root_.get(key);
    }
    const toml::node* section = root_.get(key.substr(0, dot));
    return section != nullptr && section->is_table() ? section->as_table()->get(key.substr(dot + 1))
                                                     : nullptr;
}

const toml::node* CheckedTable::take(std::string_view key) {
    known_keys_.emplace(key);
    return find(key);
}

void CheckedTable::read_text(std::string_view key, std::string& value, std::size_t longest) {
    const toml::node* node = take(key);
    if (node == nullptr) {
        return;
    }
    const auto* text = node->as_string();
    if (text == nullptr) {
        refuse_value(key, *node, "must be text in quotes");
    } else if (text->get().empty() || text->get().size() > longest ||
               printable(text->get(), longest) != text->get()) {
        refuse_value(
            key, *node,
            fmt::format("must be 1 to {} printable ASCII characters without \" and \\", longest));
    } else {
        value = text->get();
    }
}

std::optional<double> CheckedTable::real_of(std::string_view key, const toml::node& node) {
    std::optional<double> value;
    if (const auto* real = node.as_floating_point()) {
        value = real->get();
    } else if (const auto* integer = node.as_integer()) {
        value = static_cast<double>(integer->get());
    } else {
        refuse_value(key, node, "must be a number");
    }
    if (value && !std::isfinite(*value)) {
        refuse_value(key, node, "must be a finite number");
        value.reset();
    }
    return value;
}

std::optional<double> CheckedTable::real_in(std::string_view key, double lowest, double highest,
                                            const toml::node& node) {
    std::optional<double> value = real_of(key, node);
    if (value && (*value < lowest || *value > highest)) {
        refuse_value(key, node, range_text(lowest, highest));
        value.reset();
    }
    return value;
}

void CheckedTable::read_real(std::string_view key, double lowest, double highest, double& value) {
    if (const toml::node* node = take(key)) {
        value = real_in(key, lowest, highest, *node).value_or(value);
    }
}

void CheckedTable::read_flag(std::string_view key, bool& value) {
    const toml::node* node = take(key);
    if (node == nullptr) {
        return;
    }
    if (const auto* boolean = node->as_boolean()) {
        value = boolean->get();
    } else {
        refuse_value(key, *node, "must be true or false");
    }
}

std::vector<std::pair<std::string, const toml::node*>>
CheckedTable::leaves_of(std::string_view section) {
    std::vector<std::pair<std::string, const toml::node*>> leaves;
    const toml::node* node = take(section);
    if (node == nullptr) {
        return leaves;
    }
    if (!node->is_table()) {
        refuse_value(section, *node, fmt::format("must be a section, [{}]", section));
        return leaves;
    }
    for (const auto& [group, members] : *node->as_table()) {
        if (!members.is_table()) {
            refuse_value(joined(std::string(section), key_text(group)), members,
                         "must have the form section.key of an experiment");
            continue;
        }
        for (const auto& [key, leaf] : *members.as_table()) {
            leaves.emplace_back(joined(std::string(group.str()), key.str()), &leaf);
        }
    }
    std::ranges::stable_sort(leaves, [](const auto& a, const auto& b) {
        return a.second->source().begin < b.second->source().begin;
    });
    return leaves;
}

std::vector<const toml::table*> CheckedTable::tables(std::string_view key) {
    std::vector<const toml::table*> found;
    const toml::node* node = take(key);
    if (node == nullptr) {
        return found;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
        refuse_value(key, *node, fmt::format("must be written as [[{}]]", key));
        return found;
    }
    for (const toml::node& element : *array) {
        found.push_back(element.as_table());
    }
    return found;
}

void CheckedTable::read_reals(std::string_view key, std::size_t fewest, double lowest,
                              double highest, std::span<double> values) {
    const toml::node* node = take(key);
    if (node == nullptr) {
        return;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr || array->size() < fewest || array->size() > values.size()) {
        refuse_value(key, *node,
                     fmt::format("must be a list of {} to {} numbers", fewest, values.size()));
        return;
    }
    std::ranges::fill(values, 0.0);
    for (std::size_t i = 0; i < array->size(); ++i) {
        values[i] = real_in(key, lowest, highest, *array->get(i)).value_or(0.0);
    }
}

std::optional<std::uint64_t> CheckedTable::integer_in(std::string_view key, std::uint64_t lowest,
                                                      std::uint64_t highest) {
    const toml::node* node = take(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    const auto* integer = node->as_integer();
    if (integer == nullptr) {
        refuse_value(key, *node, "must be a whole number" + whole_number_advice(*node));
        return std::nullopt;
    }
    const auto value = static_cast<std::uint64_t>(integer->get());
    if (integer->get() < 0 || value < lowest || value > highest) {
        const std::uint64_t largest_in_toml = std::numeric_limits<std::int64_t>::max();
        refuse_value(
            key, *node,
            fmt::format("must be between {} and {}", lowest, std::min(highest, largest_in_toml)));
        return std::nullopt;
    }
    return value;
}

std::optional<std::size_t> CheckedTable::choice_of(std::string_view key, const toml::node& node,
                                                   std::span<const std::string_view> names) {
    if (const auto* text = node.as_string()) {
        const auto found = std::ranges::find(names, std::string_view(text->get()));
        if (found != names.end()) {
            return static_cast<std::size_t>(found - names.begin());
        }
    }
    std::string reason = one_of(names);
    if (const auto* text = node.as_string()) {
        const std::string nearest = nearest_name(text->get(), {names.begin(), names.end()});
        reason += nearest.empty() ? "" : "; nearest is " + nearest;
    }
    refuse_value(key, node, reason);
    return std::nullopt;
}

std::optional<std::size_t> CheckedTable::choice_in(std::string_view key,
                                                   std::span<const std::string_view> names) {
    const toml::node* node = take(key);
    return node == nullptr ? std::nullopt : choice_of(key, *node, names);
}

std::vector<std::size_t> CheckedTable::choices_in(std::string_view key,
                                                  std::span<const std::string_view> names) {
    std::vector<std::size_t> chosen;
    const toml::node* node = take(key);
    if (node == nullptr) {
        return chosen;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr) {
        refuse_value(key, *node, "must be a list of names");
        return chosen;
    }
    for (const toml::node& element : *array) {
        const auto index = choice_of(key, element, names);
        if (index && std::ranges::find(chosen, *index) != chosen.end()) {
            refuse_value(key, element, "is listed twice");
        } else if (index) {
            chosen.push_back(*index);
        }
    }
    return chosen;
}

std::set<std::string, std::less<>> CheckedTable::keys_and_sections() const {
    std::set<std::string, std::less<>> names = known_keys_;
    for (const std::string& key : known_keys_) {
        if (const std::size_t dot = key.find('.'); dot != std::string::npos) {
            names.insert(key.substr(0, dot));
        }
    }
    return names;
}

void CheckedTable::refuse_unread_keys() {
    refuse_unread_keys_of(root_, "");
}

void CheckedTable::refuse_unread_keys_of(const toml::table& table, const std::string& prefix) {
    for (const auto& [key, node] : table) {
        const std::string name = joined(prefix, key.str());
        const bool is_section = std::ranges::any_of(known_keys_, [&name](const std::string& known) {
            return known.starts_with(name + ".");
        });
        if (!has_dot(key) && known_keys_.contains(name)) {
            continue;
        }
        if (is_section && node.is_table()) {
            refuse_unread_keys_of(*node.as_table(), name);
        } else if (is_section) {
            refuse_value(name, node, fmt::format("must be a section, [{}]", name));
        } else {
            const std::string nearest = nearest_name(name, keys_and_sections());
            problems_.add(
                fmt::format("{}: {}: unknown key{}", place_text(key.source(), source_),
                            joined(prefix, key_text(key)),
                            nearest.empty() ? "" : fmt::format("; nearest is {}", nearest)));
        }
    }
}

} // namespace tinymf::host
