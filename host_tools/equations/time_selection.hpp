// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "equations/two_time_solution.hpp"

namespace tinymf::host {

/// The solution on some of its times, by their indices, ascending.
[[nodiscard]] TwoTimeSolution at_times(const TwoTimeSolution& whole,
                                       std::span<const Eigen::Index> kept);

} // namespace tinymf::host
