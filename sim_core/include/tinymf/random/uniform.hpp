// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "tinymf/numeric/format.hpp"
#include "tinymf/random/philox.hpp"

namespace tinymf::random {

/// Scalars of type T drawn from one block: 4 float or 2 double.
template <std::floating_point T>
inline constexpr std::size_t lanes = sizeof(PhiloxBlock) / sizeof(T);

/// One lane's random bits, low word first.
template <std::floating_point T>
[[nodiscard]] constexpr numeric::Bits<T> lane_bits(const PhiloxBlock& block, std::size_t lane) {
    if constexpr (sizeof(T) == 4) {
        return block[lane];
    } else {
        return std::uint64_t{block[2 * lane]} | std::uint64_t{block[2 * lane + 1]} << 32U;
    }
}

/// U(0,1), both ends excluded, mean exactly 1/2.
///
/// Reads the bits as a fraction and returns the midpoint of the cell that its leading 23 (double:
/// 52) bits below the leading zeros select. The midpoint is exact, no rounding happens, and the
/// cells shrink towards 0, down to 2^-33 (2^-65): small values keep full relative resolution.
template <std::floating_point T>
[[nodiscard]] constexpr T uniform(numeric::Bits<T> bits) {
    constexpr int width = std::numeric_limits<numeric::Bits<T>>::digits;
    constexpr int surplus = width - std::numeric_limits<T>::digits + 1;
    const int leading_zeros = std::countl_zero(bits);
    const int dropped = leading_zeros < surplus ? surplus - leading_zeros : 0;
    const numeric::Bits<T> cell = bits >> static_cast<unsigned>(dropped);
    // 2 cell + 1 is below 2^24 (2^53), and fits the signed type, which converts faster.
    const auto odd = static_cast<numeric::Integer<T>>(2U * cell + 1U);
    return static_cast<T>(odd) * numeric::power_of_two<T>(dropped - width - 1);
}

/// One block's uniforms on (0,1).
template <std::floating_point T>
[[nodiscard]] constexpr std::array<T, lanes<T>> uniforms(const PhiloxBlock& block) {
    std::array<T, lanes<T>> values{};
    for (std::size_t lane = 0; lane < values.size(); ++lane) {
        values[lane] = uniform<T>(lane_bits<T>(block, lane));
    }
    return values;
}

} // namespace tinymf::random
