// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <exception>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/usage_hints.hpp"
#include "diagnostics/host_error.hpp"
#include "diagnostics/standard_streams.hpp"
#include "experiment_file/problem_list.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

std::string version_text() {
    return fmt::format("tinymf {} ({}, {}, flags {:08x})", build_facts.version,
                       build_facts.git_hash, build_facts.compiler, build_facts.flags_fingerprint);
}

int fail(int exit_code, std::string_view message) {
    say(message);
    return exit_code;
}

int run(const Action& chosen) {
    try {
        return chosen();
    } catch (const HostError& error) {
        return fail(error.exit_code(), error.what());
    } catch (const std::exception& error) {
        return fail(exit_link_failed, fmt::format("tinymf: {}", printable(error.what(), 500)));
    }
}

/// Help or the version, as CLI11 would print it.
std::string asked_text(const CLI::App& program, const CLI::Success& asked) {
    std::ostringstream text;
    static_cast<void>(program.exit(asked, text, text));
    return text.str();
}

/// `tinymf help` is `tinymf --help`, and `tinymf help COMMAND` is `tinymf COMMAND --help`.
std::vector<const char*> understood_arguments(int argc, const char* const* argv) {
    std::vector<const char*> arguments(argv, argv + argc);
    if (arguments.size() >= 2 && std::string_view(arguments[1]) == "help") {
        arguments.erase(arguments.begin() + 1);
        arguments.resize(std::min<std::size_t>(arguments.size(), 2));
        arguments.push_back("--help");
    }
    return arguments;
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    hold_standard_streams();
    CLI::App program("Random recurrent networks, from microcontroller to host, bit for bit",
                     "tinymf");
    Action chosen;
    program.set_version_flag("--version", version_text());
    program.require_subcommand(1);
    add_emulate(program, chosen);
    add_capture(program, chosen);
    add_reference(program, chosen);
    add_compare(program, chosen);
    add_verify(program, chosen);
    add_export(program, chosen);
    add_report(program, chosen);
    add_theory(program, chosen);
    add_sweep(program, chosen);
    add_cavity(program, chosen);
    add_plan(program, chosen);
    add_boards(program, chosen);
    add_schema(program, chosen);
    const std::vector<const char*> arguments = understood_arguments(argc, argv);
    const auto count = static_cast<int>(arguments.size());
    const std::string unknown = unknown_command_text(program, count, arguments.data());
    if (!unknown.empty()) {
        return fail(exit_bad_input, unknown);
    }
    try {
        program.parse(count, arguments.data());
    } catch (const CLI::Success& asked) {
        chosen = [text = asked_text(program, asked)] {
            print_file(text);
            return exit_passed;
        };
    } catch (const CLI::ParseError& error) {
        return fail(exit_bad_input, usage_error_text(program, error, count, arguments.data()));
    }
    return run(chosen);
}

} // namespace tinymf::host
