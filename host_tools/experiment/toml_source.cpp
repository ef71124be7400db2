// SPDX-License-Identifier: Apache-2.0
#include "experiment/toml_source.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/file_descriptor.hpp"
#include "base/host_error.hpp"
#include "base/nearest_name.hpp"
#include "base/problem_list.hpp"
#include "experiment/deep_name.hpp"

namespace tinymf::host {
namespace {

constexpr std::size_t largest_file = std::size_t{1} << 20U;
// Each dot of a dotted key opens a table inside a table, and the parser frees them recursively.
constexpr std::size_t most_dots = 100;

[[noreturn]] void refuse(std::string_view source, std::string_view reason) {
    throw HostError(exit_bad_input, fmt::format("{}: {}", source, reason));
}

void refuse_nul_bytes(std::string_view text, std::string_view source) {
    if (const auto nul = text.find('\0'); nul != std::string_view::npos) {
        const std::string_view before = text.substr(0, nul);
        const std::size_t line_begin = before.rfind('\n') + 1; // npos + 1 is 0
        refuse(fmt::format("{}:{}:{}", source, std::ranges::count(before, '\n') + 1,
                           nul - line_begin + 1),
               "contains a NUL byte");
    }
}

void refuse_hostile_text(std::string_view text, std::string_view source) {
    refuse_nul_bytes(text, source);
    if (const auto line = line_of_deep_name(text, most_dots)) {
        refuse(fmt::format("{}:{}:1", source, *line),
               fmt::format("names with more than {} dots within each other", most_dots));
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

std::string read_at_most(const FileDescriptor& file, const std::string& name) {
    std::vector<std::uint8_t> bytes(largest_file + 1);
    bytes.resize(read_fully(file, bytes, name, exit_bad_input));
    if (bytes.size() > largest_file) {
        refuse(name, "larger than 1 MiB, which no experiment file is");
    }
    return {bytes.begin(), bytes.end()};
}

/// Where a file of that name, or nearly, lies among those that come with this program.
std::string nearest_file_text(const std::filesystem::path& missing) {
    namespace fs = std::filesystem;
    const fs::path gallery = fs::path(TINYMF_SOURCE_FOLDER) / "host_tools" / "experiments";
    std::map<std::string, fs::path> found;
    std::error_code ignored;
    for (fs::recursive_directory_iterator entry(gallery, ignored), end; entry != end;
         entry.increment(ignored)) {
        if (entry->path().extension() == ".toml") {
            found.emplace(entry->path().stem().string(), entry->path());
        }
    }
    std::set<std::string, std::less<>> names;
    for (const auto& [name, path] : found) {
        names.insert(name);
    }
    const std::string nearest = nearest_name(missing.stem().string(), names);
    if (nearest.empty()) {
        return {};
    }
    const fs::path beside = fs::proximate(found[nearest], ignored);
    const bool below = !beside.empty() && *beside.begin() != "..";
    return "; there is " + printable((below ? beside : found[nearest]).string(), 4096);
}

} // namespace

std::string read_small_text(const std::filesystem::path& file) {
    const std::string name = printable(file.string(), 4096);
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) {
        refuse(name, "no such file" + nearest_file_text(file));
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
    const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.open()) {
        refuse(name, fmt::format("cannot be read: {}", std::generic_category().message(errno)));
    }
    return read_at_most(opened, name);
}

std::string read_standard_input() {
    const FileDescriptor input(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0));
    return read_at_most(input, std::string(standard_input_name));
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
