// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stands in for the real header in one must-fail row of the golden matrix: the two words of a
// double are added in the order in which they lie in memory, which is the other one on a big-endian
// machine.

#include <array>
#include <bit>

#define Digest DigestOfWords
#include_next "tinymf/observe/digest.hpp"
#undef Digest

namespace tinymf::observe {

class Digest : public DigestOfWords {
public:
    using DigestOfWords::add;

    constexpr void add(double value) {
        for (const std::uint32_t word : std::bit_cast<std::array<std::uint32_t, 2>>(value + 0.0)) {
            add(word);
        }
    }

    template <std::floating_point T, std::size_t N>
    constexpr void add(std::span<const T, N> values) {
        for (const T value : values) {
            add(value);
        }
    }
};

} // namespace tinymf::observe
