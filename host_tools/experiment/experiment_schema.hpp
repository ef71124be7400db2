// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace tinymf::host {

/// Schema of an object that has these members and no other.
[[nodiscard]] nlohmann::ordered_json closed_object(nlohmann::ordered_json properties);

/// A JSON schema, draft 7, of experiment files of schema 1: what each key may hold by itself, with
/// its default and, where it has one, its unit in brackets behind its meaning. Whether values go
/// together only load_experiment knows.
///
/// JSON has fewer numbers than TOML: to the schema 2000.0 is a whole number, and nan is no number.
[[nodiscard]] nlohmann::ordered_json experiment_schema();

} // namespace tinymf::host
