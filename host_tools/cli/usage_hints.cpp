// SPDX-License-Identifier: Apache-2.0
#include "cli/usage_hints.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/nearest_name.hpp"
#include "base/problem_list.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t longest_shown = 200;

std::string with_nearest(std::string_view written, const Names& names) {
    const std::string nearest = nearest_name(written, names);
    return nearest.empty() ? "" : "; nearest is " + nearest;
}

/// The first word that is written as a long option and is none; nothing when there is none. To be
/// asked after an error only: the value of an option may begin with dashes too.
std::string unknown_option_text(const Names& options, std::span<const char* const> words) {
    for (std::size_t k = 1; k < words.size() && std::string_view(words[k]) != "--"; ++k) {
        const std::string_view word = words[k];
        const std::string_view written = word.substr(0, word.find('='));
        if (written.starts_with("--") && !options.contains(written)) {
            return fmt::format("unknown option {}{}", printable(written),
                               with_nearest(written, options));
        }
    }
    return {};
}

/// For "OPTION: VALUE not in {NAME,NAME,...}".
std::string nearest_member(std::string_view message) {
    constexpr std::string_view verdict = " not in {";
    const std::size_t at = message.find(verdict);
    const std::size_t end = message.rfind('}');
    if (at == std::string_view::npos || end == std::string_view::npos || end < at) {
        return {};
    }
    const std::size_t colon = message.rfind(": ", at);
    const std::size_t begin = colon == std::string_view::npos ? 0 : colon + 2;
    std::string_view list = message.substr(at + verdict.size(), end - at - verdict.size());
    Names names;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        names.emplace(list.substr(0, comma));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return with_nearest(message.substr(begin, at - begin), names);
}

} // namespace

std::string unknown_command_text(const Names& commands, const std::vector<const char*>& words) {
    const std::string_view written = words.size() > 1 ? words[1] : "-";
    if (written.starts_with("-") || commands.contains(written)) {
        return {};
    }
    return fmt::format("tinymf: unknown command {}{} (see tinymf --help)", printable(written),
                       with_nearest(written, commands));
}

std::string usage_error_text(const Addressed& addressed, std::string_view message,
                             const std::vector<const char*>& words) {
    const std::string unknown = unknown_option_text(addressed.options, words);
    return fmt::format("tinymf: {} (see tinymf{}{} --help)",
                       unknown.empty() ? printable(message, longest_shown) + nearest_member(message)
                                       : unknown,
                       addressed.command.empty() ? "" : " ", addressed.command);
}

} // namespace tinymf::host
