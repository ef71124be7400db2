// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string_view>
#include <vector>

namespace tinymf::fuzz {

/// Whether markup is well-formed as this project writes it: XML's rules without comments, sections
/// and instructions, behind a document type that must come first. What foreign text could break:
/// every element is closed in its turn, attributes stand in double quotes, & begins one of the
/// entities of XML or a number, and no control character but newline and tab is in it.
class MarkupReader {
public:
    explicit MarkupReader(std::string_view text) : rest_{text} {}

    [[nodiscard]] bool is_well_formed() {
        constexpr std::string_view type = "<!DOCTYPE html>\n";
        if (!rest_.starts_with(type)) {
            return false;
        }
        rest_.remove_prefix(type.size());
        while (!rest_.empty()) {
            if (!(rest_.front() == '<' ? take_tag() : take_text())) {
                return false;
            }
        }
        return open_.empty();
    }

private:
    [[nodiscard]] bool take_text() {
        const std::string_view text = rest_.substr(0, rest_.find('<'));
        rest_.remove_prefix(text.size());
        return is_text(text);
    }

    [[nodiscard]] static bool is_text(std::string_view text) {
        const auto control = [](char c) {
            return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
        };
        if (std::ranges::any_of(text, control)) {
            return false;
        }
        for (std::size_t at = 0; (at = text.find('&', at)) != std::string_view::npos; ++at) {
            if (!begins_with_entity(text.substr(at))) {
                return false;
            }
        }
        return true;
    }

    [[nodiscard]] static bool begins_with_entity(std::string_view text) {
        constexpr std::array<std::string_view, 5> entities{"&amp;", "&lt;", "&gt;", "&quot;",
                                                           "&apos;"};
        const auto begins = [text](std::string_view entity) { return text.starts_with(entity); };
        if (std::ranges::any_of(entities, begins)) {
            return true;
        }
        const std::string_view number = text.substr(0, text.find(';'));
        const auto digit = [](char c) { return c >= '0' && c <= '9'; };
        return number.size() > 2 && number.size() < text.size() && number[1] == '#' &&
               std::ranges::all_of(number.substr(2), digit);
    }

    [[nodiscard]] bool take_tag() {
        rest_.remove_prefix(1);
        const bool closes = rest_.starts_with('/');
        rest_.remove_prefix(closes ? 1 : 0);
        const std::string_view name = take_name();
        if (name.empty()) {
            return false;
        }
        if (closes) {
            const bool fits = !open_.empty() && open_.back() == name && take(">");
            if (fits) {
                open_.pop_back();
            }
            return fits;
        }
        while (take(" ") || take("\n")) {
            if (!take_attribute()) {
                return false;
            }
        }
        if (take("/>")) {
            return true;
        }
        open_.push_back(name);
        return take(">");
    }

    [[nodiscard]] bool take_attribute() {
        if (take_name().empty() || !take("=\"")) {
            return false;
        }
        const std::string_view value = rest_.substr(0, rest_.find('"'));
        rest_.remove_prefix(value.size());
        return value.find('<') == std::string_view::npos && is_text(value) && take("\"");
    }

    [[nodiscard]] std::string_view take_name() {
        const auto in_name = [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == ':';
        };
        const auto end = std::ranges::find_if_not(rest_, in_name);
        const auto name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        rest_.remove_prefix(name.size());
        return name;
    }

    [[nodiscard]] bool take(std::string_view expected) {
        const bool there = rest_.starts_with(expected);
        rest_.remove_prefix(there ? expected.size() : 0);
        return there;
    }

    std::string_view rest_;
    std::vector<std::string_view> open_;
};

} // namespace tinymf::fuzz
