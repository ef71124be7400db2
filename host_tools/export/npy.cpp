// SPDX-License-Identifier: Apache-2.0
#include "export/npy.hpp"

#include <charconv>
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

/// A Python tuple: (), (3,) or (3, 4).
std::string tuple(const std::vector<std::size_t>& shape) {
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

} // namespace

std::string npy_file(const NamedArray& array) {
    if (array.bytes.size() != element_count(array) * element_size(array.type)) {
        throw std::invalid_argument(fmt::format("array {}: {} bytes do not fill shape {} of {}",
                                                array.name, array.bytes.size(), tuple(array.shape),
                                                array.type));
    }
    constexpr std::size_t alignment = 64;
    constexpr std::size_t preamble = 10; // magic 6, version 2, header length 2
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                     array.type, tuple(array.shape));
    const std::size_t unpadded = preamble + header.size() + 1;
    header.append((alignment - unpadded % alignment) % alignment, ' ');
    header.push_back('\n');

    std::string file("\x93NUMPY\x01\x00", 8);
    file.push_back(static_cast<char>(header.size() & 0xFFU));
    file.push_back(static_cast<char>(header.size() >> 8U));
    return file + header + array.bytes;
}

} // namespace tinymf::host
