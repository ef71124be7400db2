// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tinymf::mean_field {

/// How the N -> infinity limit is solved; the number is part of the wire protocol.
///
/// - forward: a population of effective neurons, any phi and reciprocity (forward_sampler.hpp);
/// - gaussian_closure: exact without reciprocity (gaussian_closure.hpp);
/// - linear: exact for linear phi (linear_closure.hpp);
/// - stationary: functions of the lag in the stationary state (stationary_run.hpp).
enum class Method : std::uint8_t { forward, gaussian_closure, linear, stationary };

inline constexpr std::array<std::string_view, 4> method_names{"forward", "gaussian_closure",
                                                              "linear", "stationary"};

} // namespace tinymf::mean_field
