// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "plan/plan.hpp"

namespace tinymf::host {

[[nodiscard]] nlohmann::json to_json(const Plan& plan);

/// One line for each thing, several lines.
[[nodiscard]] std::string to_text(const Plan& plan);

} // namespace tinymf::host
