// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "export/array.hpp"

namespace tinymf::host {

/// The array as a NumPy .npy file, format version 1.0: magic, header dictionary padded so that the
/// data start at a multiple of 64 bytes, then the elements in C order.
/// Throws std::invalid_argument when bytes and shape disagree.
[[nodiscard]] std::string npy_file(const NamedArray& array);

} // namespace tinymf::host
