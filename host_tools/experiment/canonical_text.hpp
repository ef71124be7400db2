// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "experiment/experiment.hpp"

namespace tinymf::host {

/// The experiment as a TOML file with every key of schema 1, in the order of the schema. Reals have
/// the fewest digits that give the same double.
[[nodiscard]] std::string canonical_text(const Experiment& experiment);

} // namespace tinymf::host
