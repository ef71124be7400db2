// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace tinymf::host {

/// What is wrong with a first argument that is meant as a command but is none, with the nearest one
/// that is; nothing otherwise.
[[nodiscard]] std::string unknown_command_text(const CLI::App& program, int argc,
                                               const char* const* argv);

/// Why the command line cannot be taken, on one line: what CLI11 says, with the nearest name that
/// is known where an option or a value of a list was written that is not.
[[nodiscard]] std::string usage_error_text(const CLI::App& program, const CLI::ParseError& error,
                                           int argc, const char* const* argv);

} // namespace tinymf::host
