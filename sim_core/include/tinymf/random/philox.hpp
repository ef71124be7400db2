// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace tinymf::random {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

/// Four words of 32 independent random bits: the output for one counter.
using PhiloxBlock = std::array<std::uint32_t, 4>;

namespace detail {

struct WideProduct {
    std::uint32_t high;
    std::uint32_t low;
};

[[nodiscard]] constexpr WideProduct wide_product(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t product = std::uint64_t{a} * b;
    return {static_cast<std::uint32_t>(product >> 32U), static_cast<std::uint32_t>(product)};
}

[[nodiscard]] constexpr PhiloxBlock philox_round(const PhiloxBlock& x, const PhiloxKey& key) {
    constexpr std::uint32_t first_multiplier = 0xD2511F53U;
    constexpr std::uint32_t second_multiplier = 0xCD9E8D57U;
    const WideProduct p = wide_product(first_multiplier, x[0]);
    const WideProduct q = wide_product(second_multiplier, x[2]);
    return {q.high ^ x[1] ^ key[0], q.low, p.high ^ x[3] ^ key[1], p.low};
}

/// The key schedule is a Weyl sequence: the golden ratio and sqrt(3) - 1, as fractions of 2^32.
[[nodiscard]] constexpr PhiloxKey next_round_key(const PhiloxKey& key) {
    return {key[0] + 0x9E3779B9U, key[1] + 0xBB67AE85U};
}

} // namespace detail

/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): a keyed bijection of 128-bit counters, so that
/// different counters under one key never give the same block. Bit-exact; work 20 wide products.
[[nodiscard]] constexpr PhiloxBlock philox4x32(PhiloxCounter counter, PhiloxKey key) {
    constexpr int rounds = 10;
    PhiloxBlock x = detail::philox_round(counter, key);
    for (int round = 1; round < rounds; ++round) {
        key = detail::next_round_key(key);
        x = detail::philox_round(x, key);
    }
    return x;
}

} // namespace tinymf::random
