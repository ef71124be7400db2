// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

namespace tinymf::host {

/// How the private files below begin, where they need a name.
inline constexpr std::string_view private_name_prefix = ".tinymf-";

/// A file that appears complete or not at all, as everything but captures is written: into a
/// private file without a name in the same folder, through to the disk, and then into its place. An
/// older file stays until then, and a process that is killed leaves nothing behind. A symbolic link
/// is replaced, not followed. The path "-" is standard output.
///
/// Where the file system knows no nameless files, the private file has a name that nobody can
/// guess, made exclusively; it fits beside names of any length. All functions throw
/// std::system_error that names the path.
class WholeFile {
public:
    explicit WholeFile(const std::filesystem::path& path);
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    void write(std::string_view bytes);

    /// Puts the file into its place; without it nothing appears.
    void finish();

private:
    class PrivateFile;
    std::unique_ptr<PrivateFile> file_; ///< none: standard output
};

/// A whole file at one go.
void write_whole_file(const std::filesystem::path& path, std::string_view bytes);

} // namespace tinymf::host
