// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tinymf::host {

/// Understands a command line, runs the command, and reports every failure on standard error.
/// Returns the exit code.
[[nodiscard]] int run_command_line(int argc, const char* const* argv);

} // namespace tinymf::host
