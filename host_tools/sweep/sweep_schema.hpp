// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace tinymf::host {

/// A JSON schema, draft 7, of sweep files of schema 1 (see Sweep), with the keys of experiments as
/// experiment_schema has them. Whether values go together, with each other and with the experiment
/// that is varied, only load_sweep knows.
[[nodiscard]] nlohmann::ordered_json sweep_schema();

} // namespace tinymf::host
