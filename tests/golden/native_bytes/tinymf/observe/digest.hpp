// SPDX-License-Identifier: Apache-2.0
#pragma once

// Stands in for the real header in one must-fail row of the golden matrix: a number is added by its
// bytes as they lie in memory, which is the other way round on a big-endian machine.

#include <array>
#include <bit>

#define Digest DigestOfWords
#include_next "tinymf/observe/digest.hpp"
#undef Digest

namespace tinymf::observe {

class Digest : public DigestOfWords {
public:
    using DigestOfWords::add;

    constexpr void add(float value) {
        std::uint32_t word = 0;
        unsigned shift = 0;
        for (const std::uint8_t byte : std::bit_cast<std::array<std::uint8_t, 4>>(value + 0.0F)) {
            word |= std::uint32_t{byte} << shift;
            shift += 8;
        }
        add(word);
    }

    template <std::floating_point T, std::size_t N>
    constexpr void add(std::span<const T, N> values) {
        for (const T value : values) {
            add(value);
        }
    }
};

} // namespace tinymf::observe
