// SPDX-License-Identifier: Apache-2.0
#include "export/csv_array.hpp"

#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

#include "export/run_export.hpp"
#include "tinymf/assert.hpp"

namespace tinymf::host {
namespace {

template <class T>
std::string number_at(const NamedArray& array, std::size_t index) {
    return fmt::format("{}", element_at<T>(array.bytes, index));
}

std::string element(const NamedArray& array, std::size_t index) {
    if (array.type == numpy_type<float>) {
        return number_at<float>(array, index);
    }
    if (array.type == numpy_type<double>) {
        return number_at<double>(array, index);
    }
    if (array.type == numpy_type<std::uint8_t>) {
        return number_at<std::uint8_t>(array, index);
    }
    if (array.type == numpy_type<std::uint32_t>) {
        return number_at<std::uint32_t>(array, index);
    }
    TINYMF_ASSERT(array.type == numpy_type<std::uint64_t>);
    return number_at<std::uint64_t>(array, index);
}

} // namespace

std::string csv_text(const NamedArray& array) {
    const bool table = array.shape.size() > 1;
    const std::size_t columns = table ? array.shape.back() : 1;
    std::size_t rows = 1;
    for (std::size_t axis = 0; axis + (table ? 1 : 0) < array.shape.size(); ++axis) {
        rows *= array.shape[axis];
    }
    const std::string name =
        array.unit.empty() ? array.name : fmt::format("{} ({})", array.name, array.unit);
    std::string text;
    for (std::size_t column = 0; column < columns; ++column) {
        text += column == 0 ? "" : ",";
        text += csv_field(table ? fmt::format("{}[{}]", name, column) : name);
    }
    text += "\r\n";
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            text += column == 0 ? "" : ",";
            text += element(array, row * columns + column);
        }
        text += "\r\n";
    }
    return text;
}

} // namespace tinymf::host
