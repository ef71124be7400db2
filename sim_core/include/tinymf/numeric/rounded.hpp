// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <type_traits>

#include "tinymf/numeric/arithmetic_guard.hpp"

namespace tinymf::numeric {

/// The value itself, kept by the compiler as a rounded number of its own.
///
/// For products of which both sum and difference are taken: gcc 12 merges a b + c d and a b - c d
/// into fused instructions of x86 (vfmaddsub) although contraction is off. Costs no instruction,
/// but the value is not vectorised.
template <std::floating_point T>
[[nodiscard]] constexpr T rounded(T value) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        asm("" : "+x"(value));
    }
#endif
    return value;
}

} // namespace tinymf::numeric
