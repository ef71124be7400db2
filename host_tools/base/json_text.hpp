// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace tinymf::host {

// What nlohmann::json::dump writes; called here, its writer is compiled once.

/// On one line, or with `indent` blanks a level on many. Throws std::exception where a string is
/// not UTF-8.
[[nodiscard]] std::string json_text(const nlohmann::json& value, int indent = -1);
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& value, int indent);

/// On one line of ASCII, for whatever reads it; a mark stands for bytes that are not UTF-8.
[[nodiscard]] std::string ascii_json_text(const nlohmann::json& value);

} // namespace tinymf::host
