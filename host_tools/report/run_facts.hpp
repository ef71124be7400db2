// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "recording/recording.hpp"

namespace tinymf::host {

/// Names and values, for fact_table.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// The model and its parameters, of a network or of a mean field.
[[nodiscard]] Facts experiment_facts(const Recording& recording);

/// Which capture it is, and what built and ran it.
[[nodiscard]] Facts run_facts(const Recording& recording);

} // namespace tinymf::host
