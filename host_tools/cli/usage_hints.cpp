// SPDX-License-Identifier: Apache-2.0
#include "cli/usage_hints.hpp"

#include <set>
#include <string_view>

#include <fmt/format.h>

#include "experiment_file/nearest_name.hpp"
#include "experiment_file/problem_list.hpp"

namespace tinymf::host {
namespace {

using Names = std::set<std::string, std::less<>>;

constexpr std::size_t longest_shown = 200;

Names command_names(const CLI::App& program) {
    Names names{"help"};
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
        names.insert(command->get_name());
    }
    return names;
}

/// The command that was chosen, or the program.
const CLI::App& addressed(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    return commands.empty() ? program : *commands.front();
}

std::string with_nearest(std::string_view written, const Names& names) {
    const std::string nearest = nearest_name(written, names);
    return nearest.empty() ? "" : "; nearest is " + nearest;
}

Names option_names(const CLI::App& command) {
    Names names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.insert("--" + name);
        }
    }
    return names;
}

/// The first argument that is written as a long option and is none; nothing when there is none.
/// To be asked after an error only: the value of an option may begin with dashes too.
std::string unknown_option_text(const CLI::App& program, int argc, const char* const* argv) {
    const Names names = option_names(addressed(program));
    for (int k = 1; k < argc && std::string_view(argv[k]) != "--"; ++k) {
        const std::string_view argument = argv[k];
        const std::string_view written = argument.substr(0, argument.find('='));
        if (written.starts_with("--") && !names.contains(written)) {
            return fmt::format("unknown option {}{}", printable(written),
                               with_nearest(written, names));
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

std::string unknown_command_text(const CLI::App& program, int argc, const char* const* argv) {
    const Names commands = command_names(program);
    const std::string_view written = argc > 1 ? argv[1] : "-";
    if (written.starts_with("-") || commands.contains(written)) {
        return {};
    }
    return fmt::format("tinymf: unknown command {}{} (see tinymf --help)", printable(written),
                       with_nearest(written, commands));
}

std::string usage_error_text(const CLI::App& program, const CLI::ParseError& error, int argc,
                             const char* const* argv) {
    const std::string unknown = unknown_option_text(program, argc, argv);
    const std::string_view message = error.what();
    const bool chosen = !program.get_subcommands().empty();
    return fmt::format("tinymf: {} (see tinymf{}{} --help)",
                       unknown.empty() ? printable(message, longest_shown) + nearest_member(message)
                                       : unknown,
                       chosen ? " " : "", chosen ? addressed(program).get_name() : "");
}

} // namespace tinymf::host
