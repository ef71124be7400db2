// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tinymf/experiment/fields.hpp"

namespace tinymf::host {

/// A number as it would be written in an experiment file: no exponent where it is a whole number.
[[nodiscard]] std::string number_text(double value);

/// "must be between 0 and 100", from the table that devices use as well.
[[nodiscard]] std::string range_text(experiment::Field field);

[[nodiscard]] std::string range_text(double lowest, double highest);

} // namespace tinymf::host
