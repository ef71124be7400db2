// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "tinymf/experiment/fields.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/message.hpp"

namespace tinymf::firmware {

inline constexpr std::array<std::string_view, 12> described_units{
    "",       "dt",    "tau", "1/tau", "tau^-1/2", "byte",
    "counts", "ticks", "us",  "1/s",   "steps",    "samples"};

/// Index of a unit; a unit that is not in the list does not compile.
constexpr std::uint8_t unit_index(std::string_view unit) {
    std::uint8_t index = 0;
    while (described_units[index] != unit) {
        ++index;
    }
    return index;
}

/// As many values as the payload still holds.
inline constexpr std::uint8_t to_the_end = 0;

/// One field of a message, as TABLE announces it.
struct FieldDescription {
    std::string_view name;
    stream::Kind message{};
    stream::FieldType type{};
    std::uint8_t unit = 0;  ///< index into described_units
    std::uint8_t count = 1; ///< values in a row, or `to_the_end`
    /// Of a parameter, whose name an image holds anyway.
    experiment::Field parameter = experiment::Field::none;

    constexpr FieldDescription() = default;
    constexpr FieldDescription(stream::Kind described, stream::FieldType stored,
                               std::string_view called, std::string_view measured_in = "",
                               std::uint8_t values = 1)
        : name(called), message(described), type(stored), unit(unit_index(measured_in)),
          count(values) {}
};

/// How a parameter of type V is stored in CONFIGURATION.
template <class V>
constexpr stream::FieldType stored_type() {
    if constexpr (std::is_floating_point_v<V>) {
        return stream::FieldType::scalar;
    } else if constexpr (sizeof(V) == 1) {
        return stream::FieldType::u8;
    } else if constexpr (sizeof(V) == 2) {
        return stream::FieldType::u16;
    } else if constexpr (sizeof(V) == 4) {
        return stream::FieldType::u32;
    } else {
        return stream::FieldType::u64;
    }
}

/// The run-time parameters within CONFIGURATION, under their keys in the experiment file.
inline constexpr auto described_parameters = [] {
    std::array<FieldDescription, experiment::parameter_count> rows;
    std::size_t next = 0;
    const auto describe = [&rows, &next]<class V>(experiment::Field field, const V& value) {
        const experiment::FieldInfo& facts = experiment::info(field);
        FieldDescription& row = rows[next++];
        if constexpr (requires { value.size(); }) {
            row = {stream::Kind::configuration, stored_type<typename V::value_type>(), facts.key,
                   facts.unit, static_cast<std::uint8_t>(value.size())};
        } else {
            row = {stream::Kind::configuration, stored_type<V>(), facts.key, facts.unit};
        }
        row.parameter = field;
    };
    const experiment::Parameters<float> any{};
    experiment::for_each_field(describe, any);
    return rows;
}();

/// Stands for them in the list of all fields.
inline constexpr FieldDescription run_time_parameters{};

/// Every field of every frame that a device sends, in payload order: enough to decode a capture
/// without sources.
inline constexpr auto described_fields = [] {
    using enum stream::Kind;
    using enum stream::FieldType;
    constexpr auto rows = std::to_array<FieldDescription>({
        {hello, u16, "protocol"},
        {hello, u16, "incompatible_features"},
        {hello, text, "version"},
        {hello, text, "git_hash"},
        {hello, text, "compiler"},
        {hello, u32, "flags_fingerprint"},
        {hello, text, "board"},
        {hello, u8, "reset_cause"},
        {hello, u32, "run_id"},
        {hello, u32, "mode_bits"},
        {hello, u32, "counter_rate", "1/s"},
        {hello, u8, "counter_unit"},
        {hello, u8, "profiles"},
        {profile, u8, "first_index"},
        {profile, u8, "kind", "", to_the_end},
        {profile, u8, "scalar", "", to_the_end},
        {profile, u8, "coupling_or_method", "", to_the_end},
        {profile, u8, "replicas", "", to_the_end},
        {profile, u16, "neurons_or_path_bits", "", to_the_end},
        {profile, u16, "points", "", to_the_end},
        {profile, u32, "trajectories", "", to_the_end},
        {profile, u8, "observables", "", to_the_end},
        {profile, u16, "lags", "", to_the_end},
        {profile, u32, "bytes", "byte", to_the_end},
        {table, u8, "message"},
        {table, u8, "field"},
        {table, u8, "type"},
        {table, text, "shape"},
        {table, text, "name"},
        {table, text, "unit"},
        {configuration, u32, "session"},
        {configuration, u8, "profile"},
        {configuration, u8, "delivery"},
        {configuration, u8, "deadline"},
        {configuration, u32, "tick_period", "us"},
        run_time_parameters,
        {configuration, u32, "tick_counts", "counts"},
        {configuration, u32, "tick_clock", "1/s"},
        {state, u32, "step", "dt"},
        {state, u8, "replica"},
        {state, u16, "first_neuron"},
        {state, scalar, "x", "", to_the_end},
        {observe, u8, "array"},
        {observe, u32, "step", "dt"},
        {observe, u32, "first_element"},
        {observe, scalar, "values", "", to_the_end},
        {row, u8, "array"},
        {row, u8, "population"},
        {row, u32, "row", "dt"},
        {row, u32, "first_column", "dt"},
        {row, scalar, "values", "", to_the_end},
        {digest, u32, "step", "dt"},
        {digest, u64, "states_digest"},
        {digest, u64, "couplings_digest"},
        {timing, u8, "phase"},
        {timing, u32, "samples"},
        {timing, u32, "least", "counts"},
        {timing, u32, "most", "counts"},
        {timing, u64, "total", "counts"},
        {timing, u32, "histogram", "", to_the_end},
        {gap, u32, "first_step", "dt"},
        {gap, u32, "dropped_frames"},
        {fault, u8, "cause"},
        {fault, u32, "step", "dt"},
        {fault, u32, "index"},
        {fault, bytes, "record", "", to_the_end},
        {checkpoint, u32, "first_byte", "byte"},
        {checkpoint, u32, "total", "byte"},
        {checkpoint, bytes, "bytes", "", to_the_end},
        {input_taken, u32, "step", "dt"},
        {input_taken, scalar, "input"},
        {status, u32, "session"},
        {status, u32, "command"},
        {status, u8, "run_state"},
        {status, u32, "step", "dt"},
        {status, u32, "dropped_frames"},
        {status, u32, "missed_ticks", "ticks"},
        {status, u32, "stack_high_water", "byte"},
        {status, u64, "states_digest"},
        {selftest, u8, "passed"},
        {selftest, u32, "functions_digest"},
        {selftest, u64, "network_digest"},
        {selftest, u8, "known_answers"},
        {selftest, u32, "mode_bits"},
        {ticks, u32, "period", "counts"},
        {ticks, u32, "last_tick", "ticks"},
        {ticks, u32, "missed", "ticks"},
        {ticks, u32, "worst_late", "counts"},
        {ticks, u32, "first_missed", "ticks"},
        {ticks, u32, "last_missed", "ticks"},
        {restored, u32, "step", "dt"},
        {restored, u64, "states_digest"},
        {restored, u64, "couplings_digest"},
        {saturation, u64, "count"},
        {saturation, u32, "first_step", "dt"},
        {end, u8, "reason"},
        {end, u32, "step", "dt"},
        {end, u64, "states_digest"},
        {end, u64, "couplings_digest"},
        {end, u32, "dropped_frames"},
        {ack, u32, "session"},
        {ack, u32, "command"},
        {nak, u32, "session"},
        {nak, u32, "command"},
        {nak, u8, "code"},
        {nak, u8, "field"},
        {nak, f32, "lowest"},
        {nak, f32, "highest"},
    });
    std::array<FieldDescription, rows.size() - 1 + described_parameters.size()> all;
    auto next = all.begin();
    for (const FieldDescription& field : rows) {
        if (field.name.empty()) {
            next = std::ranges::copy(described_parameters, next).out;
        } else {
            *next++ = field;
        }
    }
    return all;
}();

/// A field as an image holds it, in 5 bytes: all names stand in described_names, one behind the
/// other.
struct PackedField {
    stream::Kind message;
    stream::FieldType type;
    std::uint8_t unit;
    std::uint8_t count;
    /// Length of the name; of a parameter `of_parameter` and the number of its field.
    std::uint8_t name;

    static constexpr std::uint8_t of_parameter = 0x80;

    [[nodiscard]] constexpr std::size_t name_size() const {
        return (name & of_parameter) == 0 ? name : 0;
    }
};

inline constexpr auto packed_fields = [] {
    std::array<PackedField, described_fields.size()> packed{};
    for (std::size_t i = 0; i < packed.size(); ++i) {
        const FieldDescription& field = described_fields[i];
        const auto name =
            field.parameter == experiment::Field::none
                ? field.name.size()
                : PackedField::of_parameter | static_cast<std::size_t>(field.parameter);
        packed[i] = {field.message, field.type, field.unit, field.count,
                     static_cast<std::uint8_t>(name)};
    }
    return packed;
}();

inline constexpr auto described_names = [] {
    constexpr std::size_t size = [] {
        std::size_t sum = 0;
        for (const PackedField& field : packed_fields) {
            sum += field.name_size();
        }
        return sum;
    }();
    std::array<char, size> names{};
    std::size_t end = 0;
    for (const FieldDescription& field : described_fields) {
        if (field.parameter == experiment::Field::none) {
            for (const char letter : field.name) {
                names[end++] = letter;
            }
        }
    }
    return names;
}();

/// The payload of the TABLE frame that announces described_fields[at]. Work O(at).
inline void write_description(stream::ByteWriter& payload, std::size_t at) {
    std::size_t name = 0;
    std::uint8_t index = 0;
    for (std::size_t i = 0; i < at; ++i) {
        name += packed_fields[i].name_size();
        index = packed_fields[i].message == packed_fields[at].message
                    ? static_cast<std::uint8_t>(index + 1)
                    : std::uint8_t{0};
    }
    const PackedField& field = packed_fields[at];
    payload.put(static_cast<std::uint8_t>(field.message));
    payload.put(index);
    payload.put(static_cast<std::uint8_t>(field.type));
    const std::array<char, 3> shape{
        '[', field.count == to_the_end ? 'n' : static_cast<char>('0' + field.count), ']'};
    payload.put(std::string_view(shape.data(), field.count == 1 ? 0 : shape.size()));
    if (const std::size_t size = field.name_size(); size != 0) {
        payload.put(std::string_view(described_names.data() + name, size));
    } else {
        const auto parameter =
            static_cast<experiment::Field>(field.name - PackedField::of_parameter);
        payload.put(experiment::info(parameter).key);
    }
    payload.put(described_units[field.unit]);
}

} // namespace tinymf::firmware
