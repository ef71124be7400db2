// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>

#include "tinymf/assert.hpp"
#include "tinymf/numeric/magnitude.hpp"

namespace tinymf::model {

/// An angle in units of 2^-64 turn. Whole turns drop out by themselves, and sums are exact.
using Phase = std::uint64_t;

/// The fractional turn of a finite `turns` >= 0, rounded to the nearest 2^-64 (ties up).
template <std::floating_point T>
[[nodiscard]] constexpr Phase phase_of_turns(T turns) {
    constexpr int fraction_bits = numeric::Format<T>::fraction_bits;
    TINYMF_ASSERT(turns >= T(0) && numeric::is_finite(turns));
    if (turns < T(0x1p-66F)) {
        return 0;
    }
    const numeric::Bits<T> bits = numeric::to_bits(turns);
    const auto exponent = static_cast<int>(static_cast<numeric::Integer<T>>(bits >> fraction_bits) -
                                           numeric::Format<T>::exponent_bias);
    const Phase fraction = bits & ((numeric::Bits<T>{1} << fraction_bits) - 1U);
    const Phase significand = fraction | Phase{1} << fraction_bits;
    // turns = significand 2^(exponent - fraction_bits)
    const int shift = exponent - fraction_bits + 64;
    if (shift >= 64) {
        return 0;
    }
    if (shift >= 0) {
        return significand << shift;
    }
    return ((significand >> (-shift - 1)) + 1U) >> 1U;
}

/// The leading bits of the phase, in the width that the scalar's cosine and sine take.
template <std::floating_point T>
[[nodiscard]] constexpr auto leading_bits(Phase phase) {
    if constexpr (sizeof(T) == 4) {
        return static_cast<std::uint32_t>(phase >> 32U);
    } else {
        return phase;
    }
}

} // namespace tinymf::model
