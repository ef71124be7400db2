// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace tinymf::host {

/// Writes the file beside its place and moves it there: it appears complete or not at all, and an
/// older file stays until then. Throws std::system_error that names the path.
void write_whole_file(const std::filesystem::path& path, std::string_view bytes);

} // namespace tinymf::host
