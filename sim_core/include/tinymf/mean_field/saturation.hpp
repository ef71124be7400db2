// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tinymf::mean_field {

/// Numbers that a 16-bit path history held at the ends of its range instead of rounding them: with
/// one of them, averages are no longer those of the model.
struct Saturation {
    std::uint64_t count = 0;
    std::uint32_t first_step = 0; ///< at which the first of them arose; 0 without any

    friend constexpr bool operator==(const Saturation&, const Saturation&) = default;
};

} // namespace tinymf::mean_field
