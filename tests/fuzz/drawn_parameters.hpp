// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <fuzzer/FuzzedDataProvider.h>

#include "tinymf/experiment/parameters.hpp"
#include "tinymf/experiment/wire.hpp"

namespace tinymf::fuzz {

/// Mostly numbers at and near the ends of ranges, now and then any bits at all.
template <std::floating_point T>
T drawn_real(FuzzedDataProvider& input) {
    constexpr std::array<T, 16> usual{
        T(0),     T(1),          T(0.5),  T(1.5),
        T(-0.5),  T(-1),         T(0.05), T(0.001),
        T(0.02),  T(2),          T(10),   T(100),
        T(-1000), T(1.52588e-5), T(0.75), std::numeric_limits<T>::denorm_min()};
    const auto choice = input.ConsumeIntegral<std::uint8_t>();
    if (choice < 240) {
        return usual[choice % usual.size()];
    }
    if constexpr (sizeof(T) == sizeof(std::uint32_t)) {
        return std::bit_cast<T>(input.ConsumeIntegral<std::uint32_t>());
    } else {
        return std::bit_cast<T>(input.ConsumeIntegral<std::uint64_t>());
    }
}

/// Every parameter drawn alone, so that most sets are refused for one reason or another and the
/// rest is near a boundary. At most `most_steps` steps.
template <std::floating_point T>
experiment::Parameters<T> drawn_parameters(FuzzedDataProvider& input, std::uint32_t most_steps) {
    experiment::Parameters<T> parameters;
    // Without a word of its own a parameter keeps its default: short inputs are legal runs.
    experiment::for_each_on_wire(parameters, [&input]<class V>(V& value) {
        if (!input.ConsumeBool()) {
            return;
        }
        if constexpr (std::is_floating_point_v<V>) {
            value = drawn_real<V>(input);
        } else if constexpr (std::is_enum_v<V>) {
            value = static_cast<V>(input.ConsumeIntegralInRange<std::uint8_t>(0, 7));
        } else {
            const auto small = input.ConsumeIntegral<std::uint8_t>();
            value = small < 240 ? static_cast<V>(small % 40) : input.ConsumeIntegral<V>();
        }
    });
    parameters.steps = std::min(parameters.steps, most_steps);
    return parameters;
}

} // namespace tinymf::fuzz
