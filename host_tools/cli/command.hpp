// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

namespace tinymf::host {

/// What the command line asks for; returns the exit code (diagnostics/host_error.hpp).
using Action = std::function<int()>;

// Each declares one command with its options. When the command is used, `chosen` becomes what it
// does; nothing runs before the whole line was understood.

void add_emulate(CLI::App& program, Action& chosen);
void add_capture(CLI::App& program, Action& chosen);
void add_reference(CLI::App& program, Action& chosen);
void add_compare(CLI::App& program, Action& chosen);
void add_verify(CLI::App& program, Action& chosen);
void add_export(CLI::App& program, Action& chosen);
void add_report(CLI::App& program, Action& chosen);
void add_theory(CLI::App& program, Action& chosen);
void add_sweep(CLI::App& program, Action& chosen);
void add_cavity(CLI::App& program, Action& chosen);
void add_plan(CLI::App& program, Action& chosen);
void add_boards(CLI::App& program, Action& chosen);
void add_schema(CLI::App& program, Action& chosen);

} // namespace tinymf::host
