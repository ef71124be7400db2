// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace tinymf::host {

/// How the private files below begin, where they need a name.
inline constexpr std::string_view private_name_prefix = ".tinymf-";

/// Writes a file at one go, as everything but captures is written: into a private file without a
/// name in the same folder, through to the disk, and then into its place. It appears complete or
/// not at all, an older file stays until then, and a process that is killed leaves nothing behind.
/// A symbolic link is replaced, not followed. The path "-" is standard output.
///
/// Where the file system knows no nameless files, the private file has a name that nobody can
/// guess, made exclusively; it fits beside names of any length. Throws std::system_error that names
/// the path.
void write_whole_file(const std::filesystem::path& path, std::string_view bytes);

} // namespace tinymf::host
