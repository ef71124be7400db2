// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "arrays/array.hpp"

namespace tinymf::host {

/// What a NumPy .npy file, format version 1.0, has before the elements in C order: magic and header
/// dictionary, padded so that the data start at a multiple of 64 bytes.
[[nodiscard]] std::string npy_header(const NamedArray& array);

} // namespace tinymf::host
