// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace tinymf::host {

// The one way to the terminal: whatever is printed passes terminal_text, so that no text of a
// device, a file or another program can act on it.

/// To be called first. A standard stream that is closed gets a descriptor whose every use fails, so
/// that no file of ours takes its place; a reader that goes away makes a write fail and no longer
/// ends the process.
void hold_standard_streams();

/// Writes a result and a newline to standard output, at once. Throws HostError (exit_link_failed)
/// when that cannot take it.
void print_result(std::string_view text);

/// The object on one line, in ASCII; bytes that are no UTF-8 become U+FFFD.
void print_json(const nlohmann::json& object);

/// Writes bytes as they are: a file that was asked for on standard output. Throws as print_result.
void print_file(std::string_view bytes);

/// Writes lines to standard error; where that cannot take them they are lost.
void say(std::string_view lines) noexcept;

} // namespace tinymf::host
