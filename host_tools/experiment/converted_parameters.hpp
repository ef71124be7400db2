// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <type_traits>

#include "tinymf/assert.hpp"
#include "tinymf/experiment/wire.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::host {

/// The parameters with every real, all finite, in another width, rounded once; by way of the bytes
/// that travel, so that no parameter is forgotten. Minus zero becomes zero, as it does there.
template <std::floating_point To, std::floating_point From>
[[nodiscard]] experiment::Parameters<To>
converted_parameters(const experiment::Parameters<From>& parameters) {
    std::array<std::uint8_t, stream::largest_payload> bytes{};
    stream::ByteWriter writer(bytes);
    experiment::for_each_on_wire(parameters, [&writer]<class V>(const V& value) {
        if constexpr (std::is_floating_point_v<V>) {
            writer.put(static_cast<To>(value));
        } else if constexpr (std::is_enum_v<V>) {
            writer.put(static_cast<std::underlying_type_t<V>>(value));
        } else {
            writer.put(value);
        }
    });
    TINYMF_ASSERT(writer.ok());
    stream::ByteReader reader(writer.written());
    const auto converted = experiment::read_parameters<To>(reader);
    TINYMF_ASSERT(reader.finished());
    return converted;
}

} // namespace tinymf::host
