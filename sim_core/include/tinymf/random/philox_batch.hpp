// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tinymf/numeric/batch.hpp"
#include "tinymf/random/philox.hpp"

namespace tinymf::random {

using numeric::Batch;

/// The blocks that hosts draw together: word w of block i is words[w][i]. Size 512 bytes.
using PhiloxBatch = std::array<Batch<std::uint32_t>, 4>;

namespace detail {

constexpr void philox_round(PhiloxBatch& x, const PhiloxKey& key) {
    for (std::size_t i = 0; i < numeric::batch_size; ++i) {
        const PhiloxBlock next = philox_round({x[0][i], x[1][i], x[2][i], x[3][i]}, key);
        x[0][i] = next[0];
        x[1][i] = next[1];
        x[2][i] = next[2];
        x[3][i] = next[3];
    }
}

} // namespace detail

/// philox4x32 of the counters whose first word is counter[0] + i, for i = 0, 1, ..., the other
/// words those of `counter`. Bit-exact.
[[nodiscard, gnu::flatten]] constexpr PhiloxBatch philox4x32_batch(const PhiloxCounter& counter,
                                                                   PhiloxKey key) {
    constexpr int rounds = 10;
    PhiloxBatch x{};
    for (std::size_t i = 0; i < numeric::batch_size; ++i) {
        x[0][i] = counter[0] + static_cast<std::uint32_t>(i);
        x[1][i] = counter[1];
        x[2][i] = counter[2];
        x[3][i] = counter[3];
    }
    for (int round = 0; round < rounds; ++round) {
        detail::philox_round(x, key);
        key = detail::next_round_key(key);
    }
    return x;
}

} // namespace tinymf::random
