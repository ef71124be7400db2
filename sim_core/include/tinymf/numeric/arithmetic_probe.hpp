// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <limits>

#include "tinymf/numeric/arithmetic_guard.hpp"

namespace tinymf::numeric {

/// True when this processor, in its present mode, computes as the bits of the project need it:
/// a product is rounded before the sum, (1 + e)(1 - e) - 1 = 0; subnormals are neither made zero
/// nor read as zero; ties go to the even neighbour, and nothing is rounded up, down or towards
/// zero. What the compiler could compute in advance is hidden from it. About 12 operations.
template <std::floating_point T>
[[nodiscard, gnu::noinline]] bool computes_as_written() {
    using Limits = std::numeric_limits<T>;
    const volatile T one_in_memory = T(1);
    const volatile T epsilon_in_memory = Limits::epsilon();
    const volatile T smallest_in_memory = Limits::min();
    const T one = one_in_memory;
    const T epsilon = epsilon_in_memory;

    const T above = one + epsilon;
    const T below = one - epsilon;
    const T product_error = above * below - one;
    const bool rounds_products = !(product_error < T(0)) && !(product_error > T(0));

    const T tie_down = one + epsilon / T(2);
    const T tie_up = above + epsilon / T(2);
    const bool rounds_to_even = !(tie_down > one) && tie_up > above;

    const volatile T quarter = smallest_in_memory * T(0.25F);
    const T whole = quarter * T(4);
    const bool keeps_subnormals = quarter > T(0) && !(whole < smallest_in_memory);

    return rounds_products && rounds_to_even && keeps_subnormals;
}

/// What every model asserts when it is configured: the compiler's word is a claim, and a library
/// elsewhere in the process may have changed the processor's mode, which tinymf itself never does.
template <std::floating_point T>
[[nodiscard]] bool arithmetic_is_trusted() {
#if defined(TINYMF_ARITHMETIC_UNCHECKED)
    return true;
#else
    return computes_as_written<T>();
#endif
}

} // namespace tinymf::numeric
