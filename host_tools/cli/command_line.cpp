// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/host_error.hpp"
#include "base/problem_list.hpp"
#include "base/standard_streams.hpp"
#include "cli/command.hpp"
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
    CommandParser program("tinymf",
                          "Random recurrent networks, from microcontroller to host, bit for bit",
                          version_text());
    add_emulate(program);
    add_capture(program);
    add_reference(program);
    add_compare(program);
    add_verify(program);
    add_export(program);
    add_report(program);
    add_theory(program);
    add_sweep(program);
    add_cavity(program);
    add_plan(program);
    add_boards(program);
    add_schema(program);
    try {
        return program.parse(understood_arguments(argc, argv))();
    } catch (const HostError& error) {
        return fail(error.exit_code(), error.what());
    } catch (const std::exception& error) {
        return fail(exit_link_failed, fmt::format("tinymf: {}", printable(error.what(), 500)));
    }
}

} // namespace tinymf::host
