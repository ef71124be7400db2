// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "experiment/override.hpp"

namespace tinymf::host {

/// Whole content of a regular file of at most 1 MiB. Throws HostError (exit code 2); for a file
/// that is not there with the nearest one of host_tools/experiments.
[[nodiscard]] std::string read_small_text(const std::filesystem::path& file);

/// What "-" stands for where a file to read is named; its name in messages.
inline constexpr std::string_view standard_input_name = "standard input";

/// The same of standard input, to its end.
[[nodiscard]] std::string read_standard_input();

/// Parses TOML. Refuses NUL bytes, and names with so many dots that they could nest deeper than the
/// parser's stack. Throws HostError (exit code 2) with the place of the first error.
[[nodiscard]] toml::table parse_toml(std::string_view text, std::string_view source);

/// Sets the override's key in the table. Throws HostError (exit code 2) naming its place when it
/// cannot be read.
void apply_override(toml::table& root, const Override& given);

/// "FILE:LINE:COLUMN" for something of `source`, the place of the override that brought it in
/// otherwise.
[[nodiscard]] std::string place_text(const toml::source_region& region, std::string_view source);

/// Whether something in a table read from `source` was brought in by an override.
[[nodiscard]] bool is_override(const toml::source_region& region, std::string_view source);

} // namespace tinymf::host
