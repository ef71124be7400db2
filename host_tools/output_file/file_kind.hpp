// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace tinymf::host {

/// What stands in a file, as its own bytes tell. Only the first four are ever written over without
/// being asked to: empty by anything, the others by their like.
enum class FileKind {
    empty,
    page,             ///< of report, compare, sweep or cavity
    run_arrays,       ///< .npz or .csv of export
    reference_arrays, ///< .npz of reference
    capture,
    foreign ///< everything else
};

/// "an exported run", for messages.
[[nodiscard]] std::string_view name_of(FileKind kind);

/// Reads the file's ends. Throws HostError (exit code 2) when it cannot be read.
[[nodiscard]] FileKind kind_of_file(const std::filesystem::path& path);

/// Comments that mark our archives, at their very end.
inline constexpr std::string_view run_arrays_mark = "tinymf run";
inline constexpr std::string_view reference_arrays_mark = "tinymf reference";

} // namespace tinymf::host
