// SPDX-License-Identifier: Apache-2.0
#include "experiment_file/toml_source.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "diagnostics/host_error.hpp"
#include "experiment_file/problem_list.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;
constexpr std::size_t longest_line = 1024;
// Each dot of a dotted key opens a table inside a table, and the parser frees them recursively.
constexpr std::ptrdiff_t most_dots = 100;

[[noreturn]] void refuse(std::string_view source, std::string_view reason) {
    throw HostError(exit_bad_input, fmt::format("{}: {}", source, reason));
}

void refuse_hostile_text(std::string_view text, std::string_view source) {
    std::size_t line_number = 1;
    for (std::size_t begin = 0; begin < text.size(); ++line_number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        if (const auto nul = line.find('\0'); nul != std::string_view::npos) {
            refuse(fmt::format("{}:{}:{}", source, line_number, nul + 1), "contains a NUL byte");
        }
        if (line.size() > longest_line || std::ranges::count(line, '.') > most_dots) {
            refuse(fmt::format("{}:{}:1", source, line_number),
                   fmt::format("line longer than {} bytes or with more than {} dots", longest_line,
                               most_dots));
        }
        begin = end + 1;
    }
}

void merge(toml::table& into, toml::table&& from) {
    for (auto&& [key, node] : from) {
        toml::node* present = into.get(key.str());
        if (present != nullptr && present->is_table() && node.is_table()) {
            merge(*present->as_table(), std::move(*node.as_table()));
        } else {
            // The key is erased first because assigning would keep the place of the old one.
            into.erase(key.str());
            node.visit([&into, &key = key](auto& value) { into.insert(key, std::move(value)); });
        }
    }
}

bool is_bare_word(std::string_view value) {
    constexpr std::array<std::string_view, 4> words_of_toml{"true", "false", "inf", "nan"};
    const auto is_word_character = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    };
    return !value.empty() && std::isalpha(static_cast<unsigned char>(value.front())) != 0 &&
           std::ranges::all_of(value, is_word_character) &&
           std::ranges::find(words_of_toml, value) == words_of_toml.end();
}

} // namespace

std::string read_small_text(const std::filesystem::path& file) {
    const std::string name = printable(file.string(), 4096);
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        refuse(name, "no such file");
    }
    if (error) {
        refuse(name, error.message());
    }
    if (std::filesystem::is_directory(status)) {
        refuse(name, "is a directory");
    }
    if (!std::filesystem::is_regular_file(status)) {
        refuse(name, "is not a regular file");
    }
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        refuse(name, fmt::format("cannot be read: {}", std::strerror(errno)));
    }
    std::string text(largest_file + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (stream.bad()) {
        refuse(name, "cannot be read to its end");
    }
    if (text.size() > largest_file) {
        refuse(name, "larger than 1 MiB, which no experiment file is");
    }
    return text;
}

toml::table parse_toml(std::string_view text, std::string_view source) {
    refuse_hostile_text(text, source);
    try {
        return toml::parse(text, source);
    } catch (const toml::parse_error& error) {
        refuse(place_text(error.source(), source), printable(error.description(), 200));
    }
}

Override Override::on_command_line(const std::string& assignment) {
    return {assignment, fmt::format("--set {}", printable(assignment, 120))};
}

void apply_override(toml::table& root, const Override& given) {
    const std::string& assignment = given.assignment;
    const auto equals = assignment.find('=');
    const bool has_control = std::ranges::any_of(
        assignment, [](unsigned char c) { return std::iscntrl(c) != 0 && c != '\t'; });
    if (equals == std::string::npos || equals == 0 || has_control) {
        refuse(given.place, "must have the form section.key=value");
    }
    const std::string_view key = std::string_view(assignment).substr(0, equals);
    const std::string_view value = std::string_view(assignment).substr(equals + 1);
    const std::string text =
        is_bare_word(value) ? fmt::format("{} = \"{}\"", key, value) : assignment;
    refuse_hostile_text(text, given.place);
    try {
        merge(root, toml::parse(text, given.place));
    } catch (const toml::parse_error& error) {
        refuse(given.place, printable(error.description(), 200));
    }
}

bool is_override(const toml::source_region& region, std::string_view source) {
    return region.path && *region.path != source;
}

std::string place_text(const toml::source_region& region, std::string_view source) {
    if (is_override(region, source)) {
        return *region.path;
    }
    return region.begin ? fmt::format("{}:{}:{}", source, region.begin.line, region.begin.column)
                        : std::string(source);
}

} // namespace tinymf::host
