// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <toml++/toml.h>

namespace tinymf::host {

/// Whole content of a regular file of at most 1 MiB. Throws HostError (exit code 2).
[[nodiscard]] std::string read_small_text(const std::filesystem::path& file);

/// Parses TOML. Refuses NUL bytes, and lines so long that they could nest deeper than the parser's
/// stack. Throws HostError (exit code 2) with the place of the first error.
[[nodiscard]] toml::table parse_toml(std::string_view text, std::string_view source);

/// Sets `section.key=value` in the table, where the value is TOML or a bare word for a string.
/// Throws HostError (exit code 2) naming the override when it cannot be read.
void apply_override(toml::table& root, const std::string& assignment);

/// "FILE:LINE:COLUMN", or "--set KEY=VALUE" for something that an override brought in.
[[nodiscard]] std::string place_text(const toml::source_region& region, std::string_view source);

[[nodiscard]] bool is_override(const toml::source_region& region);

} // namespace tinymf::host
