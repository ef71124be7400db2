// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "arrays/array.hpp"
#include "equations/two_time_solution.hpp"

namespace tinymf::host {

/// `t` [n]; `Cx`, `Cphi`, `Rx`, `Rphi` [n, n]; `mean` [n]; and the same with `_se` where sampled.
[[nodiscard]] std::vector<NamedArray> arrays_of(const TwoTimeSolution& solution);

/// `tau`, `Cx`, `Cphi`, `Rx`, `Rphi` [n]; `lyapunov` [1] where known.
[[nodiscard]] std::vector<NamedArray> arrays_of(const StationarySolution& solution);

/// One line for each t' <= t: t, t', and the arrays' entries there, with standard errors where
/// sampled.
[[nodiscard]] std::string csv_text(const TwoTimeSolution& solution);

/// One line a lag.
[[nodiscard]] std::string csv_text(const StationarySolution& solution);

} // namespace tinymf::host
