// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "models/board_info.hpp"
#include "tinymf/experiment/profile.hpp"

namespace tinymf::host {

/// Static RAM of a profile's model on a 32-bit board, by the size formula its type states; what the
/// formula leaves open (parameters, padding) is taken from a profile of the same kind that the
/// board, or one of the same architecture, carries. Exact for float32; of float64, which no board
/// carries, an upper bound. Nothing where no board carries the kind.
[[nodiscard]] std::optional<std::uint64_t> model_bytes(const BoardInfo& board,
                                                       const experiment::ProfileInfo& profile);

} // namespace tinymf::host
