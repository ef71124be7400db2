// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "tinymf/mean_field/two_time_row.hpp"
#include "tinymf/model/non_finite.hpp"
#include "tinymf/numeric/first_non_finite.hpp"

namespace tinymf::mean_field {

/// The first NaN or infinity among `values`, which belong to `array`, at its columns.
template <std::floating_point T>
[[nodiscard]] constexpr model::NonFinite first_non_finite(TwoTimeArray array,
                                                          std::span<const T> values) {
    const std::size_t column = numeric::first_non_finite(values);
    return {.found = column < values.size(),
            .quantity = model::Quantity::row,
            .part = static_cast<std::uint8_t>(array),
            .element = static_cast<std::uint32_t>(column)};
}

/// The first NaN or infinity of the rows that a step made.
template <std::floating_point T>
[[nodiscard]] constexpr model::NonFinite first_non_finite(std::span<const TwoTimeRow<T>> rows) {
    for (const TwoTimeRow<T>& row : rows) {
        if (const auto place = first_non_finite(row.array, row.values); place.found) {
            return place;
        }
    }
    return {};
}

} // namespace tinymf::mean_field
