// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tinymf::observe {

/// Rolling 64-bit digest of a sequence of state words; the value that proves P-bit equality.
///
/// Two independent 32-bit lanes, each a bijection of its state for a given word and injective in
/// the word for a given state: a run that differs in exactly one word always differs in the
/// digest. Not cryptographic. Size 8 bytes; work about 12 integer operations a 32-bit word, no
/// 64-bit multiplication (Cortex-M0 has none). Level: bit-exact.
class Digest {
public:
    constexpr void add(std::uint32_t word) {
        low_ = std::rotl(low_ ^ (word * 0xCC9E2D51U), 13) * 5U + 0xE6546B64U;
        high_ = std::rotl(high_ ^ (word * 0x1B873593U), 17) * 9U + 0x38B34AE5U;
    }

    constexpr void add(std::uint64_t word) {
        add(static_cast<std::uint32_t>(word));
        add(static_cast<std::uint32_t>(word >> 32U));
    }

    /// Adds the bits of a finite value; minus zero counts as zero, so that a sign no later
    /// arithmetic can see is no difference either.
    constexpr void add(float value) { add(std::bit_cast<std::uint32_t>(value + 0.0F)); }
    constexpr void add(double value) { add(std::bit_cast<std::uint64_t>(value + 0.0)); }

    template <std::floating_point T, std::size_t N>
    constexpr void add(std::span<const T, N> values) {
        for (const T value : values) {
            add(value);
        }
    }

    [[nodiscard]] constexpr std::uint64_t value() const {
        return (static_cast<std::uint64_t>(high_) << 32U) | low_;
    }

    [[nodiscard]] static constexpr Digest resumed_from(std::uint64_t value) {
        Digest digest;
        digest.low_ = static_cast<std::uint32_t>(value);
        digest.high_ = static_cast<std::uint32_t>(value >> 32U);
        return digest;
    }

private:
    std::uint32_t low_ = 0x811C9DC5U;
    std::uint32_t high_ = 0x9E3779B9U;
};

} // namespace tinymf::observe
