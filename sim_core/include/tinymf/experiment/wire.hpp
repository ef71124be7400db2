// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <type_traits>

#include "tinymf/experiment/fields.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::experiment {

/// Calls `visit` with every number of the run-time parameters in wire order, the order of their
/// list in fields.hpp: shared by writing and reading. Reals have the profile's width, integers and
/// enumerations the width of their type, all little-endian.
template <class P, class Visitor>
constexpr void for_each_on_wire(P& p, Visitor&& visit) {
    for_each_field(
        [&visit](Field /*field*/, auto& value) {
            if constexpr (requires { value.size(); }) {
                for (auto& number : value) {
                    visit(number);
                }
            } else {
                visit(value);
            }
        },
        p);
}

template <std::floating_point T>
constexpr void write(stream::ByteWriter& writer, const Parameters<T>& parameters) {
    for_each_on_wire(parameters, [&writer]<class V>(const V& value) {
        if constexpr (std::is_enum_v<V>) {
            writer.put(static_cast<std::underlying_type_t<V>>(value));
        } else {
            writer.put(value);
        }
    });
}

/// Reads what `write` wrote. Truncation and non-finite reals set the reader's error; ranges are
/// not checked here (see validation.hpp).
template <std::floating_point T>
[[nodiscard]] constexpr Parameters<T> read_parameters(stream::ByteReader& reader) {
    Parameters<T> parameters;
    for_each_on_wire(parameters, [&reader]<class V>(V& value) {
        if constexpr (std::is_enum_v<V>) {
            value = static_cast<V>(reader.get<std::underlying_type_t<V>>());
        } else {
            value = reader.get<V>();
        }
    });
    return parameters;
}

} // namespace tinymf::experiment
