// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command_parser.hpp"

namespace tinymf::host {

// Each declares one command with its options.

void add_emulate(CommandParser& program);
void add_capture(CommandParser& program);
void add_reference(CommandParser& program);
void add_compare(CommandParser& program);
void add_verify(CommandParser& program);
void add_export(CommandParser& program);
void add_report(CommandParser& program);
void add_theory(CommandParser& program);
void add_sweep(CommandParser& program);
void add_cavity(CommandParser& program);
void add_plan(CommandParser& program);
void add_boards(CommandParser& program);
void add_schema(CommandParser& program);

} // namespace tinymf::host
