// SPDX-License-Identifier: Apache-2.0
#include "arrays/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tinymf::host {
namespace {

/// A Python tuple: (), (3,) or (3, 4).
std::string tuple(const std::vector<std::size_t>& shape) {
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

} // namespace

std::string npy_header(const NamedArray& array) {
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
    return file + header;
}

} // namespace tinymf::host
