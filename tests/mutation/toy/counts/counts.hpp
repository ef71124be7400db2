// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace toy {

/// How many of the values lie in [lowest, highest].
constexpr int count_between(std::span<const int> values, int lowest, int highest) {
    int count = 0;
    for (const int value : values) {
        if (value < lowest || value > highest) {
            continue;
        }
        ++count;
    }
    return count;
}

// A mutant must not reach what is computed by the compiler.
constexpr std::array<int, 3> three{1, 2, 3};
static_assert(count_between(three, 2, 3) == 2);

consteval int ten_above(int lowest) {
    return lowest + 10;
}

/// A number that has no run time but in the mutated copy.
constexpr int limit() {
    return ten_above(3);
}

/// No test calls it.
constexpr int forgotten(int value) {
    return value + 3;
}

/// Compiles with minus only, when it is used with pointers.
template <class Position>
constexpr std::ptrdiff_t distance(Position from, Position to) {
    return to - from;
}

} // namespace toy
