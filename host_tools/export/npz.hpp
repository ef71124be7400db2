// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "export/array.hpp"

namespace tinymf::host {

/// The arrays as a NumPy .npz archive: a zip of stored (uncompressed) .npy members. Equal arrays
/// give equal bytes; members carry the zip epoch as their date.
/// Throws std::length_error from 4 GiB on, where the plain zip format ends.
[[nodiscard]] std::string npz_file(std::span<const NamedArray> arrays);

/// Writes the archive with one more member, `metadata`: a JSON text of `facts` and of the arrays'
/// units. `json.loads(str(numpy.load(path)["metadata"]))` reads it.
void write_npz(const std::filesystem::path& path, std::span<const NamedArray> arrays,
               nlohmann::json facts);

} // namespace tinymf::host
