// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "tinymf/numeric/magnitude.hpp"

namespace tinymf::numeric {

/// Index of the first NaN or infinity, or the size when there is none. Looks at bits, so that no
/// mode of the processor matters. Work: 3 integer operations a value.
template <Scalar T>
[[nodiscard]] constexpr std::size_t first_non_finite(std::span<const T> values) {
    std::size_t i = 0;
    while (i < values.size() && is_finite(values[i])) {
        ++i;
    }
    return i;
}

} // namespace tinymf::numeric
