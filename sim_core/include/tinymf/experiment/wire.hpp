// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>

#include "tinymf/experiment/parameters.hpp"
#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::experiment {

/// Calls `visit` with every run-time parameter in wire order: the one definition of that order,
/// shared by writing and reading. Reals have the profile's width, integers and enumerations the
/// width of their type, all little-endian.
template <class P, class Visitor>
constexpr void for_each_on_wire(P& p, Visitor&& visit) {
    visit(p.activation);
    visit(p.exponent);
    for (auto& coefficient : p.pade_numerator) {
        visit(coefficient);
    }
    for (auto& coefficient : p.pade_denominator) {
        visit(coefficient);
    }
    visit(p.gain);
    visit(p.reciprocity);
    visit(p.noise);
    visit(p.noise_kind);
    visit(p.noise_time);
    visit(p.noise_hold);
    visit(p.dt);
    visit(p.steps);
    visit(p.integrator);
    visit(p.seed);
    visit(p.initial);
    visit(p.initial_scale);
    visit(p.stimulus);
    visit(p.stimulus_amplitude);
    visit(p.stimulus_frequency);
    visit(p.stimulus_onset);
    visit(p.replicas);
    visit(p.state_every);
    visit(p.digest_every);
    visit(p.observation.observables);
    visit(p.observation.sample_every);
    visit(p.observation.after);
    visit(p.observation.block);
    visit(p.observation.lags);
    visit(p.observation.window);
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
