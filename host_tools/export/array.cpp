// SPDX-License-Identifier: Apache-2.0
#include "export/array.hpp"

#include <functional>
#include <numeric>

namespace tinymf::host {

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

} // namespace tinymf::host
