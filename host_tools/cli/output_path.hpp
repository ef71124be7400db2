// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>

namespace tinymf::host {

/// Checks before any work that a file can be written there: its folder exists and is writable, and
/// the path is neither a folder, nor a device, nor one of the inputs.
/// Throws HostError (exit code 2).
void check_output_path(const std::filesystem::path& output,
                       std::span<const std::filesystem::path> inputs);

} // namespace tinymf::host
