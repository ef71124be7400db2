// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "cli/command_parser.hpp"
#include "output_file/file_kind.hpp"

namespace tinymf::host {

/// What a command is about to write.
struct OutputRules {
    FileKind kind = FileKind::foreign; ///< which it writes, and may write over
    bool force = false;                ///< it may write over files of any kind
    bool standard_output = false;      ///< "-" is taken
};

/// Checks before any work that a file can be written there: its folder exists and is writable, and
/// the path is neither a folder, nor a device, nor one of the inputs, nor a file of another kind.
/// Throws HostError (exit code 2).
void check_output_path(const std::filesystem::path& output,
                       std::span<const std::filesystem::path> inputs, const OutputRules& rules);

/// What was given to -o, or where nothing was out/`name`, for which the folder is made; what cannot
/// stand in a plain file name becomes a dash. Throws HostError (exit code 2) when it cannot be
/// made.
[[nodiscard]] std::string output_or_default(const std::string& given, const std::string& name);

/// Declares --force of a command that writes files.
void declare_force(Command command, bool& force);

} // namespace tinymf::host
