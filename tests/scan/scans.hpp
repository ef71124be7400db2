// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "scan/table.hpp"
#include "theory/prediction.hpp"

namespace tinymf::scan {

/// No predicted value lies outside what it can be: a variance below 0, a dimension above 1.
void require_possible(Table& table, const host::Prediction& prediction, const std::string& place);

/// The largest exponent by the device's code, which shares no line with theory's.
void compare_exponent(Table& table, const Parameters& p, const host::Prediction& prediction);

// Theory of linear networks, of any other activation, and what the devices' methods solve.
void scan_linear(Table& table, Choice& choice);
void scan_finite_size(Table& table, Choice& choice);
void scan_energy(Table& table, Choice& choice);
void scan_states(Table& table, Choice& choice);
void scan_stationary(Table& table, Choice& choice);
void scan_closure(Table& table, Choice& choice);
void scan_linear_method(Table& table, Choice& choice);
void scan_responses(Table& table, Choice& choice);

} // namespace tinymf::scan
