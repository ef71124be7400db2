// SPDX-License-Identifier: Apache-2.0
#include "arrays/array.hpp"

#include <charconv>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tinymf::host {
namespace {

/// Bytes of one element: the number that ends the type's name, 4 times it for characters.
std::size_t element_size(const std::string& type) {
    std::size_t size = 0;
    std::from_chars(type.data() + 2, type.data() + type.size(), size);
    return type[1] == 'U' ? 4 * size : size;
}

} // namespace

NamedArray text_array(std::string name, std::string_view text) {
    // A character type of zero width is no valid NumPy type, so the empty string gets one NUL.
    const std::size_t width = text.empty() ? 1 : text.size();
    NamedArray array{
        std::move(name), "", "<U" + std::to_string(width), {}, std::string(4 * width, '\0')};
    for (std::size_t i = 0; i < text.size(); ++i) {
        array.bytes[4 * i] = text[i];
    }
    return array;
}

std::size_t element_count(const NamedArray& array) {
    return std::accumulate(array.shape.begin(), array.shape.end(), std::size_t{1},
                           std::multiplies<>{});
}

std::uint64_t byte_count(const NamedArray& array) {
    return std::uint64_t{element_count(array)} * element_size(array.type);
}

void visit_bytes(const NamedArray& array, const ByteSink& sink) {
    std::uint64_t count = 0;
    const auto counted = [&](std::string_view bytes) {
        count += bytes.size();
        sink(bytes);
    };
    array.stream ? array.stream(counted) : counted(array.bytes);
    if (count != byte_count(array)) {
        throw std::invalid_argument(fmt::format("array {}: {} bytes do not fill shape ({}) of {}",
                                                array.name, count, fmt::join(array.shape, ", "),
                                                array.type));
    }
}

} // namespace tinymf::host
