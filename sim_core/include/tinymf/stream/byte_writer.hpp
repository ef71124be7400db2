// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tinymf::stream {

/// Bits of +infinity: every larger magnitude is NaN, every smaller one a number.
inline constexpr std::uint32_t infinity_bits_f32 = 0x7F800000U;
inline constexpr std::uint64_t infinity_bits_f64 = 0x7FF0000000000000U;

/// Writes little-endian fields one after another into a caller's memory.
///
/// Errors stay: after a field that does not fit, or a NaN or infinity, ok() is false and nothing
/// more is written, so one check at the end is enough. Minus zero is written as plus zero. Reals
/// are handled as bits: no floating-point instruction or routine. Size: span + 1 word + 2 bytes.
class ByteWriter {
public:
    constexpr explicit ByteWriter(std::span<std::uint8_t> out) : out_(out) {}

    template <std::unsigned_integral U>
    constexpr void put(U value) {
        static_assert(!std::same_as<U, bool>, "a truth value has no width on the wire");
        if (!room_for(sizeof(U))) {
            return;
        }
        for (unsigned shift = 0; shift < 8 * sizeof(U); shift += 8) {
            out_[size_++] = static_cast<std::uint8_t>(value >> shift);
        }
    }

    constexpr void put(float value) { put_real(value, infinity_bits_f32); }
    constexpr void put(double value) { put_real(value, infinity_bits_f64); }

    constexpr void put(std::span<const std::uint8_t> bytes) {
        if (!room_for(bytes.size())) {
            return;
        }
        for (const std::uint8_t byte : bytes) {
            out_[size_++] = byte;
        }
    }

    /// Hands out the next `size` bytes for the caller to fill; none when they do not fit.
    [[nodiscard]] constexpr std::span<std::uint8_t> reserve(std::size_t size) {
        if (!room_for(size)) {
            return {};
        }
        size_ += size;
        return out_.subspan(size_ - size, size);
    }

    /// A length byte and the characters; more than 255 of them do not fit.
    constexpr void put(std::string_view text) {
        if (text.size() > 255) {
            overflow_ = true;
        }
        if (!room_for(1 + text.size())) {
            return;
        }
        out_[size_++] = static_cast<std::uint8_t>(text.size());
        for (const char character : text) {
            out_[size_++] = static_cast<std::uint8_t>(character);
        }
    }

    [[nodiscard]] constexpr bool ok() const { return !overflow_ && !non_finite_; }
    /// A field did not fit.
    [[nodiscard]] constexpr bool overflow() const { return overflow_; }
    /// A NaN or infinity was offered.
    [[nodiscard]] constexpr bool non_finite() const { return non_finite_; }

    [[nodiscard]] constexpr std::size_t size() const { return size_; }
    /// Bytes that can still be written.
    [[nodiscard]] constexpr std::size_t room() const { return out_.size() - size_; }
    [[nodiscard]] constexpr std::span<const std::uint8_t> written() const {
        return out_.first(size_);
    }

private:
    constexpr bool room_for(std::size_t size) {
        if (size > room()) {
            overflow_ = true;
        }
        return ok();
    }

    template <std::floating_point Real, std::unsigned_integral Bits>
    constexpr void put_real(Real value, Bits infinity) {
        static_assert(sizeof(Real) == sizeof(Bits));
        const Bits bits = std::bit_cast<Bits>(value);
        const Bits magnitude = static_cast<Bits>(bits << 1U) >> 1U;
        if (magnitude >= infinity) {
            non_finite_ = true;
            return;
        }
        put(magnitude == 0 ? magnitude : bits);
    }

    std::span<std::uint8_t> out_;
    std::size_t size_ = 0;
    bool overflow_ = false;
    bool non_finite_ = false;
};

} // namespace tinymf::stream
