// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "tinymf/stream/byte_reader.hpp"
#include "tinymf/stream/byte_writer.hpp"
#include "tinymf/stream/frame.hpp"

namespace tinymf::stream {

// The struct of a frame kind (frame_kinds.hpp) names its fields once, in the order of the payload:
//
//     static constexpr void visit(auto& frame, auto&& field) {
//         field(frame.step, name<"step", "dt">);
//         field(Values<FieldType::scalar>{}, name<"x">);
//     }
//
// Writing, reading, the fixed size and what TABLE tells follow from that.

/// `scalar`: f32 or f64, as the profile of the last CONFIGURATION has it. `text`: u8 length and
/// that many bytes. `bytes`: single bytes.
enum class FieldType : std::uint8_t { u8, u16, u32, u64, f32, f64, text, bytes, scalar };

/// How the payload stores a V.
template <class V>
constexpr FieldType stored_type() {
    if constexpr (std::is_same_v<V, std::string_view>) {
        return FieldType::text;
    } else if constexpr (std::is_floating_point_v<V>) {
        return sizeof(V) == 4 ? FieldType::f32 : FieldType::f64;
    } else {
        static_assert(std::unsigned_integral<V>);
        return sizeof(V) == 1   ? FieldType::u8
               : sizeof(V) == 2 ? FieldType::u16
               : sizeof(V) == 4 ? FieldType::u32
                                : FieldType::u64;
    }
}

/// A text as a template's argument.
template <std::size_t size>
struct Letters {
    // NOLINTNEXTLINE(google-explicit-constructor): a literal stands for it.
    consteval Letters(const char (&text)[size]) { std::copy_n(text, size, letters); }
    char letters[size]{};
    [[nodiscard]] constexpr std::string_view view() const { return {letters, size - 1}; }
};

/// Name and unit of a field. Holds nothing, so that no image has what only TABLE tells.
template <Letters text, Letters measured_in>
struct FieldName {
    static constexpr std::string_view name() { return text.view(); }
    static constexpr std::string_view unit() { return measured_in.view(); }
};
template <Letters text, Letters measured_in = "">
inline constexpr FieldName<text, measured_in> name{};

/// As many values as the payload still holds.
inline constexpr std::uint8_t to_the_end = 0;

/// What a struct does not hold: whoever writes or reads the frame adds it in its place.
struct AddedField {};

template <FieldType stored, std::uint8_t values = to_the_end>
struct Values : AddedField {
    static constexpr FieldType type = stored;
    static constexpr std::uint8_t count = values;
};

/// Structs of this kind, as many as the payload still holds.
template <class E>
struct Entries : AddedField {
    using Entry = E;
};

/// The run-time parameters of a model (experiment/wire.hpp).
struct RunTimeParameters : AddedField {};

template <class V>
inline constexpr bool is_added = std::is_base_of_v<AddedField, std::remove_cvref_t<V>>;

struct NothingAdded {
    constexpr void operator()(auto&&...) const {}
};

/// Writes a frame's fields in order; `add(payload)` writes what the struct does not hold.
template <class Frame, class Add = NothingAdded>
constexpr void put_fields(ByteWriter& payload, const Frame& frame, Add&& add = {}) {
    Frame::visit(frame, [&]<class V>(V&& value, auto) {
        if constexpr (is_added<V>) {
            add(payload);
        } else {
            payload.put(value);
        }
    });
}

/// Writes values behind the fields of a frame.
template <class T>
constexpr auto add_values(std::span<const T> values) {
    return [values](ByteWriter& payload) {
        for (const T value : values) {
            payload.put(value);
        }
    };
}

/// Reads a frame's fields in order; `add(payload, frame)` reads what the struct does not hold, with
/// the fields before it. Errors stay in `payload`, where values that are missing read as 0.
template <class Frame, class Add = NothingAdded>
constexpr Frame get_fields(ByteReader& payload, Add&& add = {}) {
    Frame frame;
    Frame::visit(frame, [&]<class V>(V&& value, auto) {
        using Stored = std::remove_cvref_t<V>;
        if constexpr (is_added<V>) {
            add(payload, frame);
        } else if constexpr (std::is_same_v<Stored, std::string_view>) {
            value = payload.get_text();
        } else {
            value = payload.template get<Stored>();
        }
    });
    return frame;
}

/// Bytes of the fields that a struct without texts holds.
template <class Frame>
inline constexpr std::size_t fixed_bytes = [] {
    std::size_t bytes = 0;
    const Frame frame{};
    Frame::visit(frame, [&]<class V>(V&&, auto) {
        static_assert(!std::is_same_v<std::remove_cvref_t<V>, std::string_view>);
        bytes += is_added<V> ? 0 : sizeof(V);
    });
    return bytes;
}();

/// Values that a frame has room for behind its fields.
template <class Frame, class T>
inline constexpr std::size_t values_in = (largest_payload - fixed_bytes<Frame>) / sizeof(T);

} // namespace tinymf::stream
