// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>

#include "tinymf/numeric/circular.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/random/uniform.hpp"

namespace tinymf::random {

/// Exponential variate of mean 1: -log u of the uniform u that the bits select. Range about
/// [2^-33, 33 ln 2] (double: [2^-65, 65 ln 2]).
///
/// For u >= 1/2 the complement v = 1 - u is what the bits give exactly. Then -log(1 - v) is taken
/// as v log(m)/(m - 1) with m = 1 - v rounded: the quotient varies slowly, so the rounding of m
/// does not matter, and small variates keep their relative resolution.
template <std::floating_point T>
[[nodiscard]] constexpr T exponential(numeric::Bits<T> bits) {
    constexpr numeric::Bits<T> half = numeric::Bits<T>{1}
                                      << (std::numeric_limits<numeric::Bits<T>>::digits - 1);
    if (bits < half) {
        return -numeric::log(uniform<T>(bits));
    }
    const T v = uniform<T>(~bits);
    const T m = T(1) - v;
    return m < T(1) ? v * (numeric::log(m) / (m - T(1))) : v;
}

/// One block's standard normals, by Box and Muller: lanes 2k and 2k+1 share the radius made of lane
/// 2k's bits and the angle made of lane 2k+1's. All bits are used, so that float reaches
/// sqrt(66 ln 2) = 6.76 and double 9.49 standard deviations.
template <std::floating_point T>
[[nodiscard]] constexpr std::array<T, lanes<T>> normals(const PhiloxBlock& block) {
    std::array<T, lanes<T>> values{};
    for (std::size_t lane = 0; lane < values.size(); lane += 2) {
        const T radius = numeric::sqrt(T(2) * exponential<T>(lane_bits<T>(block, lane)));
        const auto direction = numeric::cos_sin_turn(lane_bits<T>(block, lane + 1));
        values[lane] = radius * direction.cos;
        values[lane + 1] = radius * direction.sin;
    }
    return values;
}

} // namespace tinymf::random
