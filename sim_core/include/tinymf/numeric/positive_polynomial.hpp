// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "tinymf/numeric/arithmetic_guard.hpp"

namespace tinymf::numeric {

namespace detail {

/// c0 + c1 u + ... + c4 u^4 > 0 on 0 <= u <= 1: on one dyadic interval after the other, halved
/// until all Bernstein coefficients, whose hull holds the polynomial, have one sign, or an end
/// does not. Below 2^-20 of the whole the answer is no: the polynomial all but vanishes there.
template <std::floating_point T>
[[nodiscard]] constexpr bool positive_on_unit_interval(const std::array<T, 5>& c) {
    constexpr int finest = 20;
    constexpr std::array<T, 5> binomial{T(1), T(4), T(6), T(4), T(1)};
    std::uint32_t index = 0;
    int halvings = 0;
    while (true) {
        const T length = T(1) / static_cast<T>(std::uint32_t{1} << halvings);
        const T start = length * static_cast<T>(index);
        // Taylor's coefficients at the start, in units of the length.
        std::array<T, 5> shifted = c;
        for (std::size_t i = 0; i < 4; ++i) {
            for (std::size_t j = 4; j-- > i;) {
                shifted[j] += start * shifted[j + 1];
            }
        }
        T scale = T(1);
        for (std::size_t i = 0; i < 5; ++i) {
            shifted[i] *= scale / binomial[i];
            scale *= length;
        }
        bool positive = true;
        bool ends = true;
        for (std::size_t i = 0; i < 5; ++i) {
            T bernstein = T(0);
            T choices = T(1); // of j among i
            for (std::size_t j = 0; j <= i; ++j) {
                bernstein += choices * shifted[j];
                choices *= static_cast<T>(i - j) / static_cast<T>(j + 1);
            }
            positive = positive && bernstein > T(0);
            ends = ends && (bernstein > T(0) || (i != 0 && i != 4));
        }
        if (!ends || (!positive && halvings == finest)) {
            return false;
        }
        if (!positive) {
            ++halvings;
            index *= 2;
            continue;
        }
        ++index;
        while (halvings > 0 && index % 2 == 0) {
            index /= 2;
            --halvings;
        }
        if (halvings == 0 && index == 1) {
            return true;
        }
    }
}

} // namespace detail

/// 1 + b1 s + b2 s^2 + b3 s^3 + b4 s^4 > 0 for all s >= 0: on [0, 1], and beyond in 1/s. No also
/// where it comes so close to 0 that the precision of T cannot tell. Work: some hundred operations,
/// a few thousand close to a double root.
template <std::floating_point T>
[[nodiscard]] constexpr bool positive_polynomial(const std::array<T, 4>& b) {
    std::size_t degree = 4;
    while (degree > 0 && !(b[degree - 1] < T(0) || b[degree - 1] > T(0))) {
        --degree;
    }
    if (degree == 0) {
        return true;
    }
    std::array<T, 5> reversed{};
    for (std::size_t i = 0; i < degree; ++i) {
        reversed[i] = b[degree - 1 - i];
    }
    reversed[degree] = T(1);
    return detail::positive_on_unit_interval(std::array<T, 5>{T(1), b[0], b[1], b[2], b[3]}) &&
           detail::positive_on_unit_interval(reversed);
}

} // namespace tinymf::numeric
