// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include "tinymf/stream/byte_writer.hpp"

namespace tinymf::stream {

/// Reads what ByteWriter wrote: little-endian fields one after another.
///
/// Errors stay: after a field that is cut short, or a NaN or infinity, ok() is false and every
/// further field reads as zero or empty, so one check at the end is enough. Never reads outside.
/// Minus zero reads as plus zero. Size: span + 1 word + 2 bytes.
class ByteReader {
public:
    constexpr explicit ByteReader(std::span<const std::uint8_t> in) : in_(in) {}

    /// An unsigned integer or a real. (One function for both: gcc 12 takes two constrained ones for
    /// ambiguous where a long list of models is instantiated.)
    template <class Value>
    [[nodiscard]] constexpr Value get() {
        static_assert(!std::is_same_v<Value, bool>, "a truth value has no width on the wire");
        if constexpr (!std::is_floating_point_v<Value>) {
            return get_integer<Value>();
        } else if constexpr (sizeof(Value) == sizeof(std::uint32_t)) {
            return get_real<Value>(infinity_bits_f32);
        } else {
            return get_real<Value>(infinity_bits_f64);
        }
    }

    /// A view of the next `size` bytes; empty when fewer are left.
    [[nodiscard]] constexpr std::span<const std::uint8_t> get_bytes(std::size_t size) {
        if (size > remaining()) {
            truncated_ = true;
        }
        if (!ok()) {
            return {};
        }
        at_ += size;
        return in_.subspan(at_ - size, size);
    }

    /// The characters after a length byte. Not checked to be printable.
    [[nodiscard]] std::string_view get_text() {
        const auto size = get<std::uint8_t>();
        const std::span<const std::uint8_t> text = get_bytes(size);
        return {reinterpret_cast<const char*>(text.data()), text.size()};
    }

    [[nodiscard]] constexpr bool ok() const { return !truncated_ && !non_finite_; }
    /// A field went past the end.
    [[nodiscard]] constexpr bool truncated() const { return truncated_; }
    /// A NaN or infinity was found.
    [[nodiscard]] constexpr bool non_finite() const { return non_finite_; }
    /// Everything was read, nothing is left over, no error.
    [[nodiscard]] constexpr bool finished() const { return ok() && remaining() == 0; }

    /// Bytes read so far: the position of the next field.
    [[nodiscard]] constexpr std::size_t position() const { return at_; }
    [[nodiscard]] constexpr std::size_t remaining() const { return in_.size() - at_; }

private:
    template <std::unsigned_integral U>
    [[nodiscard]] constexpr U get_integer() {
        U value = 0;
        unsigned shift = 0;
        for (const std::uint8_t byte : get_bytes(sizeof(U))) {
            value = static_cast<U>(value | static_cast<U>(static_cast<U>(byte) << shift));
            shift += 8;
        }
        return value;
    }

    template <std::floating_point Real, std::unsigned_integral Bits>
    [[nodiscard]] constexpr Real get_real(Bits infinity) {
        static_assert(sizeof(Real) == sizeof(Bits));
        const Bits bits = get<Bits>();
        const Bits magnitude = static_cast<Bits>(bits << 1U) >> 1U;
        if (magnitude >= infinity) {
            non_finite_ = true;
            return Real{};
        }
        return std::bit_cast<Real>(magnitude == 0 ? magnitude : bits);
    }

    std::span<const std::uint8_t> in_;
    std::size_t at_ = 0;
    bool truncated_ = false;
    bool non_finite_ = false;
};

} // namespace tinymf::stream
