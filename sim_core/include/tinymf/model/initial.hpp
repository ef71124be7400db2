// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tinymf::model {

/// Distribution of the state at step 0: scale * N(0,1), scale * U(0,1), or zero for every neuron.
enum class InitialKind : std::uint8_t { normal, uniform, zero };

inline constexpr std::array<std::string_view, 3> initial_names{"normal", "uniform", "zero"};

} // namespace tinymf::model
