// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include "tinymf/numeric/magnitude.hpp"

namespace tinymf::checkpoint {

/// A number that a step changes and a checkpoint holds.
template <class V>
concept Persistent = (std::integral<V> || std::floating_point<V>)&&!std::same_as<V, bool>;

/// One walk over all evolving fields of a model, seen as a sequence of little-endian bytes of which
/// a range is copied out or in, and the rest only counted. So a checkpoint is made and taken in
/// pieces of any size, from and into the living state, without a second copy; and the model's
/// `persist` names each field once, for writing, reading and judging alike.
///
/// Size about 32 bytes. Work: O(1) for a field outside the range, O(1) for each byte inside;
/// judging O(1) for each number.
class FieldWalk {
public:
    /// Copies nothing: `position` tells the bytes of all fields afterwards.
    FieldWalk() = default;

    /// Copies the bytes from `first` on out of the fields.
    [[nodiscard]] static FieldWalk reading(std::size_t first, std::span<std::uint8_t> bytes) {
        return {first, bytes.size(), bytes.data(), nullptr, false};
    }

    /// Copies bytes into the fields, the first of them to `first`.
    [[nodiscard]] static FieldWalk writing(std::size_t first, std::span<const std::uint8_t> bytes) {
        return {first, bytes.size(), nullptr, bytes.data(), false};
    }

    /// Copies nothing and judges every number: `sound` tells afterwards whether all can be.
    [[nodiscard]] static FieldWalk judging() { return {0, 0, nullptr, nullptr, true}; }

    /// Reals can be any finite number, integers any: those that cannot have a `can_be` below.
    template <Persistent V>
    void over(V& value) {
        over(std::span<V>(&value, 1));
    }
    template <Persistent V, std::size_t extent>
    void over(std::span<V, extent> values) {
        over(values, []([[maybe_unused]] V value) {
            // A trait: gcc 12 takes the concept for satisfied by integers in a long instantiation.
            if constexpr (std::is_floating_point_v<V>) {
                return numeric::is_finite(value);
            } else {
                return true;
            }
        });
    }

    /// Numbers of which `can_be(value)` tells whether the model could ever have made them at its
    /// step.
    template <Persistent V, class CanBe>
    void over(V& value, const CanBe& can_be) {
        over(std::span<V>(&value, 1), can_be);
    }
    template <Persistent V, std::size_t extent, class CanBe>
    void over(std::span<V, extent> values, const CanBe& can_be) {
        pass(reinterpret_cast<std::uint8_t*>(values.data()), sizeof(V), values.size());
        for (std::size_t i = 0; judging_ && sound_ && i < values.size(); ++i) {
            sound_ = can_be(values[i]);
        }
    }

    /// One byte, 0 or 1. Another is found when it is written, and reads as true.
    void over(bool& flag) {
        std::uint8_t byte = flag ? 1 : 0;
        pass(&byte, 1, 1);
        sound_ = sound_ && byte <= 1;
        flag = byte != 0;
    }

    /// Bytes of the fields passed so far.
    [[nodiscard]] std::size_t position() const { return position_; }

    /// False when a number was found that cannot be.
    [[nodiscard]] bool sound() const { return sound_; }

private:
    FieldWalk(std::size_t first, std::size_t size, std::uint8_t* out, const std::uint8_t* in,
              bool judging)
        : first_{first}, size_{size}, out_{out}, in_{in}, judging_{judging} {}

    void pass(std::uint8_t* memory, std::size_t width, std::size_t count) {
        const std::size_t begin = position_;
        position_ += width * count;
        const std::size_t from = begin > first_ ? begin : first_;
        const std::size_t to = position_ < first_ + size_ ? position_ : first_ + size_;
        for (std::size_t at = from; at < to; ++at) {
            std::uint8_t& byte = memory[in_memory(at - begin, width)];
            if (out_ != nullptr) {
                out_[at - first_] = byte;
            } else if (in_ != nullptr) {
                byte = in_[at - first_];
            }
        }
    }

    /// Where byte `at` of an array of little-endian numbers lies on this machine.
    [[nodiscard]] static constexpr std::size_t in_memory(std::size_t at, std::size_t width) {
        return std::endian::native == std::endian::little ? at : at ^ (width - 1);
    }

    std::size_t position_ = 0;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
    std::uint8_t* out_ = nullptr;
    const std::uint8_t* in_ = nullptr;
    bool judging_ = false;
    bool sound_ = true;
};

} // namespace tinymf::checkpoint
