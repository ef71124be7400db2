// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tinymf::mean_field {

/// How the forward sampler keeps the past of its effective neurons: in the scalar it computes in,
/// or in 16 bits (see Storage in history.hpp).
enum class PathStorage : std::uint8_t { scalar, fixed16 };

inline constexpr std::array<std::string_view, 2> path_storage_names{"scalar", "fixed16"};

} // namespace tinymf::mean_field
