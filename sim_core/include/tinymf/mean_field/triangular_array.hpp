// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>

#include "tinymf/assert.hpp"

namespace tinymf::mean_field {

/// A causal two-time array: entries (t, s) with s <= t < points, row by row in static storage.
/// Size: points (points + 1)/2 scalars.
template <std::floating_point T, std::size_t points>
class TriangularArray {
public:
    static constexpr std::size_t entries = points * (points + 1) / 2;

    [[nodiscard]] constexpr std::span<T> row(std::size_t t) {
        TINYMF_ASSERT(t < points);
        return std::span<T>(values_).subspan(first(t), t + 1);
    }
    [[nodiscard]] constexpr std::span<const T> row(std::size_t t) const {
        TINYMF_ASSERT(t < points);
        return std::span<const T>(values_).subspan(first(t), t + 1);
    }

    /// The entry of the symmetric array that the triangle stands for.
    [[nodiscard]] constexpr T symmetric(std::size_t t, std::size_t s) const {
        return t >= s ? values_[first(t) + s] : values_[first(s) + t];
    }

private:
    [[nodiscard]] static constexpr std::size_t first(std::size_t t) { return t * (t + 1) / 2; }

    std::array<T, entries> values_;
};

} // namespace tinymf::mean_field
