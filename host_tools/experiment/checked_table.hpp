// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "base/problem_list.hpp"

namespace tinymf::host {

/// Typed, range-checked reading of a parsed experiment file. Keys are written `section.key`. A key
/// that is absent leaves the value as it was; one that is wrong is noted in the problem list, with
/// file, line and column, and leaves it too.
class CheckedTable {
public:
    /// `text` is what `root` was parsed from; it must outlive the table.
    CheckedTable(const toml::table& root, std::string_view source, std::string_view text,
                 ProblemList& problems)
        : root_{root}, source_{source}, text_{text}, problems_{problems} {}

    void read_text(std::string_view key, std::string& value, std::size_t longest = 64);
    void read_real(std::string_view key, double lowest, double highest, double& value);

    /// At least `fewest` reals; those not given are zero.
    void read_reals(std::string_view key, std::size_t fewest, double lowest, double highest,
                    std::span<double> values);

    template <std::unsigned_integral T>
    void read_integer(std::string_view key, T lowest, T highest, T& value) {
        if (const auto found = integer_in(key, std::uint64_t{lowest}, std::uint64_t{highest})) {
            value = static_cast<T>(*found);
        }
    }

    /// A list of distinct names; calls take(index) for each.
    template <class Take>
    void read_choices(std::string_view key, std::span<const std::string_view> names, Take&& take) {
        for (const std::size_t index : choices_in(key, names)) {
            take(index);
        }
    }

    /// Index of the name given, where one of `names` is.
    [[nodiscard]] std::optional<std::size_t> choice(std::string_view key,
                                                    std::span<const std::string_view> names) {
        return choice_in(key, names);
    }

    /// true or false.
    void read_flag(std::string_view key, bool& value);

    /// Calls take(key, node) for every `section.name` of a section whose names this table does not
    /// know, in the order in which they stand in the file.
    template <class Take>
    void read_section(std::string_view section, Take&& take) {
        for (const auto& [key, node] : leaves_of(section)) {
            take(key, *node);
        }
    }

    /// The tables written as [[key]].
    [[nodiscard]] std::vector<const toml::table*> tables(std::string_view key);

    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }

    /// Notes a problem of a node that read_section or tables gave.
    void refuse(std::string_view key, const toml::node& node, std::string_view reason) {
        refuse_value(key, node, reason);
    }

    /// Notes that the key's value cannot be, for a reason that a single value's range does not
    /// give.
    void refuse(std::string_view key, std::string_view reason);

    /// To be called last: notes every key that was never read, and the nearest one that was.
    void refuse_unread_keys();

private:
    [[nodiscard]] const toml::node* find(std::string_view key) const;
    [[nodiscard]] const toml::node* take(std::string_view key);
    [[nodiscard]] std::vector<std::pair<std::string, const toml::node*>>
    leaves_of(std::string_view section);
    [[nodiscard]] std::optional<double> real_of(std::string_view key, const toml::node& node);
    [[nodiscard]] std::optional<double> real_in(std::string_view key, double lowest, double highest,
                                                const toml::node& node);
    [[nodiscard]] std::optional<std::uint64_t>
    integer_in(std::string_view key, std::uint64_t lowest, std::uint64_t highest);
    [[nodiscard]] std::optional<std::size_t> choice_in(std::string_view key,
                                                       std::span<const std::string_view> names);
    [[nodiscard]] std::optional<std::size_t> choice_of(std::string_view key, const toml::node& node,
                                                       std::span<const std::string_view> names);
    [[nodiscard]] std::vector<std::size_t> choices_in(std::string_view key,
                                                      std::span<const std::string_view> names);
    /// A number as it stands in the file or the override.
    [[nodiscard]] std::string written_text(const toml::node& node) const;
    [[nodiscard]] std::set<std::string, std::less<>> keys_and_sections() const;
    [[nodiscard]] std::string whole_number_advice(const toml::node& node) const;
    void refuse_unread_keys_of(const toml::table& table, const std::string& prefix);
    void refuse_value(std::string_view key, const toml::node& node, std::string_view reason);

    const toml::table& root_;
    std::string source_;
    std::string_view text_;
    ProblemList& problems_;
    std::set<std::string, std::less<>> known_keys_;
};

} // namespace tinymf::host
