// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <cstdio>
#include <exception>
#include <set>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "diagnostics/host_error.hpp"
#include "experiment_file/nearest_name.hpp"
#include "experiment_file/problem_list.hpp"
#include "tinymf/build_facts.hpp"

namespace tinymf::host {
namespace {

std::string version_text() {
    return fmt::format("tinymf {} ({}, {}, flags {:08x})", build_facts.version,
                       build_facts.git_hash, build_facts.compiler, build_facts.flags_fingerprint);
}

int fail(int exit_code, std::string_view message) {
    fmt::print(stderr, "{}\n", message);
    return exit_code;
}

/// The command that was meant, for the hint at its help.
std::string help_hint(const CLI::App& program) {
    const auto commands = program.get_subcommands();
    return fmt::format("tinymf{}{} --help", commands.empty() ? "" : " ",
                       commands.empty() ? "" : commands.front()->get_name());
}

using Names = std::set<std::string, std::less<>>;

Names command_names(const CLI::App& program) {
    Names names;
    for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
        names.insert(command->get_name());
    }
    return names;
}

/// What is wrong with a first argument that is meant as a command but is none; nothing otherwise.
std::string unknown_command_text(const Names& commands, int argc, const char* const* argv) {
    const std::string_view written = argc > 1 ? argv[1] : "-";
    if (written.starts_with("-") || commands.contains(written)) {
        return {};
    }
    const std::string nearest = nearest_name(written, commands);
    return fmt::format("tinymf: unknown command {}{} (see tinymf --help)", printable(written),
                       nearest.empty() ? "" : "; nearest is " + nearest);
}

int run(const Action& chosen) {
    try {
        const int exit_code = chosen();
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
            return fail(exit_link_failed, "tinymf: standard output cannot be written");
        }
        return exit_code;
    } catch (const HostError& error) {
        return fail(error.exit_code(), error.what());
    } catch (const std::exception& error) {
        return fail(exit_link_failed, fmt::format("tinymf: {}", printable(error.what(), 500)));
    }
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
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
    const std::string unknown = unknown_command_text(command_names(program), argc, argv);
    if (!unknown.empty()) {
        return fail(exit_bad_input, unknown);
    }
    try {
        program.parse(argc, argv);
    } catch (const CLI::Success& asked_for_text) {
        return program.exit(asked_for_text);
    } catch (const CLI::ParseError& error) {
        return fail(exit_bad_input, fmt::format("tinymf: {} (see {})", printable(error.what(), 200),
                                                help_hint(program)));
    }
    return run(chosen);
}

} // namespace tinymf::host
