// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "tinymf/experiment/fields.hpp"
#include "tinymf/experiment/parameters.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame_fields.hpp"
#include "tinymf/stream/frame_kinds.hpp"

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

/// One field of a frame, as TABLE announces it.
struct FieldDescription {
    std::string_view name;
    stream::Kind message{};
    stream::FieldType type{};
    std::uint8_t unit = 0;  ///< index into described_units
    std::uint8_t count = 1; ///< values in a row, or stream::to_the_end
    /// Of a parameter, whose name an image holds anyway.
    experiment::Field parameter = experiment::Field::none;
};

/// Describes field after field of a frame to `take(const FieldDescription&)`.
template <class Take>
class FieldDescriber {
public:
    constexpr FieldDescriber(stream::Kind message, Take& take) : message_(message), take_(take) {}

    template <class V, class Name>
    constexpr void operator()(V&&, Name) {
        using Stored = std::remove_cvref_t<V>;
        if constexpr (std::is_same_v<Stored, stream::RunTimeParameters>) {
            describe_parameters();
        } else if constexpr (requires { typename Stored::Entry; }) {
            count_ = stream::to_the_end;
            const typename Stored::Entry entry{};
            Stored::Entry::visit(entry, *this);
        } else if constexpr (stream::is_added<V>) {
            take_({Name::name(), message_, Stored::type, unit_index(Name::unit()), Stored::count});
        } else {
            take_({Name::name(), message_, stream::stored_type<Stored>(), unit_index(Name::unit()),
                   count_});
        }
    }

private:
    /// Under their keys in the experiment file.
    constexpr void describe_parameters() {
        const experiment::Parameters<float> any{};
        const auto describe = [this]<class V>(experiment::Field field, const V& value) {
            const experiment::FieldInfo& facts = experiment::info(field);
            const std::uint8_t unit = unit_index(facts.unit);
            if constexpr (requires { value.size(); }) {
                take_({facts.key, message_, parameter_type<typename V::value_type>(), unit,
                       static_cast<std::uint8_t>(value.size()), field});
            } else {
                take_({facts.key, message_, parameter_type<V>(), unit, 1, field});
            }
        };
        experiment::for_each_field(describe, any);
    }

    template <class V>
    static constexpr stream::FieldType parameter_type() {
        if constexpr (std::is_floating_point_v<V>) {
            return stream::FieldType::scalar;
        } else if constexpr (std::is_enum_v<V>) {
            return stream::stored_type<std::underlying_type_t<V>>();
        } else {
            return stream::stored_type<V>();
        }
    }

    stream::Kind message_;
    Take& take_;
    std::uint8_t count_ = 1;
};

constexpr void describe_all(auto&& take) {
    stream::DeviceFrames::for_each([&]<class Frame>(stream::Kind kind) {
        const Frame frame{};
        FieldDescriber describer(kind, take);
        Frame::visit(frame, describer);
    });
}

/// Every field of every frame that a device sends, in payload order: enough to decode a capture
/// without sources.
inline constexpr auto described_fields = [] {
    constexpr std::size_t size = [] {
        std::size_t count = 0;
        describe_all([&count](const FieldDescription&) { ++count; });
        return count;
    }();
    std::array<FieldDescription, size> all;
    std::size_t next = 0;
    describe_all([&](const FieldDescription& field) { all[next++] = field; });
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

/// `at`: where in described_names it would begin.
inline std::string_view name_of(const PackedField& field, std::size_t at) {
    return field.name_size() != 0 ? std::string_view(described_names.data() + at, field.name_size())
                                  : experiment::info(static_cast<experiment::Field>(
                                                         field.name - PackedField::of_parameter))
                                        .key;
}

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
    const std::array<char, 3> shape{
        '[', field.count == stream::to_the_end ? 'n' : static_cast<char>('0' + field.count), ']'};
    stream::put_fields(
        payload, stream::TableFrame{.message = static_cast<std::uint8_t>(field.message),
                                    .field = index,
                                    .type = static_cast<std::uint8_t>(field.type),
                                    .shape = {shape.data(), field.count == 1 ? 0 : shape.size()},
                                    .called = name_of(field, name),
                                    .unit = described_units[field.unit]});
}

} // namespace tinymf::firmware
