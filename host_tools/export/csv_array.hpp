// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "arrays/array.hpp"

namespace tinymf::host {

/// An array of one dimension as a column, of two dimensions as a table with a line for each first
/// index; the heading names it, with its unit, and of a table the second index. Numbers are the
/// shortest that read back as the same bits.
[[nodiscard]] std::string csv_text(const NamedArray& array);

} // namespace tinymf::host
