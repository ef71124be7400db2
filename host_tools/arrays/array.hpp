// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tinymf::host {

/// NumPy's name of an element type: byte order, kind, size in bytes.
template <class T>
inline constexpr std::string_view numpy_type = [] {
    if constexpr (std::same_as<T, float>) {
        return "<f4";
    } else if constexpr (std::same_as<T, double>) {
        return "<f8";
    } else if constexpr (std::same_as<T, std::uint8_t>) {
        return "|u1";
    } else if constexpr (std::same_as<T, std::uint32_t>) {
        return "<u4";
    } else {
        static_assert(std::same_as<T, std::uint64_t>);
        return "<u8";
    }
}();

/// Appends numbers as array files hold them: little-endian, on machines of either byte order.
template <class T>
void append_elements(std::string& bytes, std::span<const T> elements) {
    const std::size_t begin = bytes.size();
    bytes.resize(begin + elements.size_bytes());
    if (elements.empty()) {
        return;
    }
    std::memcpy(bytes.data() + begin, elements.data(), elements.size_bytes());
    if constexpr (std::endian::native == std::endian::big) {
        for (std::size_t at = begin; at < bytes.size(); at += sizeof(T)) {
            std::ranges::reverse(std::span(bytes).subspan(at, sizeof(T)));
        }
    }
}

/// Number `index` of such bytes.
template <class T>
[[nodiscard]] T element_at(std::string_view bytes, std::size_t index) {
    std::array<char, sizeof(T)> element{};
    std::ranges::copy(bytes.substr(index * sizeof(T), sizeof(T)), element.begin());
    if constexpr (std::endian::native == std::endian::big) {
        std::ranges::reverse(element);
    }
    return std::bit_cast<T>(element);
}

/// Takes the bytes of something long piece by piece.
using ByteSink = std::function<void(std::string_view)>;

/// A named array on its way to a file: element bytes in C order (last index fastest).
struct NamedArray {
    std::string name;
    std::string unit; ///< empty: a pure number
    std::string type; ///< as in numpy_type
    std::vector<std::size_t> shape;
    std::string bytes; ///< of an array that is held in memory
    /// Of one that is not: hands out its bytes, the same ones at each call.
    std::function<void(const ByteSink&)> stream{};
};

/// The elements may be a range of several dimensions; their number must match the shape.
template <class T>
[[nodiscard]] NamedArray named_array(std::string name, std::string unit,
                                     std::vector<std::size_t> shape, std::span<const T> elements) {
    NamedArray array{std::move(name), std::move(unit), std::string(numpy_type<T>), std::move(shape),
                     ""};
    append_elements(array.bytes, elements);
    return array;
}

/// One string as an array without dimensions (NumPy's <U type: 4 bytes a character). ASCII only.
[[nodiscard]] NamedArray text_array(std::string name, std::string_view text);

/// Bytes that the shape and the type stand for.
[[nodiscard]] std::uint64_t byte_count(const NamedArray& array);

/// Hands out all bytes. Throws std::invalid_argument when they are more or fewer than byte_count.
void visit_bytes(const NamedArray& array, const ByteSink& sink);

/// Number of elements the shape holds; 1 without dimensions.
[[nodiscard]] std::size_t element_count(const NamedArray& array);

} // namespace tinymf::host
