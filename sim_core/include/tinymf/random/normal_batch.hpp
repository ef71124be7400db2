// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tinymf/numeric/batch.hpp"
#include "tinymf/numeric/circular.hpp"
#include "tinymf/numeric/log.hpp"
#include "tinymf/numeric/sqrt.hpp"
#include "tinymf/random/philox_batch.hpp"

// normal.hpp once more for float32, without branches and shifts by variable counts, which vectors
// do not have. To the bit the same numbers.
namespace tinymf::random {

namespace detail {

/// uniform<float>(bits) of bits below 2^31.
///
/// The cell's 23 leading bits and a one below them are 24 bits. Where bits has more, it is halved,
/// which drops a bit below the cell and makes the conversion fit, and truncated: converted to the
/// nearest, and one step down where that was up.
[[nodiscard]] constexpr float uniform_of_lower_half(std::uint32_t bits) {
    const float exact = static_cast<float>(static_cast<std::int32_t>(2U * bits + 1U));
    const auto half = static_cast<std::int32_t>(bits >> 1U);
    const auto nearest = static_cast<float>(half);
    const auto above = static_cast<std::uint32_t>(static_cast<std::int32_t>(nearest) > half);
    const auto truncated = numeric::from_bits<float>((numeric::to_bits(nearest) - above) | 1U);
    return numeric::select(bits < 1U << 23U, exact * 0x1p-33F, truncated * 0x1p-31F);
}

/// exponential<float>(bits), both of its cases computed.
[[nodiscard]] constexpr float exponential_of_either_half(std::uint32_t bits) {
    const bool lower = bits < 1U << 31U;
    const float v = uniform_of_lower_half(lower ? bits : ~bits);
    const float m = 1.0F - v;
    const bool distinct = m < 1.0F;
    const float logarithm = numeric::log(numeric::select(lower, v, m));
    const float quotient = logarithm / numeric::select(distinct, m - 1.0F, 1.0F);
    const float upper = numeric::select(distinct, v * quotient, v);
    return numeric::select(lower, -logarithm, upper);
}

/// Lanes 0 and 1 of a block, or 2 and 3, from these words.
[[gnu::flatten]] inline void normal_pairs(const Batch<std::uint32_t>& radius_bits,
                                          const Batch<std::uint32_t>& angle_bits,
                                          Batch<float>& first, Batch<float>& second) {
    Batch<float> radius;
    for (std::size_t i = 0; i < numeric::batch_size; ++i) {
        radius[i] = numeric::sqrt(2.0F * exponential_of_either_half(radius_bits[i]));
    }
    for (std::size_t i = 0; i < numeric::batch_size; ++i) {
        const auto direction = numeric::cos_sin_turn(angle_bits[i]);
        first[i] = radius[i] * direction.cos;
        second[i] = radius[i] * direction.sin;
    }
}

} // namespace detail

/// The normals of a batch of blocks, lane w of block i in out[4 i + w].
inline void fill_normals(const PhiloxBatch& words, float* out) {
    std::array<Batch<float>, 4> lanes;
    detail::normal_pairs(words[0], words[1], lanes[0], lanes[1]);
    detail::normal_pairs(words[2], words[3], lanes[2], lanes[3]);
    for (std::size_t i = 0; i < numeric::batch_size; ++i) {
        for (std::size_t w = 0; w < 4; ++w) {
            out[4 * i + w] = lanes[w][i];
        }
    }
}

} // namespace tinymf::random
